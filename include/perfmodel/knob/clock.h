#pragma once

#include <functional>
#include <memory>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Calls something again and again until it is destroyed; destruction waits for a call that is under way.
class PERFMODEL_EXPORT Ticker {
 public:
  virtual ~Ticker();
};

/// Time as knob drivers and power meters see it: the machine's, or that of a simulated board. Safe from any number of
/// threads.
class PERFMODEL_EXPORT Clock {
 public:
  virtual ~Clock();

  /// Seconds since some fixed moment; never goes back.
  virtual double now_s() = 0;
  virtual void sleep_s(double seconds) = 0;
  /// Calls `tick` each `period_s` > 0, the first time after one period. Ticks that come too late are left out, not made
  /// up for. The machine's clock does so on a thread of its own, a simulated one while its time is moved on.
  /// @param tick  must not throw.
  virtual std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) = 0;
};

/// The machine's monotonic clock.
PERFMODEL_EXPORT std::shared_ptr<Clock> system_clock();

}  // namespace perfmodel
