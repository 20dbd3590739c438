#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// What changes while a simulated clock's time moves on. Called by one thread at a time.
class TimedWorld {
 public:
  virtual ~TimedWorld();
  /// Somebody sleeps: looks at what others may have changed since.
  virtual void look() noexcept = 0;
  /// Goes on from the moment it has reached to `until_s`, or to an earlier one at which its work ends.
  /// @return the moment it has reached.
  virtual double advance(double until_s) = 0;
  /// Whether there is work.
  virtual bool busy() const noexcept = 0;
  /// Somebody may look: shows how things are at the moment it has reached.
  virtual void show() noexcept = 0;
};

/// Time that stands still but for sleepers and for work. What is to happen at fixed moments happens on the thread that
/// moves time on, in the order of time, each tick at exactly its moment. Sleeps of several threads overlap.
class SimulatedClock : public Clock, public std::enable_shared_from_this<SimulatedClock> {
 public:
  explicit SimulatedClock(std::shared_ptr<TimedWorld> world);
  ~SimulatedClock() override;

  double now_s() override { return now_s_; }
  void sleep_s(double seconds) override;
  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) override;

  /// Calls `begin_work`, moves time on until the world has no work left, and calls `end_work`.
  void run(const std::function<void()>& begin_work, const std::function<void()>& end_work);

 private:
  struct Entry;
  class EntryTicker;

  void move_on(double until_s, bool while_busy);
  void run_due_ticks();
  Entry* earliest() const;  ///< of those that are not running; nullptr: none. Needs mutex_.
  void remove(const Entry* entry);

  const std::shared_ptr<TimedWorld> world_;
  std::recursive_mutex turn_;  ///< held by the thread that moves time on; its ticks may do so, too
  mutable std::mutex mutex_;   ///< of entries_; never held during a tick
  std::condition_variable tick_ended_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::atomic<double> now_s_{0};
};

}  // namespace perfmodel
