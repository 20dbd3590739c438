#include "perfmodel/transfer/online_correction.h"

#include <fmt/format.h>

#include "handles.h"
#include "structs.h"

namespace capi = perfmodel::capi;

constexpr const char* struct_name(const perfmodel_correction_options&) {
  return "perfmodel_correction_options";
}

namespace {

perfmodel_correction_options default_options() noexcept {
  const perfmodel::CorrectionOptions defaults;
  return {sizeof(perfmodel_correction_options), defaults.half_life, defaults.interval_level, defaults.fit_slope ? 1 : 0,
          0};
}

perfmodel::CorrectionOptions options_from_c(const perfmodel_correction_options& c) {
  if ((c.fit_slope != 0 && c.fit_slope != 1) || c.reserved != 0) {
    throw perfmodel::Error(
        perfmodel::ErrorCode::kInvalidArgument,
        fmt::format("fit_slope is {} and reserved {}, allowed: 0 (no), 1 (yes), and 0", c.fit_slope, c.reserved));
  }
  return {c.half_life, c.fit_slope != 0, c.interval_level};
}

}  // namespace

perfmodel_status perfmodel_correction_options_init(perfmodel_correction_options* options,
                                                   std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_correction_create(const perfmodel_model* model, const perfmodel_correction_options* options,
                                             perfmodel_correction** out_correction) noexcept {
  return capi::guard([&] {
    capi::require(model != nullptr && out_correction != nullptr, "model or out_correction is NULL");
    perfmodel_correction_options c = default_options();
    if (options != nullptr) c = capi::read_struct(options, options->struct_size, c);
    *out_correction = new perfmodel_correction{perfmodel::OnlineCorrection(model->impl, options_from_c(c))};
  });
}

void perfmodel_correction_destroy(perfmodel_correction* correction) noexcept {
  delete correction;
}

perfmodel_status perfmodel_correction_tell(perfmodel_correction* correction, const double* row,
                                           std::size_t num_features, double measured) noexcept {
  return capi::guard([&] {
    capi::require(correction != nullptr && row != nullptr, "correction or row is NULL");
    correction->impl.tell({row, num_features}, measured);
  });
}

perfmodel_status perfmodel_correction_num_told(const perfmodel_correction* correction,
                                               std::uint64_t* out_num_told) noexcept {
  return capi::guard([&] {
    capi::require(correction != nullptr && out_num_told != nullptr, "correction or out_num_told is NULL");
    *out_num_told = correction->impl.num_told();
  });
}

perfmodel_status perfmodel_correction_model(const perfmodel_correction* correction,
                                            perfmodel_model** out_model) noexcept {
  return capi::guard([&] {
    capi::require(correction != nullptr && out_model != nullptr, "correction or out_model is NULL");
    *out_model = new perfmodel_model{correction->impl.model()};
  });
}
