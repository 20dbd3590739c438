#include "measure/throttle_sampler.h"

#include <cmath>
#include <limits>

namespace perfmodel {

ThrottleSampler::ThrottleSampler(const ThermalSensors* thermal, Clock& clock, double period_s) : thermal_(thermal) {
  if (thermal_ == nullptr || std::isnan(thermal_->throttled())) return;  // which it will not tell later either
  ticker_ = clock.tick_every(period_s, [this] { sample(); });
}

void ThrottleSampler::sample() noexcept {
  const double throttled = thermal_->throttled();
  if (std::isnan(throttled)) return;
  ++num_told_;
  if (throttled > 0) ++num_throttled_;
}

double ThrottleSampler::finish() {
  ticker_.reset();
  if (num_told_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(num_throttled_) / static_cast<double>(num_told_);
}

}  // namespace perfmodel
