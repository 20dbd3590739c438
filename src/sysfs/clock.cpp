#include "perfmodel/knob/clock.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::chrono::nanoseconds nanoseconds(double seconds) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9));
}

/// A thread that calls at fixed moments; those that have passed when a call returns are left out.
class ThreadTicker : public Ticker {
 public:
  ThreadTicker(double period_s, std::function<void()> tick)
      : period_(nanoseconds(period_s)), tick_(std::move(tick)), thread_([this] { run(); }) {}
  ~ThreadTicker() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void run() {
    SteadyClock::time_point next = SteadyClock::now() + period_;
    std::unique_lock<std::mutex> lock(mutex_);
    while (!wake_.wait_until(lock, next, [this] { return ended_; })) {
      lock.unlock();
      tick_();
      lock.lock();
      const SteadyClock::time_point now = SteadyClock::now();
      next += period_;
      if (next < now) next += period_ * ((now - next) / period_ + 1);
    }
  }

  const SteadyClock::duration period_;
  const std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;  // last: it uses the others
};

class SystemClock : public Clock {
 public:
  double now_s() override { return std::chrono::duration<double>(SteadyClock::now().time_since_epoch()).count(); }
  void sleep_s(double seconds) override {
    if (seconds > 0) std::this_thread::sleep_for(nanoseconds(seconds));
  }
  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) override {
    if (!(period_s >= 1e-6 && period_s <= 1e6)) {
      throw Error(ErrorCode::kInvalidArgument, "a ticker's period is between 1e-6 and 1e6 seconds");
    }
    return std::make_unique<ThreadTicker>(period_s, std::move(tick));
  }
};

}  // namespace

Ticker::~Ticker() = default;
Clock::~Clock() = default;

std::shared_ptr<Clock> system_clock() {
  static const std::shared_ptr<Clock> clock = std::make_shared<SystemClock>();
  return clock;
}

}  // namespace perfmodel
