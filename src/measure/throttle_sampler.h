#pragma once

#include <memory>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/power/power_meter.h"
#include "power/measure_windows.h"

namespace perfmodel {

/// Asks again and again, on the clock's ticker, whether a GPU slows itself down: NVML accepts a clock and runs another.
class ThrottleSampler {
 public:
  /// @param thermal   outlives the sampler; null: nobody tells
  /// @param period_s  between two looks; longer where they would take more than a hundredth of a CPU
  ThrottleSampler(const ThermalSensors* thermal, Clock& clock, double period_s);

  /// Ends the sampling. Share of the looks within these windows at which one was slowed down; NaN: none told.
  double finish(const std::vector<TimeWindow>& windows);

 private:
  struct Look {
    double time_s;
    bool throttled;
  };
  void look() noexcept;

  const ThermalSensors* thermal_;
  Clock& clock_;
  std::vector<Look> looks_;
  std::unique_ptr<Ticker> ticker_;  // last: it uses the others
};

}  // namespace perfmodel
