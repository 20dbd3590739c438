#include "perfmodel/config/config_space.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "expect_error.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr auto kBad = ErrorCode::kInvalidArgument;

/// 2 x 4 x 3 x 3 = 72 points.
std::vector<Option> small_options() {
  return {Option::boolean("flag"), Option::integer("cores", 1, 4), Option::ordinal("freq", {100, 200, 400}),
          Option::categorical("layout", {"a", "b", "c"})};
}

TEST(ConfigSpace, IndicesAndConfigurationsGoTogether) {
  const ConfigSpace space(small_options());
  ASSERT_EQ(space.num_points(), 72u);
  EXPECT_EQ(space.num_feasible(), 72u);
  std::uint64_t index = 0;
  for (std::uint64_t a = 0; a < 2; ++a) {
    for (std::uint64_t b = 0; b < 4; ++b) {
      for (std::uint64_t c = 0; c < 3; ++c) {
        for (std::uint64_t d = 0; d < 3; ++d, ++index) {
          EXPECT_THAT(space.at(index), ElementsAre(a, b, c, d));
          EXPECT_EQ(space.index_of({a, b, c, d}), index);
          EXPECT_EQ(space.next_feasible(index), index);
        }
      }
    }
  }
  EXPECT_EQ(space.next_feasible(72), std::nullopt);
}

TEST(ConfigSpace, ValuesAndConfigurationsGoTogether) {
  const ConfigSpace space(small_options());
  EXPECT_THAT(space.default_configuration(), ElementsAre(1, 3, 2, 0));
  EXPECT_THAT(space.values({1, 2, 0, 2}), ElementsAre(1, 3, 100, 2));
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    EXPECT_EQ(space.from_values(space.values(space.at(index))), space.at(index));
  }
  EXPECT_EQ(space.option_index("freq"), 2u);
}

/// The feasible points, found by looking at all.
std::vector<std::uint64_t> by_enumeration(const ConfigSpace& space, bool (*holds)(const std::vector<double>&)) {
  std::vector<std::uint64_t> found;
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    if (holds(space.values(space.at(index)))) found.push_back(index);
  }
  return found;
}

void expect_feasible(const ConfigSpace& space, const std::vector<std::uint64_t>& expected) {
  EXPECT_EQ(space.num_feasible(), expected.size());
  EXPECT_EQ(space.num_feasible(5), std::min<std::size_t>(5, expected.size()));
  std::vector<std::uint64_t> walked;
  for (auto next = space.next_feasible(0); next; next = space.next_feasible(*next + 1)) walked.push_back(*next);
  EXPECT_EQ(walked, expected);
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    EXPECT_EQ(space.is_feasible(space.at(index)), std::binary_search(expected.begin(), expected.end(), index));
  }
}

TEST(ConfigSpace, WalksThroughFeasiblePointsInOrder) {
  const ConfigSpace one_tie(small_options(), {"cores >= 2 or freq <= 200", "not flag or layout != 'b'"});
  expect_feasible(one_tie, by_enumeration(one_tie, [](const std::vector<double>& v) {
                    return (v[1] >= 2 || v[2] <= 200) && (v[0] == 0 || v[3] != 1);
                  }));
  const ConfigSpace across(small_options(), {"flag + cores * 100 < freq"});
  expect_feasible(across,
                  by_enumeration(across, [](const std::vector<double>& v) { return v[0] + v[1] * 100 < v[2]; }));
  const ConfigSpace chained(small_options(), {"cores % 2 == 1", "freq / cores > 60", "flag == (freq > 100)"});
  expect_feasible(chained, by_enumeration(chained, [](const std::vector<double>& v) {
                    return std::fmod(v[1], 2) == 1 && v[2] / v[1] > 60 && (v[0] == 1) == (v[2] > 100);
                  }));
  const ConfigSpace single(small_options(), {"flag and cores == 1 and freq == 100 and layout == 'c'"});
  expect_feasible(single, {38});  // 1 * 36 + 0 * 9 + 0 * 3 + 2
}

TEST(ConfigSpace, ConstraintsWithoutOptionsAreAllOrNothing) {
  EXPECT_EQ(ConfigSpace(small_options(), {"1 < 2"}).num_feasible(), 72u);
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"1 > 2"}), kBad, "no configuration satisfies the constraint '1 > 2'");
}

TEST(ConfigSpace, NearestTakesTheNearestLevelOfEachOption) {
  const ConfigSpace space(small_options());
  EXPECT_THAT(space.nearest(std::vector<double>{0.4, 2.6, 1000, 1.2}), ElementsAre(0, 2, 2, 1));
  EXPECT_THAT(space.nearest(std::vector<double>{-7, -7, -7, -7}), ElementsAre(0, 0, 0, 0));
}

/// How far apart, in levels over the number of levels.
double distance(const ConfigSpace& space, const Configuration& a, const Configuration& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])) /
           static_cast<double>(space.options()[i].num_levels());
  }
  return sum;
}

TEST(ConfigSpace, NearestOfAnInfeasibleProposalChangesLeast) {
  constexpr double kRounding = 1e-12;  // of a sum of four fractions
  for (const char* constraint : {"cores * 100 > freq", "cores == 2 and (flag or freq == 400)",
                                 "flag + cores + freq / 100 + (3 - 2) == 5", "layout == 'b' and not flag"}) {
    SCOPED_TRACE(constraint);
    const ConfigSpace space(small_options(), {constraint});
    for (std::uint64_t index = 0; index < space.num_points(); ++index) {
      const Configuration from = space.at(index);
      const Configuration nearest = space.nearest(space.values(from));
      ASSERT_TRUE(space.is_feasible(nearest));
      double least = 1e9;
      for (std::uint64_t other = 0; other < space.num_points(); ++other) {
        if (space.is_feasible(space.at(other))) least = std::min(least, distance(space, from, space.at(other)));
      }
      ASSERT_NEAR(distance(space, from, nearest), least, kRounding) << index;
    }
  }
}

