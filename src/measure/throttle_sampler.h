#pragma once

#include <cstddef>
#include <memory>

#include "perfmodel/knob/clock.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel {

/// Asks again and again, on the clock's ticker, whether a GPU slows itself down: NVML accepts a clock and runs another.
class ThrottleSampler {
 public:
  /// @param thermal  outlives the sampler; null: nobody tells
  ThrottleSampler(const ThermalSensors* thermal, Clock& clock, double period_s);

  /// Ends the sampling. Share of the looks at which one was slowed down; NaN: none told.
  double finish();

 private:
  void sample() noexcept;

  const ThermalSensors* thermal_;
  std::size_t num_told_ = 0, num_throttled_ = 0;
  std::unique_ptr<Ticker> ticker_;  // last: it uses the others
};

}  // namespace perfmodel
