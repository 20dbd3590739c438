#include <fmt/format.h>

#include "perfmodel/core/error.h"
#include "power/rails.h"

namespace perfmodel {
namespace {

constexpr double kCounterStep_joules = 1e-3, kPowerStep_watts = 1e-3;  // NVML counts in mJ and mW

/// Whether a call works on a device. @throws Error anything but kUnsupported.
template <typename Call>
bool supports(const Call& call) {
  try {
    call();
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnsupported) throw;
    return false;
  }
}

Rail make_rail(const RailTable& table, const std::shared_ptr<Nvml>& nvml, int device) {
  Rail rail;
  rail.info.rail = nvml->device_name(device);
  rail.info.name = fmt::format("{}:{}", table.name, device);
  rail.info.is_sum = table.is_sum;
  rail.info.update_period_s = table.update_period_s;
  rail.info.is_counter = supports([&] { nvml->energy_joules(device); });
  if (rail.info.is_counter) {
    rail.info.source = fmt::format("nvmlDeviceGetTotalEnergyConsumption of GPU {}", device);
    rail.info.resolution_joules = kCounterStep_joules;
    rail.read = [nvml, device] { return nvml->energy_joules(device); };
  } else {
    rail.info.source = fmt::format("nvmlDeviceGetPowerUsage of GPU {}", device);
    rail.info.resolution_watts = kPowerStep_watts;
    rail.read = [nvml, device, source = rail.info.source] { return checked_watts(nvml->power_watts(device), source); };
  }
  return rail;
}

}  // namespace

std::vector<Rail> find_nvml_rails(const RailTable& table, const std::shared_ptr<Nvml>& nvml, WhyNot why_not) {
  std::vector<Rail> rails;
  const auto explain = [&](const std::string& line) {
    if (why_not != nullptr) why_not->push_back(table.name + ": " + line);
  };
  try {
    const int num_devices = nvml->num_devices();
    if (num_devices == 0) explain("NVML knows no GPU");
    for (int device = 0; device < num_devices; ++device) {
      try {
        rails.push_back(make_rail(table, nvml, device));
      } catch (const Error& error) {
        explain(error.what());
      }
    }
  } catch (const Error& error) {
    explain(error.what());
  }
  return rails;
}

}  // namespace perfmodel
