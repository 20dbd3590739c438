#include "perfmodel/knob/clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(SystemClock, MovesOnWhileItSleeps) {
  const std::shared_ptr<Clock> clock = system_clock();
  const double begin_s = clock->now_s();
  clock->sleep_s(0.02);
  EXPECT_GE(clock->now_s() - begin_s, 0.02);
}

TEST(SystemClock, DoesNotSleepForNothing) {
  const std::shared_ptr<Clock> clock = system_clock();
  clock->sleep_s(0);
  clock->sleep_s(-1);
  SUCCEED();
}

TEST(SystemClock, TicksUntilTheTickerIsGone) {
  std::atomic<int> ticks{0};
  std::unique_ptr<Ticker> ticker = system_clock()->tick_every(0.002, [&] { ++ticks; });
  while (ticks < 3) system_clock()->sleep_s(0.001);
  ticker.reset();
  const int at_end = ticks;
  system_clock()->sleep_s(0.02);
  EXPECT_EQ(ticks, at_end);
}

TEST(SystemClock, LeavesOutTicksThatComeTooLate) {
  std::atomic<int> ticks{0};
  const double begin_s = system_clock()->now_s();
  std::unique_ptr<Ticker> ticker = system_clock()->tick_every(0.001, [&] {
    ++ticks;
    system_clock()->sleep_s(0.01);
  });
  system_clock()->sleep_s(0.1);
  ticker.reset();
  EXPECT_LE(ticks, (system_clock()->now_s() - begin_s) / 0.01 + 1);
  EXPECT_GE(ticks, 1);
}

TEST(SystemClock, EndsAtOnceWhileItWaitsForALongPeriod) {
  const double begin_s = system_clock()->now_s();
  system_clock()->tick_every(1000, [] {}).reset();
  EXPECT_LT(system_clock()->now_s() - begin_s, 100);
}

TEST(SystemClock, RefusesPeriodsThatAreNone) {
  for (const double period_s : {0.0, -1.0, 1e7, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_PM_ERROR(system_clock()->tick_every(period_s, [] {}), ErrorCode::kInvalidArgument, "between 1e-6 and 1e6");
  }
}

}  // namespace
}  // namespace perfmodel
