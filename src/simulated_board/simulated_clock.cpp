#include "simulated_board/simulated_clock.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {

TimedWorld::~TimedWorld() = default;

struct SimulatedClock::Entry {
  std::function<void()> tick;
  double begin_s = 0, period_s = 0;
  double index = 1;  ///< of the next tick
  bool removed = false;
  bool running = false;
  std::thread::id runner;

  double due_s() const { return begin_s + index * period_s; }
  void leave_out_until(double now_s) {
    index = std::max(index + 1, std::floor((now_s - begin_s) / period_s));
    while (due_s() <= now_s) ++index;
  }
};

class SimulatedClock::EntryTicker : public Ticker {
 public:
  EntryTicker(std::shared_ptr<SimulatedClock> clock, const Entry* entry) : clock_(std::move(clock)), entry_(entry) {}
  ~EntryTicker() override { clock_->remove(entry_); }

 private:
  std::shared_ptr<SimulatedClock> clock_;
  const Entry* entry_;
};

SimulatedClock::SimulatedClock(std::shared_ptr<TimedWorld> world) : world_(std::move(world)) {}
SimulatedClock::~SimulatedClock() = default;

void SimulatedClock::sleep_s(double seconds) {
  if (!(seconds > 0)) return;
  const double until_s = now_s_ + seconds;  // before waiting for the turn: another's sleep counts for this one
  const std::lock_guard<std::recursive_mutex> turn(turn_);
  if (now_s_ >= until_s) return;
  world_->look();
  move_on(until_s, false);
}

std::unique_ptr<Ticker> SimulatedClock::tick_every(double period_s, std::function<void()> tick) {
  if (!(period_s >= 1e-6 && period_s <= 1e6)) {
    throw Error(ErrorCode::kInvalidArgument, "a ticker's period is between 1e-6 and 1e6 seconds");
  }
  auto entry = std::make_unique<Entry>();
  entry->tick = std::move(tick);
  entry->begin_s = now_s_;
  entry->period_s = period_s;
  auto ticker = std::make_unique<EntryTicker>(shared_from_this(), entry.get());
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.push_back(std::move(entry));
  return ticker;
}

void SimulatedClock::run(const std::function<void()>& begin_work, const std::function<void()>& end_work) {
  const std::lock_guard<std::recursive_mutex> turn(turn_);
  begin_work();
  move_on(std::numeric_limits<double>::infinity(), true);
  end_work();
}

void SimulatedClock::move_on(double until_s, bool while_busy) {
  while (now_s_ < until_s && (!while_busy || world_->busy())) {
    double next_s = until_s;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const Entry* entry = earliest()) next_s = std::min(next_s, entry->due_s());
    }
    now_s_ = world_->advance(next_s);
    run_due_ticks();
  }
  world_->show();
}

void SimulatedClock::run_due_ticks() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (Entry* entry = earliest(); entry != nullptr && entry->due_s() <= now_s_; entry = earliest()) {
    entry->running = true;
    entry->runner = std::this_thread::get_id();
    lock.unlock();
    world_->show();
    entry->tick();
    lock.lock();
    entry->running = false;
    if (entry->removed) {  // by its own tick
      entries_.erase(std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.get() == entry; }));
    } else {
      entry->leave_out_until(now_s_);
    }
    tick_ended_.notify_all();
  }
}

SimulatedClock::Entry* SimulatedClock::earliest() const {
  Entry* first = nullptr;
  for (const auto& entry : entries_) {
    if (!entry->running && (first == nullptr || entry->due_s() < first->due_s())) first = entry.get();
  }
  return first;
}

void SimulatedClock::remove(const Entry* entry) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto find = [&] {
    return std::find_if(entries_.begin(), entries_.end(), [&](const auto& e) { return e.get() == entry; });
  };
  const auto found = find();
  if (found == entries_.end()) return;  // its making did not get that far
  if ((*found)->running && (*found)->runner == std::this_thread::get_id()) {
    (*found)->removed = true;
    return;
  }
  tick_ended_.wait(lock, [&] { return !entry->running; });
  entries_.erase(find());
}

}  // namespace perfmodel
