#include "power/gap_record.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace perfmodel {
namespace {

TEST(GapRecord, KnowsNoneAtFirst) {
  EXPECT_EQ(GapRecord().longest_since(-1e9), 0);
}

TEST(GapRecord, FindsTheLongestThatReachesIntoTheWindow) {
  GapRecord gaps;
  gaps.add(1, 1);
  gaps.add(4, 3);
  gaps.add(6, 2);
  EXPECT_EQ(gaps.longest_since(0), 3);
  EXPECT_EQ(gaps.longest_since(3.9), 3);  // it ended at 4
  EXPECT_EQ(gaps.longest_since(4), 2);
  EXPECT_EQ(gaps.longest_since(6), 0);
}

TEST(GapRecord, AgreesWithASearchThroughAllGaps) {
  std::mt19937 random(1);
  std::exponential_distribution<double> length(1);
  std::vector<std::pair<double, double>> all;
  GapRecord gaps;
  double now = 0;
  for (int i = 0; i < 2000; ++i) {
    const double gap = length(random);
    now += gap;
    all.emplace_back(now, gap);
    gaps.add(now, gap);
  }
  ASSERT_LE(gaps.size(), 64u);
  for (double begin = 0; begin < now; begin += 7.3) {
    double longest = 0;
    for (const auto& [end, gap] : all) {
      if (end > begin) longest = std::max(longest, gap);
    }
    EXPECT_EQ(gaps.longest_since(begin), longest) << begin;
  }
}

// Gaps that shrink for ever would all be worth remembering.
TEST(GapRecord, StaysSmallAndNeverTellsTooLittle) {
  GapRecord gaps;
  double now = 0;
  std::vector<std::pair<double, double>> all;
  for (int i = 0; i < 1000; ++i) {
    const double gap = 2.0 - i * 0.001;
    now += gap;
    all.emplace_back(now, gap);
    gaps.add(now, gap);
  }
  EXPECT_EQ(gaps.size(), 64u);
  for (const auto& [end, gap] : all) EXPECT_GE(gaps.longest_since(end - gap / 2), gap);
}

}  // namespace
}  // namespace perfmodel
