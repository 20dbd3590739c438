#include "simulated_board/thermal_state.h"

#include <gtest/gtest.h>

#include <cmath>

namespace perfmodel {
namespace {

TEST(ThermalState, FollowsPowerWithOneTimeConstant) {
  ThermalState state(25);
  EXPECT_EQ(state.temperature_celsius(), 25);
  state.advance(8, 25);  // 25 s is the time constant, 4.5 K/W the resistance
  EXPECT_NEAR(state.temperature_celsius(), 25 + 36 * (1 - std::exp(-1)), 1e-12);
  state.advance(8, 1e4);
  EXPECT_NEAR(state.temperature_celsius(), 61, 1e-9);
  state.advance(0, 1e4);
  EXPECT_NEAR(state.temperature_celsius(), 25, 1e-9);
}

TEST(ThermalState, ManySmallStepsAreOneLarge) {
  ThermalState many(30), one(30);
  for (int i = 0; i < 10000; ++i) many.advance(5, 0.001);
  one.advance(5, 10);
  EXPECT_NEAR(many.temperature_celsius(), one.temperature_celsius(), 1e-9);
}

TEST(ThermalState, ThrottlesAboveALimitUntilItIsMuchCooler) {
  ThermalState state(25);
  state.advance(13, 1e4);  // 83.5 degrees
  EXPECT_FALSE(state.throttled());
  state.advance(14, 1e4);  // 88
  EXPECT_TRUE(state.throttled());
  EXPECT_EQ(state.num_throttled(), 1);
  state.advance(12, 1e4);  // 79: below the limit, but not by enough
  EXPECT_TRUE(state.throttled());
  state.advance(11, 1e4);  // 74.5
  EXPECT_FALSE(state.throttled());
  state.advance(14, 1e4);
  EXPECT_EQ(state.num_throttled(), 2);
}

}  // namespace
}  // namespace perfmodel
