#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "board/nvml.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

/// A GPU whose clock may be capped whatever is asked of it.
class FakeNvml : public Nvml {
 public:
  std::optional<double> locked_gpu_hz, locked_memory_hz;
  std::vector<double> gpu_levels_hz = {300e6, 900e6, 1500e6};
  double limit_watts = 300, cap_hz = 1e12;
  bool is_persistent = false;
  std::optional<Error> error;        ///< what every call that changes something answers
  std::optional<Error> unread_mode;  ///< what the persistence mode answers

  int num_devices() override { return 1; }
  std::string device_name(int) override { return "fake"; }
  std::vector<double> gpu_clock_levels_hz(int) override { return gpu_levels_hz; }
  std::vector<double> memory_clock_levels_hz(int) override { return {405e6, 5001e6}; }
  double gpu_clock_hz(int) override { return std::min(locked_gpu_hz.value_or(1500e6), cap_hz); }
  double memory_clock_hz(int) override { return locked_memory_hz.value_or(5001e6); }
  void lock_gpu_clock(int, double hz) override { change(locked_gpu_hz, hz); }
  void unlock_gpu_clock(int) override { change(locked_gpu_hz, std::nullopt); }
  void lock_memory_clock(int, double hz) override { change(locked_memory_hz, hz); }
  void unlock_memory_clock(int) override { change(locked_memory_hz, std::nullopt); }
  PowerLimits power_limits(int) override { return {99.5, 350}; }
  double power_limit_watts(int) override { return limit_watts; }
  void set_power_limit(int, double watts) override { change(limit_watts, watts); }
  bool keeps_settings(int) override {
    if (unread_mode) throw *unread_mode;
    return is_persistent;
  }
  double energy_joules(int) override { return 0; }
  double power_watts(int) override { return 0; }
  double temperature_celsius(int) override { return 40; }
  bool is_throttled(int) override { return false; }

 private:
  template <typename Target, typename Value>
  void change(Target& target, const Value& value) {
    if (error) throw *error;
    target = value;
  }
};

}  // namespace perfmodel
