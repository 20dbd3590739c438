#include "power/sample_history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace perfmodel {
namespace {

TEST(SampleHistory, KnowsNothingAtFirst) {
  const SampleHistory history;
  EXPECT_EQ(history.since(-1e9).change_joules, 0);
  EXPECT_EQ(history.since(1e9).late_s, 0);
}

TEST(SampleHistory, AddsUpWhatLiesWithinTheWindow) {
  SampleHistory history;
  for (int i = 0; i <= 4; ++i) history.add(i, {1.0 * i, 0.25 * i});
  EXPECT_EQ(history.since(4).change_joules, 0);
  EXPECT_EQ(history.since(3).change_joules, 4);
  EXPECT_EQ(history.since(2.5).change_joules, 3 + 4);  // the sample at 3 tells of a time that began at 2
  EXPECT_EQ(history.since(0).change_joules, 1 + 2 + 3 + 4);
  EXPECT_EQ(history.since(-5).change_joules, 1 + 2 + 3 + 4);
  EXPECT_EQ(history.since(2).late_s, 0.75 + 1);
}

// Against sums over all samples: never less, and not much more.
TEST(SampleHistory, IsNearTheTruthHoweverLongTheWindow) {
  constexpr int kNumSamples = 100000;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> value(0, 1);
  std::vector<double> until;
  SampleHistory history;
  double sum = 0;
  for (int i = 0; i < kNumSamples; ++i) {
    const double change = value(random);
    until.push_back(sum += change);
    history.add(i, {change, 0});
  }
  for (double length = 1; length < kNumSamples; length = std::ceil(length * 1.1)) {
    const int begin = kNumSamples - 1 - static_cast<int>(length);
    const double truth = sum - until[static_cast<std::size_t>(begin)];
    const double told = history.since(begin).change_joules;
    EXPECT_GE(told, truth - 1e-6) << length;
    EXPECT_LE(told, truth * (1 + 1.0 / 32) + 3) << length;  // 3: chance in the few samples before
  }
  EXPECT_LT(history.num_points(), 1000u);
}

TEST(SampleHistory, TakesSamplesAtOneMoment) {
  SampleHistory history;
  for (int i = 0; i < 1000; ++i) history.add(5, {1, 0});
  EXPECT_EQ(history.since(5).change_joules, 0);
  EXPECT_EQ(history.since(4).change_joules, 1000);
}

}  // namespace
}  // namespace perfmodel
