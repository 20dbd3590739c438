#pragma once

#include "power/accumulator.h"

namespace perfmodel {

/// Follows a number that counts joules, over its wrap-arounds where it is known where they are.
class Counter : public Accumulator {
 public:
  /// @param wraps_at_joules  the number's range; 0: it does not wrap, or nothing tells where
  Counter(double update_period_s, double resolution_joules, double wraps_at_joules)
      : update_period_s_(update_period_s), resolution_joules_(resolution_joules), wraps_at_joules_(wraps_at_joules) {}

  void add(double time_s, double counted_joules) override;
  EnergyPoint point() const noexcept override { return {last_.time_s, last_.joules, {}, 0}; }
  double watts() const override;
  double error_joules(double window_s, double mean_watts) const noexcept override;
  double error_joules(double window_s, double mean_watts, const SampleErrors&) const noexcept override {
    return error_joules(window_s, mean_watts);
  }

 private:
  struct Moment {
    double time_s = 0, joules = 0;
  };
  /// @throws Error kIo
  double since_last(double counted_joules) const;

  const double update_period_s_, resolution_joules_, wraps_at_joules_;
  double last_counted_joules_ = 0;
  bool empty_ = true;
  Moment last_, newer_, older_;  ///< power is the mean since `older_`
};

}  // namespace perfmodel
