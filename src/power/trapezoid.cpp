#include "power/trapezoid.h"

#include <algorithm>
#include <cmath>

namespace perfmodel {
namespace {

constexpr double kLate_periods = 2;  // a sample this late leaves time that nobody looked at; less is a thread's jitter

}  // namespace

void Trapezoid::add(double time_s, double watts) {
  SampleErrors errors;
  double energy_joules = 0;
  if (!empty_ && time_s > last_s_) {
    const double gap_s = time_s - last_s_;
    energy_joules = gap_s * (last_watts_ + watts) / 2;
    errors.change_joules = gap_s * std::abs(watts - last_watts_) / 2;
    const double expected_s = std::max(sample_period_s_, update_period_s_);
    if (gap_s > kLate_periods * expected_s) errors.late_s = gap_s - expected_s;
  }
  history_.add(time_s, errors);
  joules_ += energy_joules;
  last_s_ = time_s;
  last_watts_ = watts;
  empty_ = false;
}

double Trapezoid::error_joules(double window_s, double mean_watts) const noexcept {
  return error_joules(window_s, mean_watts, history_.since(last_s_ - window_s));
}

double Trapezoid::error_joules(double window_s, double mean_watts, const SampleErrors& sums) const noexcept {
  const double unseen_s = std::max(sample_period_s_, update_period_s_) + sums.late_s;
  return unseen_s * std::abs(mean_watts) + sums.change_joules + resolution_watts_ * window_s;
}

}  // namespace perfmodel
