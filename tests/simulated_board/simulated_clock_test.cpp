#include "simulated_board/simulated_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

#include "expect_error.h"

namespace perfmodel {
namespace {

/// Has work until `work_end_s`, and remembers what it was asked.
class FakeWorld : public TimedWorld {
 public:
  void look() noexcept override { ++num_looks; }
  double advance(double until_s) override {
    reached_s = busy() ? std::min(until_s, work_end_s) : until_s;
    return reached_s;
  }
  bool busy() const noexcept override { return reached_s < work_end_s; }
  void show() noexcept override { shown_s = reached_s; }

  double reached_s = 0, work_end_s = 0, shown_s = -1;
  int num_looks = 0;
};

struct SimulatedClockTest : ::testing::Test {
  std::shared_ptr<FakeWorld> world = std::make_shared<FakeWorld>();
  std::shared_ptr<SimulatedClock> clock = std::make_shared<SimulatedClock>(world);
  std::vector<double> ticks_s;

  std::unique_ptr<Ticker> record_every(double period_s) {
    return clock->tick_every(period_s, [this] { ticks_s.push_back(clock->now_s()); });
  }
};

TEST_F(SimulatedClockTest, MovesOnAsLongAsOneSleeps) {
  clock->sleep_s(1.5);
  EXPECT_EQ(clock->now_s(), 1.5);
  EXPECT_EQ(world->reached_s, 1.5);
  EXPECT_EQ(world->shown_s, 1.5);
  EXPECT_EQ(world->num_looks, 1);
}

TEST_F(SimulatedClockTest, DoesNotSleepForNothing) {
  for (const double seconds : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) clock->sleep_s(seconds);
  EXPECT_EQ(clock->now_s(), 0);
  EXPECT_EQ(world->num_looks, 0);
}

TEST_F(SimulatedClockTest, TicksAtExactlyItsMoments) {
  const std::unique_ptr<Ticker> ticker = record_every(0.25);
  clock->sleep_s(0.1);
  clock->sleep_s(0.9);
  EXPECT_EQ(ticks_s, (std::vector<double>{0.25, 0.5, 0.75, 1}));
}

TEST_F(SimulatedClockTest, TicksDoNotDrift) {
  const std::unique_ptr<Ticker> ticker = record_every(0.001);
  clock->sleep_s(10);
  ASSERT_EQ(ticks_s.size(), 10000u);
  EXPECT_EQ(ticks_s.back(), 10000 * 0.001);
}

TEST_F(SimulatedClockTest, TickersTakeTurnsInTheOrderOfTime) {
  std::vector<char> order;
  const std::unique_ptr<Ticker> slow = clock->tick_every(0.5, [&] { order.push_back('s'); });
  const std::unique_ptr<Ticker> quick = clock->tick_every(0.25, [&] { order.push_back('q'); });
  clock->sleep_s(1);
  EXPECT_EQ(order, (std::vector<char>{'q', 's', 'q', 'q', 's', 'q'}));  // at one moment: the older first
}

TEST_F(SimulatedClockTest, ATickSeesTheWorldOfItsMoment) {
  const std::unique_ptr<Ticker> ticker = clock->tick_every(0.25, [&] { EXPECT_EQ(world->shown_s, clock->now_s()); });
  clock->sleep_s(2);
}

TEST_F(SimulatedClockTest, FirstTickIsOnePeriodAfterItsMaking) {
  clock->sleep_s(0.1);
  const std::unique_ptr<Ticker> ticker = record_every(1);
  clock->sleep_s(1.5);
  EXPECT_EQ(ticks_s, std::vector<double>{1.1});
}

TEST_F(SimulatedClockTest, LeavesOutTicksThatComeTooLate) {
  const std::unique_ptr<Ticker> ticker = clock->tick_every(1, [this] {
    ticks_s.push_back(clock->now_s());
    clock->sleep_s(2.5);
  });
  clock->sleep_s(4.5);
  EXPECT_EQ(ticks_s, (std::vector<double>{1, 4}));  // 2 and 3 passed while the first slept
  EXPECT_EQ(clock->now_s(), 6.5);
}

TEST_F(SimulatedClockTest, TicksUntilTheTickerIsGone) {
  std::unique_ptr<Ticker> ticker = record_every(1);
  clock->sleep_s(2);
  ticker.reset();
  clock->sleep_s(2);
  EXPECT_EQ(ticks_s, (std::vector<double>{1, 2}));
}

TEST_F(SimulatedClockTest, ATickMayEndItsOwnTicker) {
  std::unique_ptr<Ticker> ticker = clock->tick_every(1, [&] {
    ticks_s.push_back(clock->now_s());
    ticker.reset();
  });
  clock->sleep_s(3);
  EXPECT_EQ(ticks_s, std::vector<double>{1});
}

TEST_F(SimulatedClockTest, ATickerKeepsItsClock) {
  std::unique_ptr<Ticker> ticker = record_every(1);
  clock.reset();
  ticker.reset();
  EXPECT_EQ(world.use_count(), 1);
}

TEST_F(SimulatedClockTest, RunsUntilTheWorkIsDone) {
  const std::unique_ptr<Ticker> ticker = record_every(1);
  double end_s = 0;
  clock->run([&] { world->work_end_s = 2.5; }, [&] { end_s = world->reached_s; });
  EXPECT_EQ(end_s, 2.5);
  EXPECT_EQ(clock->now_s(), 2.5);
  EXPECT_EQ(ticks_s, (std::vector<double>{1, 2}));
}

TEST_F(SimulatedClockTest, WorkThatCannotBeginTakesNoTime) {
  EXPECT_PM_ERROR(clock->run([] { throw Error(ErrorCode::kOutOfMemory, "too large"); }, [] { FAIL(); }),
                  ErrorCode::kOutOfMemory, "too large");
  EXPECT_EQ(clock->now_s(), 0);
  clock->sleep_s(1);  // the turn is free again
  EXPECT_EQ(clock->now_s(), 1);
}

TEST_F(SimulatedClockTest, SleepsOfSeveralThreadsOverlap) {
  // Each sleeps to a moment that it chose when it began: never longer together than one after the other.
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int k = 0; k < 100; ++k) {
        const double begin_s = clock->now_s();
        clock->sleep_s(0.5);
        EXPECT_GE(clock->now_s(), begin_s + 0.5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(clock->now_s(), 50);
  EXPECT_LE(clock->now_s(), 200);
}

TEST_F(SimulatedClockTest, ATickerEndsOnOneThreadWhileAnotherSleeps) {
  std::thread sleeper([this] { clock->sleep_s(1000); });
  for (int i = 0; i < 200; ++i) {
    auto alive = std::make_shared<std::atomic<bool>>(true);
    std::unique_ptr<Ticker> ticker = clock->tick_every(0.1, [alive] { EXPECT_TRUE(*alive); });
    std::this_thread::yield();
    ticker.reset();
    *alive = false;
  }
  sleeper.join();
}

TEST_F(SimulatedClockTest, RefusesPeriodsThatAreNone) {
  for (const double period_s : {0.0, -1.0, 1e7, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_PM_ERROR(clock->tick_every(period_s, [] {}), ErrorCode::kInvalidArgument, "between 1e-6 and 1e6");
  }
}

}  // namespace
}  // namespace perfmodel
