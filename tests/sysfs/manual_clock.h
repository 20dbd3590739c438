#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// A clock whose time moves only when a test moves it. Ticks run on the thread that does, each at its moment, in order;
/// of ticks at the same moment the older ticker's comes first. Safe from any number of threads, which wait for each
/// other.
class ManualClock : public Clock {
 public:
  explicit ManualClock(double now_s = 0) : now_s_(now_s) {}

  double now_s() override { return now_s_; }  // without the mutex: ticks hold others when they ask
  void sleep_s(double seconds) override { advance(seconds); }

  /// Moves time on, with all ticks on the way.
  void advance(double seconds) {
    const std::lock_guard<std::recursive_mutex> lock(*mutex_);
    const double end_s = now_s_ + std::max(0.0, seconds);
    for (auto next = first_due(end_s); next != entries_->end(); next = first_due(end_s)) {
      now_s_ = std::max(now_s_.load(), due_s(*next));
      ++next->num_ticks;
      const std::function<void()> tick = next->tick;  // it may end its own ticker
      tick();
    }
    now_s_ = std::max(now_s_.load(), end_s);
  }

  /// Moves time on without a tick, as a machine does that is too busy: those on the way are left out.
  void stall(double seconds) {
    const std::lock_guard<std::recursive_mutex> lock(*mutex_);
    now_s_ = now_s_ + std::max(0.0, seconds);
    for (Entry& entry : *entries_) {
      while (due_s(entry) <= now_s_) ++entry.num_ticks;
    }
  }

  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) override {
    const std::lock_guard<std::recursive_mutex> lock(*mutex_);
    entries_->push_back({now_s_, period_s, 0, std::move(tick)});
    return std::make_unique<ManualTicker>(mutex_, entries_, std::prev(entries_->end()));
  }

  std::size_t num_tickers() const {
    const std::lock_guard<std::recursive_mutex> lock(*mutex_);
    return entries_->size();
  }

 private:
  struct Entry {
    double begin_s, period_s, num_ticks;
    std::function<void()> tick;
  };
  using Entries = std::list<Entry>;

  class ManualTicker : public Ticker {
   public:
    ManualTicker(std::shared_ptr<std::recursive_mutex> mutex, std::shared_ptr<Entries> entries, Entries::iterator entry)
        : mutex_(std::move(mutex)), entries_(std::move(entries)), entry_(entry) {}
    ~ManualTicker() override {
      const std::lock_guard<std::recursive_mutex> lock(*mutex_);
      entries_->erase(entry_);
    }

   private:
    const std::shared_ptr<std::recursive_mutex> mutex_;  // these outlive the clock, should a ticker do so
    const std::shared_ptr<Entries> entries_;
    const Entries::iterator entry_;
  };

  /// Without the sum of many rounded periods.
  static double due_s(const Entry& entry) { return entry.begin_s + entry.period_s * (entry.num_ticks + 1); }

  Entries::iterator first_due(double end_s) {
    const auto earlier = [](const Entry& a, const Entry& b) { return due_s(a) < due_s(b); };
    const auto first = std::min_element(entries_->begin(), entries_->end(), earlier);
    return first != entries_->end() && due_s(*first) <= end_s ? first : entries_->end();
  }

  const std::shared_ptr<std::recursive_mutex> mutex_ = std::make_shared<std::recursive_mutex>();
  const std::shared_ptr<Entries> entries_ = std::make_shared<Entries>();
  std::atomic<double> now_s_;
};

}  // namespace perfmodel