TEST(ConfigSpace, NeighboursDifferInOneOption) {
  const ConfigSpace space(small_options());
  EXPECT_THAT(space.neighbours({0, 1, 2, 1}),
              ElementsAre(Configuration{1, 1, 2, 1}, Configuration{0, 0, 2, 1}, Configuration{0, 2, 2, 1},
                          Configuration{0, 1, 1, 1}, Configuration{0, 1, 2, 0}, Configuration{0, 1, 2, 2}));
  EXPECT_THAT(space.neighbours({0, 0, 0, 0}),
              ElementsAre(Configuration{1, 0, 0, 0}, Configuration{0, 1, 0, 0}, Configuration{0, 0, 1, 0},
                          Configuration{0, 0, 0, 1}, Configuration{0, 0, 0, 2}));
  const ConfigSpace constrained(small_options(), {"cores != 1", "layout != 'c'"});
  EXPECT_THAT(constrained.neighbours({0, 1, 0, 0}), ElementsAre(Configuration{1, 1, 0, 0}, Configuration{0, 2, 0, 0},
                                                                Configuration{0, 1, 1, 0}, Configuration{0, 1, 0, 1}));
}

TEST(ConfigSpace, OptionsOfOneLevelAreAllowed) {
  const ConfigSpace space({Option::ordinal("gpu_status", {1}), Option::boolean("b"), Option::categorical("c", {"x"})},
                          {"gpu_status == 1 or b"});
  EXPECT_EQ(space.num_points(), 2u);
  EXPECT_EQ(space.neighbours({0, 0, 0}).size(), 1u);
}

TEST(ConfigSpace, CopiesShareEverything) {
  const ConfigSpace space(small_options(), {"flag"});
  const ConfigSpace copy = space;
  EXPECT_EQ(&copy.options(), &space.options());
  EXPECT_THAT(copy.constraints(), ElementsAre("flag"));
}

TEST(ConfigSpace, RefusesSpacesThatAreNone) {
  EXPECT_PM_ERROR(ConfigSpace({}), kBad, "a config space without options");
  EXPECT_PM_ERROR(ConfigSpace({Option::boolean("a"), Option::integer("a", 1, 2)}), kBad, "option 'a' appears twice");
  std::vector<Option> flags;
  for (int i = 0; i < 63; ++i) flags.push_back(Option::boolean("f" + std::to_string(i)));
  EXPECT_EQ(ConfigSpace(flags).num_points(), std::uint64_t{1} << 63);
  flags.push_back(Option::boolean("last"));
  EXPECT_PM_ERROR(ConfigSpace{flags}, kBad, "more than 2^63 configurations, counted up to option 'last'");
  const std::vector<Option> many(10001, Option::ordinal("x", {1}));
  EXPECT_PM_ERROR(ConfigSpace{many}, kBad, "10001 options, at most 10000");
}

TEST(ConfigSpace, RefusesConstraintsThatContradictEachOther) {
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"flag", "cores > 7"}), kBad,
                  "no configuration satisfies the constraint 'cores > 7'");
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"cores > 2", "flag", "cores < freq / 200"}), kBad,
                  "no configuration satisfies the constraints together: 'cores > 2', 'cores < freq / 200'");
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"flag", "not flag"}), kBad, "together: 'flag', 'not flag'");
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"cores / 0 > 1"}), kBad, "'cores / 0 > 1'");
  EXPECT_PM_ERROR(ConfigSpace(small_options(), {"cores - cores == 1"}), kBad, "'cores - cores == 1'");
  EXPECT_PM_ERROR(ConfigSpace(small_options(), std::vector<std::string>(1001, "flag")), kBad,
                  "1001 constraints of 4004 bytes, at most 1000 of");
}

TEST(ConfigSpace, NamesWhatIsWrongWithAnArgument) {
  const ConfigSpace space(small_options());
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_PM_ERROR(space.option_index("gpu"), ErrorCode::kNotFound,
                  "no option 'gpu' (there are: flag, cores, freq, layout)");
  EXPECT_PM_ERROR(space.index_of({0, 0}), kBad, "a configuration of 2 levels, there are 4 options (flag, cores,");
  EXPECT_PM_ERROR(space.index_of({0, 4, 0, 0}), kBad, "option 'cores': level 4, there are 4, counted from 0");
  EXPECT_PM_ERROR(space.is_feasible({0, 4, 0, 0}), kBad, "option 'cores'");
  EXPECT_PM_ERROR(space.values({2, 0, 0, 0}), kBad, "option 'flag'");
  EXPECT_PM_ERROR(space.neighbours({2, 0, 0, 0}), kBad, "option 'flag'");
  EXPECT_PM_ERROR(space.at(72), kBad, "configuration number 72, there are 72");
  EXPECT_PM_ERROR(space.from_values(std::vector<double>{1}), ErrorCode::kMismatch, "1 numbers for a configuration");
  EXPECT_PM_ERROR(space.from_values(std::vector<double>{1, 2, 300, 0}), kBad,
                  "option 'freq': 300 is not an allowed level (100, 200, 400)");
  EXPECT_PM_ERROR(space.from_values(std::vector<double>{1, 2, kNan, 0}), kBad, "option 'freq': nan");
  EXPECT_PM_ERROR(space.nearest(std::vector<double>{1, 2, 3}), ErrorCode::kMismatch, "3 numbers");
  EXPECT_PM_ERROR(space.nearest(std::vector<double>{1, kNan, 3, 1}), kBad,
                  "option 'cores': NaN where a number belongs");
}

}  // namespace
}  // namespace perfmodel
