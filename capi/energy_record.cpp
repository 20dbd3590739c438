#include <fmt/format.h>

#include "guard.h"
#include "measure_handles.h"

namespace capi = perfmodel::capi;

struct perfmodel_energy_record {
  std::unique_ptr<perfmodel::EnergyRecord> impl;
};

perfmodel::PowerMeter& perfmodel::capi::meter_at(const perfmodel_power_meters* meters, std::size_t index) {
  require(meters != nullptr, "meters is NULL");
  if (index >= meters->impl.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("meter_index is {}, there are {} meters", index, meters->impl.size()));
  }
  return *meters->impl[index];
}

perfmodel_status perfmodel_power_meters_record(perfmodel_power_meters* meters, std::size_t meter_index,
                                               perfmodel_energy_record** out_record) noexcept {
  return capi::guard([&] {
    capi::require(out_record != nullptr, "out_record is NULL");
    *out_record = new perfmodel_energy_record{capi::meter_at(meters, meter_index).record()};
  });
}

void perfmodel_energy_record_destroy(perfmodel_energy_record* record) noexcept {
  delete record;
}

perfmodel_status perfmodel_energy_record_between(const perfmodel_energy_record* record, double begin_s, double end_s,
                                                 double* out_joules, double* out_error_joules) noexcept {
  return capi::guard([&] {
    capi::require(record != nullptr && out_joules != nullptr, "record or out_joules is NULL");
    const perfmodel::EnergyRecord::Energy energy = record->impl->between(begin_s, end_s);
    *out_joules = energy.joules;
    if (out_error_joules != nullptr) *out_error_joules = energy.error_joules;
  });
}
