#include "convert.h"
#include "guard.h"
#include "handles.h"
#include "structs.h"

namespace capi = perfmodel::capi;

perfmodel_status perfmodel_network_correction_load(const char* path,
                                                   perfmodel_network_correction** out_correction) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_correction != nullptr, "path or out_correction is NULL");
    *out_correction = new perfmodel_network_correction{perfmodel::NetworkCorrection::load(path)};
  });
}

perfmodel_status perfmodel_network_correction_load_memory(const void* data, std::size_t size,
                                                          perfmodel_network_correction** out_correction) noexcept {
  return capi::guard([&] {
    capi::require(data != nullptr && out_correction != nullptr, "data or out_correction is NULL");
    const perfmodel::Span<const std::byte> file(static_cast<const std::byte*>(data), size);
    *out_correction = new perfmodel_network_correction{perfmodel::NetworkCorrection::load(file)};
  });
}

void perfmodel_network_correction_destroy(perfmodel_network_correction* correction) noexcept {
  delete correction;
}

perfmodel_status perfmodel_network_correction_predict(const perfmodel_network_correction* correction,
                                                      const perfmodel_predictor* predictor,
                                                      const perfmodel_network* network,
                                                      perfmodel_network_time* out_total) noexcept {
  return capi::guard([&] {
    capi::require(correction != nullptr && predictor != nullptr, "correction or predictor is NULL");
    capi::require(network != nullptr && out_total != nullptr, "network or out_total is NULL");
    const std::size_t struct_size = capi::checked_size(out_total);
    const perfmodel::NetworkTime time = correction->impl.predict(predictor->impl, network->impl.layers());
    capi::write_struct(capi::to_c(time), out_total, struct_size);
  });
}
