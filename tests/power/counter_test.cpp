#include "power/counter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kUpdate_s = 0.1, kStep_joules = 1e-6;

TEST(Counter, BeginsWithItsFirstReading) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  counter.add(0, 1e6);
  EXPECT_EQ(counter.joules(), 0);
  counter.add(1, 1e6 + 25);
  EXPECT_DOUBLE_EQ(counter.joules(), 25);
}

TEST(Counter, FollowsOneWrap) {
  Counter counter(kUpdate_s, kStep_joules, 1000);
  counter.add(0, 990);
  counter.add(1, 5);
  EXPECT_DOUBLE_EQ(counter.joules(), 15);
}

TEST(Counter, FollowsManyWraps) {
  Counter counter(kUpdate_s, kStep_joules, 1000);
  double total = 990;
  counter.add(0, total);
  for (int i = 1; i <= 10000; ++i) {
    total += 333.25;
    counter.add(i, std::fmod(total, 1000));
  }
  EXPECT_DOUBLE_EQ(counter.joules(), 3332500);  // 10000 x 333.25, exact in binary
}

TEST(Counter, DoesNotWrapWhereItStands) {
  Counter counter(kUpdate_s, kStep_joules, 1000);
  counter.add(0, 500);
  counter.add(1, 500);
  EXPECT_EQ(counter.joules(), 0);
}

TEST(Counter, DoesNotGoBackWithoutAWrap) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  counter.add(0, 500);
  counter.add(1, 600);
  EXPECT_PM_ERROR(counter.add(2, 10), ErrorCode::kIo,
                  "went back from 600 J to 10 J, it does not wrap, or nothing tells");
  EXPECT_DOUBLE_EQ(counter.joules(), 100);
  counter.add(3, 14);  // a driver that was loaded anew counts on from there
  EXPECT_DOUBLE_EQ(counter.joules(), 104);
  EXPECT_DOUBLE_EQ(counter.watts(), 4);
}

TEST(Counter, DoesNotWrapBeyondItsRange) {
  Counter counter(kUpdate_s, kStep_joules, 1000);
  counter.add(0, 5000);
  EXPECT_PM_ERROR(counter.add(1, 10), ErrorCode::kIo, "went back from 5000 J to 10 J, it wraps at 1000 J");
}

TEST(Counter, TellsNoPowerBeforeItCouldChange) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  counter.add(0, 0);
  EXPECT_PM_ERROR(counter.watts(), ErrorCode::kUnsupported, "only after it has changed: it was first asked 0 s ago");
  counter.add(0.05, 1);
  EXPECT_PM_ERROR(counter.watts(), ErrorCode::kUnsupported, "0.05 s ago and changes each 0.1 s");
  counter.add(0.1, 2);
  EXPECT_DOUBLE_EQ(counter.watts(), 20);
}

// Asked more often than the number changes, a difference of the last two readings would be 0 or far too much.
TEST(Counter, TellsPowerOverTenUpdatesWhereItCan) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  for (int i = 0; i <= 1000; ++i) {
    const double time_s = i * 0.01;
    counter.add(time_s, 50 * kUpdate_s * std::floor(time_s / kUpdate_s + 1e-9));  // 50 W, in steps
    if (time_s >= 1) {
      EXPECT_NEAR(counter.watts(), 50, 50 / 10.0 + 1e-9) << time_s;
    }
  }
}

TEST(Counter, TellsThePowerOfTheLastWhileOnly) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  counter.add(0, 0);
  counter.add(100, 1000);  // 10 W
  counter.add(102, 1080);  // 40 W
  EXPECT_DOUBLE_EQ(counter.watts(), 40);
}

TEST(Counter, CanBeOffByAnUpdateAndAStep) {
  Counter counter(kUpdate_s, kStep_joules, 0);
  counter.add(0, 0);
  EXPECT_DOUBLE_EQ(counter.error_joules(10, 30), 3 + 1e-6);
  EXPECT_DOUBLE_EQ(counter.error_joules(0.1, 30), 3 + 1e-6);
}

}  // namespace
}  // namespace perfmodel
