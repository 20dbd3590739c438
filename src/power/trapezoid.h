#pragma once

#include "power/accumulator.h"
#include "power/sample_history.h"

namespace perfmodel {

/// Integrates samples of power by the trapezoidal rule.
class Trapezoid : public Accumulator {
 public:
  Trapezoid(double sample_period_s, double update_period_s, double resolution_watts)
      : sample_period_s_(sample_period_s), update_period_s_(update_period_s), resolution_watts_(resolution_watts) {}

  void add(double time_s, double watts) override;
  EnergyPoint point() const noexcept override { return {last_s_, joules_, history_.total(), last_watts_}; }
  double watts() const override { return last_watts_; }
  double error_joules(double window_s, double mean_watts) const noexcept override;
  double error_joules(double window_s, double mean_watts, const SampleErrors& sums) const noexcept override;

 private:
  const double sample_period_s_, update_period_s_, resolution_watts_;
  double joules_ = 0, last_s_ = 0, last_watts_ = 0;
  bool empty_ = true;
  SampleHistory history_;
};

}  // namespace perfmodel
