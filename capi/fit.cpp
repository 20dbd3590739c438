#include "perfmodel/layer_time/fit_predictor.h"

#include "callbacks.h"
#include "handles.h"
#include "learners.h"
#include "perfmodel/layer_time/network_interval.h"
#include "structs.h"

namespace capi = perfmodel::capi;

namespace {

perfmodel_fit_options default_options() {
  const perfmodel::FitPredictorOptions defaults;
  perfmodel_fit_options options{};
  options.struct_size = sizeof options;
  options.learner = "layer_blend";
  options.preset = "default";
  options.features = perfmodel::feature_set_name(defaults.features);
  options.seed = defaults.fit.seed;
  options.num_threads = defaults.fit.num_threads;
  options.held_out_fraction = defaults.held_out_fraction;
  return options;
}

perfmodel::FitPredictorOptions options_from_c(const perfmodel_fit_options& c) {
  perfmodel::FitPredictorOptions options;
  options.features = perfmodel::parse_feature_set(c.features);
  options.held_out_fraction = c.held_out_fraction;
  options.fit.seed = c.seed;
  options.fit.num_threads = capi::num_threads_from_c(c.num_threads);
  options.fit.callbacks = capi::callbacks_of(c);
  options.memory_bound_by_cost = c.memory_bound_by_learner == 0;
  return options;
}

}  // namespace

perfmodel_status perfmodel_fit_options_init(perfmodel_fit_options* options, std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_predictor_fit(const char* table_path, const perfmodel_fit_options* options,
                                         perfmodel_predictor** out_predictor) noexcept {
  return capi::guard([&] {
    capi::require(table_path != nullptr && out_predictor != nullptr, "table_path or out_predictor is NULL");
    perfmodel_fit_options c = default_options();
    if (options != nullptr) c = capi::read_struct(options, options->struct_size, c);
    capi::require(c.learner != nullptr && c.preset != nullptr && c.features != nullptr,
                  "learner, preset or features is NULL; perfmodel_fit_options_init() sets them");
    const perfmodel::FitPredictorOptions fit_options = options_from_c(c);
    const auto learner = capi::make_learner_of_preset(c.learner, c.preset);
    const perfmodel::LayerTable table = perfmodel::read_layer_table(table_path);
    perfmodel::LayerTimePredictor predictor =
        perfmodel::fit_layer_time_predictor(table, *learner, fit_options).predictor;
    if (c.held_out_network_intervals != 0) {
      predictor = predictor.with_network_interval(fit_network_interval_to_held_out(predictor, table, fit_options));
    }
    *out_predictor = new perfmodel_predictor{std::move(predictor)};
  });
}

perfmodel_status perfmodel_predictor_fit_network_interval(const perfmodel_predictor* predictor,
                                                          const char* networks_path, const char* time_column,
                                                          const char* device,
                                                          perfmodel_predictor** out_predictor) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr, "predictor is NULL");
    capi::require(networks_path != nullptr && out_predictor != nullptr, "networks_path or out_predictor is NULL");
    perfmodel::NetworkTableOptions options;
    if (time_column != nullptr) options.time_column = time_column;
    if (device != nullptr) options.device = device;
    const perfmodel::NetworkTable table = perfmodel::read_network_table(networks_path, options);
    const perfmodel::NetworkInterval interval = fit_network_interval(predictor->impl, table.networks);
    *out_predictor = new perfmodel_predictor{predictor->impl.with_network_interval(interval)};
  });
}

perfmodel_status perfmodel_predictor_network_interval(const perfmodel_predictor* predictor, double* out_correlation,
                                                      double* out_scale, std::uint64_t* out_num_networks) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr, "predictor is NULL");
    const perfmodel::NetworkInterval& interval = predictor->impl.network_interval();
    if (out_correlation != nullptr) *out_correlation = interval.correlation;
    if (out_scale != nullptr) *out_scale = interval.scale;
    if (out_num_networks != nullptr) *out_num_networks = interval.num_networks;
  });
}
