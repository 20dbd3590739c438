#pragma once

#include "perfmodel/core/error.h"
#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// Time that only sleeping moves on.
class FakeClock : public Clock {
 public:
  double now_s() override { return now_s_; }
  void sleep_s(double seconds) override { now_s_ += seconds; }
  std::unique_ptr<Ticker> tick_every(double, std::function<void()>) override {
    throw Error(ErrorCode::kUnsupported, "knobs need no ticks");
  }

 private:
  double now_s_ = 0;
};

}  // namespace perfmodel
