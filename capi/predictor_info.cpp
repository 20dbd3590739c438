#include <fmt/format.h>

#include <algorithm>

#include "convert.h"
#include "handles.h"
#include "model_info.h"
#include "structs.h"

namespace capi = perfmodel::capi;

namespace {

using perfmodel::Error;
using perfmodel::ErrorCode;

const perfmodel::ModelInfo& model_info(const perfmodel_predictor* predictor, std::int32_t kind, std::int32_t phase) {
  capi::require(predictor != nullptr, "predictor is NULL");
  return predictor->impl.model(capi::kind_from_c(kind), capi::phase_from_c(phase)).info();
}

const perfmodel::FeatureInfo& feature_at(const perfmodel_predictor* predictor, std::int32_t kind, std::int32_t phase,
                                         std::size_t feature_index) {
  return capi::feature_at(model_info(predictor, kind, phase), feature_index);
}

}  // namespace

perfmodel_status perfmodel_predictor_environment(const perfmodel_predictor* predictor, const char* key, char* buffer,
                                                 std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr && key != nullptr, "predictor or key is NULL");
    const perfmodel::Environment& environment = predictor->impl.environment();
    capi::copy_string(capi::find_text({{"device", environment.device},
                                       {"device_name", environment.device_name},
                                       {"framework", environment.framework},
                                       {"framework_version", environment.framework_version},
                                       {"num_threads", std::to_string(environment.num_threads)},
                                       {"timing", perfmodel::layer_timing_name(environment.timing)}},
                                      key),
                      buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_predictor_kinds(const perfmodel_predictor* predictor, std::int32_t* out_kinds,
                                           std::size_t capacity, std::size_t* out_num_kinds) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr, "predictor is NULL");
    capi::require(out_kinds != nullptr || capacity == 0, "out_kinds is NULL but capacity is not 0");
    capi::require(out_kinds != nullptr || out_num_kinds != nullptr, "out_kinds and out_num_kinds are both NULL");
    const std::vector<perfmodel::LayerKind> kinds = predictor->impl.kinds();
    if (out_num_kinds != nullptr) *out_num_kinds = kinds.size();
    if (out_kinds == nullptr) return;
    if (capacity < kinds.size()) {
      throw Error(ErrorCode::kBufferTooSmall,
                  fmt::format("there are {} kinds, capacity is {}", kinds.size(), capacity));
    }
    std::transform(kinds.begin(), kinds.end(), out_kinds, [](auto kind) { return static_cast<std::int32_t>(kind); });
  });
}

perfmodel_status perfmodel_predictor_knows_kind(const perfmodel_predictor* predictor, std::int32_t kind,
                                                std::int32_t* out_knows) noexcept {
  return capi::guard([&] {
    capi::require(predictor != nullptr && out_knows != nullptr, "predictor or out_knows is NULL");
    *out_knows = predictor->impl.knows(capi::kind_from_c(kind)) ? 1 : 0;
  });
}

perfmodel_status perfmodel_predictor_model(const perfmodel_predictor* predictor, std::int32_t kind, std::int32_t phase,
                                           perfmodel_model_info* out_model) noexcept {
  return capi::guard([&] {
    const perfmodel::ModelInfo& info = model_info(predictor, kind, phase);
    capi::require(out_model != nullptr, "out_model is NULL");
    const std::size_t struct_size = capi::checked_size(out_model);
    capi::write_struct(capi::to_c(info), out_model, struct_size);
  });
}

perfmodel_status perfmodel_predictor_model_text(const perfmodel_predictor* predictor, std::int32_t kind,
                                                std::int32_t phase, const char* key, char* buffer, std::size_t capacity,
                                                std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const perfmodel::ModelInfo& info = model_info(predictor, kind, phase);
    capi::require(key != nullptr, "key is NULL");
    capi::copy_string(capi::model_text(info, key), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_predictor_feature(const perfmodel_predictor* predictor, std::int32_t kind,
                                             std::int32_t phase, std::size_t feature_index,
                                             perfmodel_feature* out_feature) noexcept {
  return capi::guard([&] {
    const perfmodel::FeatureInfo& info = feature_at(predictor, kind, phase, feature_index);
    capi::require(out_feature != nullptr, "out_feature is NULL");
    const std::size_t struct_size = capi::checked_size(out_feature);
    capi::write_struct(capi::to_c(info), out_feature, struct_size);
  });
}

perfmodel_status perfmodel_predictor_feature_name(const perfmodel_predictor* predictor, std::int32_t kind,
                                                  std::int32_t phase, std::size_t feature_index, char* buffer,
                                                  std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard(
      [&] { capi::copy_string(feature_at(predictor, kind, phase, feature_index).name, buffer, capacity, out_size); });
}

perfmodel_status perfmodel_predictor_feature_unit(const perfmodel_predictor* predictor, std::int32_t kind,
                                                  std::int32_t phase, std::size_t feature_index, char* buffer,
                                                  std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard(
      [&] { capi::copy_string(feature_at(predictor, kind, phase, feature_index).unit, buffer, capacity, out_size); });
}
