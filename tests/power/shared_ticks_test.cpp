#include "power/shared_ticks.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "expect_error.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

class SharedTicksTest : public ::testing::Test {
 protected:
  std::unique_ptr<Ticker> tick(double period_s, const std::string& name) {
    return ticks_.tick_every(period_s, [this, name] { seen_ += name; });
  }
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(100);
  SharedTicks ticks_{clock_};
  std::string seen_;
};

TEST_F(SharedTicksTest, TellTheOtherClocksTime) {
  ticks_.sleep_s(2);
  EXPECT_EQ(ticks_.now_s(), 102);
  EXPECT_EQ(clock_->now_s(), 102);
}

TEST_F(SharedTicksTest, CallAllOfOnePeriodAtOnce) {
  const auto a = tick(1, "a"), b = tick(1, "b");
  EXPECT_EQ(clock_->num_tickers(), 1u);
  clock_->advance(2.5);
  EXPECT_EQ(seen_, "abab");
}

TEST_F(SharedTicksTest, KeepPeriodsApart) {
  const auto a = tick(1, "a"), b = tick(2, "b");
  EXPECT_EQ(clock_->num_tickers(), 2u);
  clock_->advance(2.5);
  EXPECT_EQ(seen_, "aab");
}

TEST_F(SharedTicksTest, CallNobodyWhoIsGone) {
  auto a = tick(1, "a"), b = tick(1, "b");
  a.reset();
  clock_->advance(1);
  EXPECT_EQ(seen_, "b");
  b.reset();
  EXPECT_EQ(clock_->num_tickers(), 0u);
  const auto c = tick(1, "c");
  clock_->advance(1);
  EXPECT_EQ(seen_, "bc");
}

TEST_F(SharedTicksTest, OutliveTheObjectThatMadeThem) {
  auto ticks = std::make_unique<SharedTicks>(clock_);
  const auto ticker = ticks->tick_every(1, [this] { seen_ += "x"; });
  ticks.reset();
  clock_->advance(1);
  EXPECT_EQ(seen_, "x");
}

TEST(SharedTicks, RefuseWhatTheOtherClockRefuses) {
  SharedTicks ticks(system_clock());
  for (int i = 0; i < 2; ++i) {
    EXPECT_PM_ERROR(ticks.tick_every(0, [] {}), ErrorCode::kInvalidArgument, "a ticker's period");
  }
}

}  // namespace
}  // namespace perfmodel
