#pragma once

#include <functional>
#include <memory>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// Passes a while whenever it is asked, and makes no ticks.
class SlowMachine : public Clock {
 public:
  explicit SlowMachine(double step_s) : step_s_(step_s) {}
  double now_s() override { return now_s_ += step_s_; }
  void sleep_s(double seconds) override { now_s_ += seconds; }
  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()>) override {
    last_period_s = period_s;
    return std::make_unique<Ticker>();
  }
  double last_period_s = 0;

 private:
  const double step_s_;
  double now_s_ = 0;
};

}  // namespace perfmodel
