#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// A clock whose tickers of the same period share one of another clock: the meters of a board wake the machine once per
/// sample, not once each. A ticker that joins others is called for the first time when they are. No ticker may end
/// within a tick of its own.
class SharedTicks : public Clock {
 public:
  explicit SharedTicks(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  double now_s() override { return clock_->now_s(); }
  void sleep_s(double seconds) override { clock_->sleep_s(seconds); }
  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) override;

 private:
  class Group;
  class Member;

  const std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::map<double, std::weak_ptr<Group>> groups_;  ///< by period
};

}  // namespace perfmodel
