#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "board/nvml.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

/// GPUs whose sensors are functions; one that is not set is unsupported.
class FakeNvml : public Nvml {
 public:
  struct Device {
    std::string name = "Test GPU";
    std::function<double()> energy_joules, power_watts, temperature_celsius;
    std::function<double()> is_throttled = nullptr;
  };
  std::vector<Device> devices;

  int num_devices() override { return static_cast<int>(devices.size()); }
  std::string device_name(int device) override { return at(device).name; }
  double energy_joules(int device) override { return ask(at(device).energy_joules, "energy"); }
  double power_watts(int device) override { return ask(at(device).power_watts, "power"); }
  double temperature_celsius(int device) override { return ask(at(device).temperature_celsius, "temperature"); }

  std::vector<double> gpu_clock_levels_hz(int) override { no_knob(); }
  std::vector<double> memory_clock_levels_hz(int) override { no_knob(); }
  double gpu_clock_hz(int) override { no_knob(); }
  double memory_clock_hz(int) override { no_knob(); }
  void lock_gpu_clock(int, double) override { no_knob(); }
  void unlock_gpu_clock(int) override { no_knob(); }
  void lock_memory_clock(int, double) override { no_knob(); }
  void unlock_memory_clock(int) override { no_knob(); }
  PowerLimits power_limits(int) override { no_knob(); }
  double power_limit_watts(int) override { no_knob(); }
  void set_power_limit(int, double) override { no_knob(); }
  bool keeps_settings(int) override { no_knob(); }
  bool is_throttled(int device) override { return ask(at(device).is_throttled, "throttling") != 0; }

 private:
  const Device& at(int device) const { return devices.at(static_cast<std::size_t>(device)); }
  static double ask(const std::function<double()>& sensor, const std::string& what) {
    if (!sensor) throw Error(ErrorCode::kUnsupported, "GPU has no sensor of " + what);
    return sensor();
  }
  [[noreturn]] static void no_knob() { throw Error(ErrorCode::kInternal, "a power meter touches a knob"); }
};

}  // namespace perfmodel
