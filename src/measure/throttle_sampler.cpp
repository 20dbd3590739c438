#include "measure/throttle_sampler.h"

#include <cmath>
#include <limits>

#include "measure/look_period.h"

namespace perfmodel {

ThrottleSampler::ThrottleSampler(const ThermalSensors* thermal, Clock& clock, double period_s)
    : thermal_(thermal), clock_(clock) {
  if (thermal_ == nullptr || std::isnan(thermal_->throttled())) return;  // which it will not tell later either
  const double looks_s = look_period_s(period_s, clock, [this] { thermal_->throttled(); });
  ticker_ = clock.tick_every(looks_s, [this] { look(); });
}

void ThrottleSampler::look() noexcept {
  const double time_s = clock_.now_s(), throttled = thermal_->throttled();
  if (!std::isnan(throttled)) looks_.push_back({time_s, throttled > 0});
}

double ThrottleSampler::finish(const std::vector<TimeWindow>& windows) {
  ticker_.reset();
  double num_told = 0, num_throttled = 0;
  for (const Look& look : looks_) {
    if (!lies_within(look.time_s, windows)) continue;
    ++num_told;
    if (look.throttled) ++num_throttled;
  }
  return num_told > 0 ? num_throttled / num_told : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace perfmodel
