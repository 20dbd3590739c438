#include "power/trapezoid.h"

#include <algorithm>
#include <cmath>

namespace perfmodel {

void Trapezoid::add(double time_s, double watts) {
  if (!empty_ && time_s > last_s_) {
    const double gap_s = time_s - last_s_;
    joules_ += gap_s * (last_watts_ + watts) / 2;
    gaps_.add(time_s, gap_s);
  }
  last_s_ = time_s;
  last_watts_ = watts;
  empty_ = false;
}

double Trapezoid::error_joules(double window_s, double mean_watts) const noexcept {
  const double gap_s = std::max(sample_period_s_, gaps_.longest_since(last_s_ - window_s));
  return (gap_s + update_period_s_) * std::abs(mean_watts) + resolution_watts_ * window_s;
}

}  // namespace perfmodel
