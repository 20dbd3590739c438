#include <set>
#include <tuple>

#include "expect_error.h"
#include "perfmodel/config/sampling.h"

namespace perfmodel {
namespace {

using Pair = std::tuple<std::size_t, std::uint64_t, std::size_t, std::uint64_t>;

std::set<Pair> pairs_of(const std::vector<Configuration>& configurations) {
  std::set<Pair> pairs;
  for (const Configuration& configuration : configurations) {
    for (std::size_t i = 0; i < configuration.size(); ++i) {
      for (std::size_t j = i + 1; j < configuration.size(); ++j) {
        pairs.emplace(i, configuration[i], j, configuration[j]);
      }
    }
  }
  return pairs;
}

/// All feasible configurations, by enumeration.
std::vector<Configuration> all_of(const ConfigSpace& space) {
  std::vector<Configuration> all;
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    if (space.is_feasible(space.at(index))) all.push_back(space.at(index));
  }
  return all;
}

ConfigSpace mixed_space(std::vector<std::string> constraints = {}) {
  return ConfigSpace({Option::boolean("flag"), Option::integer("x", 0, 4), Option::ordinal("y", {1, 2, 4}),
                      Option::categorical("layout", {"a", "b", "c"}), Option::ordinal("constant", {1})},
                     std::move(constraints));
}

TEST(CoverPairs, CoversEveryFeasiblePair) {
  for (const std::vector<std::string>& constraints : {std::vector<std::string>{},
                                                      {"x < y"},
                                                      {"flag == (x > 2)", "layout != 'b' or y == 2"},
                                                      {"flag + x + y == 4", "layout == 'a' or not flag"}}) {
    const ConfigSpace space = mixed_space(constraints);
    const std::vector<Configuration> rows = cover_pairs(space, 1);
    for (const Configuration& row : rows) EXPECT_TRUE(space.is_feasible(row));
    EXPECT_EQ(pairs_of(rows), pairs_of(all_of(space)));
    EXPECT_EQ(std::set<Configuration>(rows.begin(), rows.end()).size(), rows.size());
    EXPECT_LE(rows.size(), all_of(space).size());
  }
}

TEST(CoverPairs, IsSmall) {
  // 3^13, the usual yardstick: published tools need 15 to 20 rows, all combinations are 1.6 million.
  std::vector<Option> options;
  for (int i = 0; i < 13; ++i) options.push_back(Option::integer("x" + std::to_string(i), 0, 2));
  EXPECT_LE(cover_pairs(ConfigSpace(options), 1).size(), 22u);
  // The two longest options ask for 12 x 4.
  const ConfigSpace board({Option::integer("cores", 1, 4), Option::integer("cpu", 1, 12), Option::integer("gpu", 1, 4),
                           Option::integer("emc", 1, 4)});
  const std::size_t rows = cover_pairs(board, 1).size();
  EXPECT_GE(rows, 48u);
  EXPECT_LE(rows, 54u);
}

TEST(CoverPairs, TakesLongRangesAtLevelsSpreadFromEndToEnd) {
  const ConfigSpace space({Option::integer("x", 0, 1000), Option::boolean("flag")});
  const std::vector<Configuration> rows = cover_pairs(space, 1, 5);
  std::set<std::uint64_t> levels;
  for (const Configuration& row : rows) levels.insert(row[0]);
  EXPECT_EQ(levels, (std::set<std::uint64_t>{0, 250, 500, 750, 1000}));
  EXPECT_EQ(rows.size(), 10u);
}

TEST(CoverPairs, MovesTheLevelsOfLongRangesToFeasibleOnes) {
  const ConfigSpace space({Option::integer("x", 0, 1000), Option::boolean("flag")}, {"x % 7 == 3"});
  const std::vector<Configuration> rows = cover_pairs(space, 1, 5);
  EXPECT_EQ(rows.size(), 10u);
  for (const Configuration& row : rows) EXPECT_EQ(row[0] % 7, 3u);
}

TEST(CoverPairs, OfOneOptionTakesEachLevel) {
  const ConfigSpace space({Option::integer("x", 0, 9)}, {"x != 4"});
  EXPECT_EQ(cover_pairs(space, 1).size(), 9u);
}

TEST(CoverPairs, DependsOnTheSeedAlone) {
  const ConfigSpace space = mixed_space({"x < y"});
  EXPECT_EQ(cover_pairs(space, 4), cover_pairs(space, 4));
}

TEST(CoverPairs, RefusesWhatIsTooMuch) {
  const auto kBad = ErrorCode::kInvalidArgument;
  const ConfigSpace space = mixed_space();
  EXPECT_PM_ERROR(cover_pairs(space, 1, 1), kBad, "max_levels is 1, allowed are 2 to 10000");
  EXPECT_PM_ERROR(cover_pairs(space, 1, 10001), kBad, "max_levels is 10001");
  const ConfigSpace long_ranges({Option::integer("x", 0, 99999), Option::integer("y", 0, 99999)});
  EXPECT_PM_ERROR(cover_pairs(long_ranges, 1, 2000), kBad, "more than 1000000 pairs of levels to cover");
}

}  // namespace
}  // namespace perfmodel
