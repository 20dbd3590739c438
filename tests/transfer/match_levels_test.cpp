#include "transfer/match_levels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace perfmodel {
namespace {

Option range(std::int64_t low, std::int64_t high, std::int64_t step = 1) {
  return Option::integer("x", low, high, step);
}

TEST(MatchLevels, ComparesRangesByTheirEndsAndSteps) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  EXPECT_TRUE(holds_all_of(range(1, 3000), range(1, 1500)));
  EXPECT_FALSE(holds_all_of(range(1, 1500), range(1, 3000)));
  EXPECT_TRUE(holds_all_of(range(0, 12 * kBillion, 2), range(6, 6 * kBillion, 6)));
  EXPECT_FALSE(holds_all_of(range(0, 12 * kBillion, 4), range(0, 6 * kBillion, 6))) << "6 is not a multiple of 4";
  EXPECT_FALSE(holds_all_of(range(0, 12 * kBillion, 2), range(1, 6 * kBillion, 2))) << "odd numbers among even ones";
  EXPECT_FALSE(holds_all_of(range(-4, 4), range(-5, 4)));
  EXPECT_TRUE(holds_all_of(range(-4, 4), Option::boolean("x")));
  EXPECT_TRUE(holds_all_of(Option::boolean("x"), range(1, 1)));
  EXPECT_FALSE(holds_all_of(range(2, 8), Option::boolean("x")));
}

TEST(MatchLevels, LooksForEachLevelOfAList) {
  std::vector<double> even, all;
  for (int i = 0; i < 4000; ++i) {
    all.push_back(i);
    if (i % 2 == 0) even.push_back(i);
  }
  const Option list = Option::ordinal("x", all), some = Option::ordinal("x", even);
  EXPECT_TRUE(holds_all_of(list, some));
  EXPECT_FALSE(holds_all_of(some, list));
  EXPECT_TRUE(holds_all_of(range(0, 5000), list));
  EXPECT_TRUE(holds_all_of(list, range(7, 3999)));
  EXPECT_FALSE(holds_all_of(some, range(0, 3998)));
  EXPECT_FALSE(holds_all_of(range(0, 5000), Option::ordinal("x", {1, 2.5, 3})));
}

// By rank, 1..1500 would be spread over 1..3000.
TEST(MatchLevels, KeepsTheNumbersOfNestedRangesOfAnyLength) {
  for (const std::int64_t high : {1500, 1'500'000'000}) {
    for (const bool source_is_longer : {true, false}) {
      const Option shorter = range(1, high), longer = range(1, 2 * high);
      const LevelMatch match = source_is_longer ? match_levels(longer, shorter) : match_levels(shorter, longer);
      EXPECT_FALSE(match.by_rank);
      EXPECT_TRUE(match.map.from.empty());
    }
  }
}

TEST(MatchLevels, SaysWhichLevelStandsForWhich) {
  const Option source = Option::ordinal("clock", {100, 200, 400, 800, 1600});
  const Option target = Option::ordinal("clock", {110, 220, 440, 880, 1760});
  const LevelMatch match = match_levels(source, target);
  ASSERT_TRUE(match.by_rank);
  EXPECT_EQ(match.map.to, (std::vector<double>{100, 200, 400, 800, 1600}));
  EXPECT_EQ(describe_ranks(target, match.map),
            "option 'clock' matched by rank: 110 -> 100, 220 -> 200, 440 -> 400, ..., 1760 -> 1600");
  const Option one = Option::ordinal("clock", {250});
  EXPECT_EQ(describe_ranks(one, match_levels(source, one).map), "option 'clock' matched by rank: 250 -> 200");
}

}  // namespace
}  // namespace perfmodel
