#include "perfmodel/learner/learner.h"

#include "callbacks.h"
#include "handles.h"
#include "learners.h"
#include "structs.h"

namespace capi = perfmodel::capi;

constexpr const char* struct_name(const perfmodel_learning_options&) {
  return "perfmodel_learning_options";
}

namespace {

perfmodel_learning_options default_options() noexcept {
  const perfmodel::FitOptions defaults;
  perfmodel_learning_options options{};
  options.struct_size = sizeof options;
  options.seed = defaults.seed;
  options.num_threads = defaults.num_threads;
  options.validation_fraction = defaults.validation_fraction;
  options.interval_level = defaults.interval_level;
  return options;
}

perfmodel::FitOptions options_from_c(const perfmodel_learning_options& c) {
  perfmodel::FitOptions options;
  options.seed = c.seed;
  options.num_threads = capi::num_threads_from_c(c.num_threads);
  options.validation_fraction = c.validation_fraction;
  options.interval_level = c.interval_level;
  options.callbacks = capi::callbacks_of(c);
  return options;
}

}  // namespace

perfmodel_status perfmodel_learning_options_init(perfmodel_learning_options* options,
                                                 std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_learner_create(const char* name, const char* json,
                                          perfmodel_learner** out_learner) noexcept {
  return capi::guard([&] {
    capi::require(name != nullptr && out_learner != nullptr, "name or out_learner is NULL");
    *out_learner = new perfmodel_learner{capi::make_learner(name, json == nullptr ? "" : json)};
  });
}

void perfmodel_learner_destroy(perfmodel_learner* learner) noexcept {
  delete learner;
}

perfmodel_status perfmodel_learner_fit(const perfmodel_learner* learner, const perfmodel_dataset* dataset,
                                       const perfmodel_learning_options* options,
                                       perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(learner != nullptr && dataset != nullptr && out_model != nullptr,
                  "learner, dataset or out_model is NULL");
    perfmodel_learning_options c = default_options();
    if (options != nullptr) c = capi::read_struct(options, options->struct_size, c);
    *out_model = new perfmodel_model{learner->impl->fit(dataset->impl, options_from_c(c))};
  });
}
