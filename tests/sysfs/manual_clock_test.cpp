#include "sysfs/manual_clock.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace perfmodel {
namespace {

TEST(ManualClock, StandsUntilItIsMoved) {
  ManualClock clock(5);
  EXPECT_EQ(clock.now_s(), 5);
  clock.sleep_s(0.25);
  EXPECT_EQ(clock.now_s(), 5.25);
  clock.sleep_s(-1);
  EXPECT_EQ(clock.now_s(), 5.25);
}

TEST(ManualClock, TicksInOrderEachAtItsMoment) {
  ManualClock clock;
  std::vector<std::pair<std::string, double>> seen;
  const auto slow = clock.tick_every(2, [&] { seen.emplace_back("slow", clock.now_s()); });
  const auto fast = clock.tick_every(1, [&] { seen.emplace_back("fast", clock.now_s()); });
  clock.advance(3.5);
  const std::vector<std::pair<std::string, double>> expected = {{"fast", 1}, {"slow", 2}, {"fast", 2}, {"fast", 3}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(clock.now_s(), 3.5);
}

TEST(ManualClock, TicksNoMoreOnceTheTickerIsGone) {
  ManualClock clock;
  int ticks = 0;
  std::unique_ptr<Ticker> ticker;
  ticker = clock.tick_every(1, [&] {
    if (++ticks == 2) ticker.reset();
  });
  clock.advance(10);
  EXPECT_EQ(ticks, 2);
  EXPECT_EQ(clock.num_tickers(), 0u);
}

TEST(ManualClock, LeavesOutTicksWhileItStalls) {
  ManualClock clock;
  std::vector<double> seen;
  const auto ticker = clock.tick_every(1, [&] { seen.push_back(clock.now_s()); });
  clock.stall(2.5);
  clock.advance(1);
  EXPECT_EQ(seen, std::vector<double>{3});
}

TEST(ManualClock, MovesOnWithinATick) {
  ManualClock clock;
  const auto ticker = clock.tick_every(1, [&] {
    if (clock.now_s() < 2) clock.sleep_s(3);
  });
  clock.advance(2);
  EXPECT_EQ(clock.now_s(), 4);
}

}  // namespace
}  // namespace perfmodel
