#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "perfmodel/core/error.h"
#include "perfmodel/power/power_meter.h"
#include "power/sensor_file.h"
#include "power/thermometers.h"

namespace perfmodel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLowest_celsius = -100, kHighest_celsius = 200;  // zones that are off tell -256, or 0 K

/// What `ask` answers, or nothing where it cannot be read: a sensor less is no reason to stop a measurement.
template <typename Ask>
std::optional<double> answer_of(const Ask& ask) {
  try {
    return ask();
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::set<int> all_devices(Nvml* nvml) {
  std::set<int> devices;
  if (nvml == nullptr) return devices;
  const int num_devices = static_cast<int>(answer_of([&] { return double(nvml->num_devices()); }).value_or(0));
  for (int device = 0; device < num_devices; ++device) devices.insert(devices.end(), device);
  return devices;
}

/// What matches; nothing where that may not be looked for.
std::vector<std::string> matches_of(FileSystem& files, const std::string& pattern) {
  try {
    return files.match(pattern);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

double Thermometers::temperature_celsius() const {
  double hottest = kNaN;
  const auto take = [&](std::optional<double> celsius) {
    if (celsius && *celsius > kLowest_celsius && *celsius < kHighest_celsius) hottest = std::fmax(hottest, *celsius);
  };
  for (const std::string& pattern : zone_patterns_) {
    for (const std::string& zone : matches_of(*files_, pattern)) {
      if (!is_ignored(zone)) take(answer_of([&] { return read_sensor(*files_, zone) / 1000; }));
    }
  }
  for (const int device : all_devices(nvml_.get())) {
    take(answer_of([&] { return nvml_->temperature_celsius(device); }));
  }
  return hottest;
}

double Thermometers::throttled() const noexcept {
  double throttled = kNaN;
  try {
    for (const int device : knob_devices_.empty() || nvml_ == nullptr ? all_devices(nvml_.get()) : knob_devices_) {
      const std::optional<double> answer = answer_of([&] { return nvml_->is_throttled(device) ? 1.0 : 0.0; });
      if (answer) throttled = std::fmax(throttled, *answer);
    }
  } catch (const std::exception&) {  // memory ran out: this look is lost
  }
  return throttled;
}

bool Thermometers::is_ignored(const std::string& zone) const {
  if (ignored_types_.empty()) return false;
  try {
    const std::string type = files_->read(zone.substr(0, zone.rfind('/') + 1) + "type");
    return std::find(ignored_types_.begin(), ignored_types_.end(), type) != ignored_types_.end();
  } catch (const Error&) {
    return false;
  }
}

double Thermometers::throttle_count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::string& pattern : counter_patterns_) {
    for (const std::string& counter : matches_of(*files_, pattern)) {
      const std::optional<double> count = answer_of([&] { return read_sensor(*files_, counter); });
      if (count && *count >= 0) counts_[counter] = *count;
    }
  }
  if (counts_.empty()) return kNaN;
  double sum = 0;
  for (const auto& [counter, count] : counts_) sum += count;
  return sum;
}

struct ThermalSensors::Impl {
  Thermometers thermometers;
};

ThermalSensors::ThermalSensors(const Board& board, const std::string& root, const std::string& nvml_library) {
  if (nvml_library.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "nvml_library is empty, allowed is a name or a path");
  }
  const BoardTable& table = board.table();
  const bool asks_nvml = std::any_of(table.rails.begin(), table.rails.end(),
                                     [](const RailTable& rail) { return rail.kind == RailKind::kNvml; });
  std::shared_ptr<Nvml> nvml;
  try {
    if (asks_nvml) nvml = open_nvml(nvml_library);
  } catch (const Error&) {  // no GPU: no thermometer
  }
  impl_.reset(new Impl{{table, rooted_file_system(root), std::move(nvml)}});
}

ThermalSensors::~ThermalSensors() = default;
ThermalSensors::ThermalSensors(ThermalSensors&&) noexcept = default;
ThermalSensors& ThermalSensors::operator=(ThermalSensors&&) noexcept = default;

double ThermalSensors::temperature_celsius() const {
  return impl_->thermometers.temperature_celsius();
}

double ThermalSensors::throttle_count() const {
  return impl_->thermometers.throttle_count();
}

double ThermalSensors::throttled() const noexcept {
  return impl_->thermometers.throttled();
}

}  // namespace perfmodel
