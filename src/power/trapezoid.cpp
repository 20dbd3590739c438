#include "power/trapezoid.h"

#include <algorithm>
#include <cmath>

namespace perfmodel {
namespace {

constexpr double kLate_periods = 2;  // a sample this late leaves time that nobody looked at; less is a thread's jitter

}  // namespace

void Trapezoid::add(double time_s, double watts) {
  SampleHistory::Sums sums;
  double energy_joules = 0;
  if (!empty_ && time_s > last_s_) {
    const double gap_s = time_s - last_s_;
    energy_joules = gap_s * (last_watts_ + watts) / 2;
    sums.change_joules = gap_s * std::abs(watts - last_watts_) / 2;
    if (gap_s > kLate_periods * sample_period_s_) sums.late_s = gap_s - sample_period_s_;
  }
  history_.add(time_s, sums);
  joules_ += energy_joules;
  last_s_ = time_s;
  last_watts_ = watts;
  empty_ = false;
}

double Trapezoid::error_joules(double window_s, double mean_watts) const noexcept {
  const SampleHistory::Sums sums = history_.since(last_s_ - window_s);
  const double unseen_s = std::max(sample_period_s_, update_period_s_) + sums.late_s;
  return unseen_s * std::abs(mean_watts) + sums.change_joules + resolution_watts_ * window_s;
}

}  // namespace perfmodel
