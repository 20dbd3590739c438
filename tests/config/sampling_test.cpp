#include "perfmodel/config/sampling.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "config/distinct_draws.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

/// 4 x 12 x 4 x 4 = 768 points, the shape of the measured TX2 tables.
ConfigSpace board_space(std::vector<std::string> constraints = {}) {
  return ConfigSpace({Option::integer("cores", 1, 4), Option::integer("cpu", 1, 12), Option::integer("gpu", 1, 4),
                      Option::integer("emc", 1, 4)},
                     std::move(constraints));
}

std::set<std::uint64_t> indices_of(const ConfigSpace& space, const std::vector<Configuration>& samples) {
  std::set<std::uint64_t> indices;
  for (const Configuration& sample : samples) {
    EXPECT_TRUE(space.is_feasible(sample));
    indices.insert(space.index_of(sample));
  }
  return indices;
}

using Sampling = std::vector<Configuration> (*)(const ConfigSpace&, std::size_t, std::uint64_t);

class SeededSampling : public ::testing::TestWithParam<Sampling> {};
INSTANTIATE_TEST_SUITE_P(All, SeededSampling, ::testing::Values(&sample_random, &sample_latin_hypercube));

TEST_P(SeededSampling, GivesFeasibleConfigurationsWithoutRepeats) {
  for (const std::vector<std::string>& constraints :
       {std::vector<std::string>{}, {"cpu + gpu > 8"}, {"cpu == emc", "cores != gpu"}}) {
    const ConfigSpace space = board_space(constraints);
    const std::uint64_t all = space.num_feasible();
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{19}, all / 2, all - 1, all}) {
      EXPECT_EQ(indices_of(space, GetParam()(space, count, 3)).size(), count);
    }
    EXPECT_EQ(indices_of(space, GetParam()(space, all + 1, 3)).size(), all);
    EXPECT_EQ(GetParam()(space, SIZE_MAX, 3).size(), all);
  }
}

TEST_P(SeededSampling, DependsOnTheSeedAlone) {
  const ConfigSpace space = board_space({"cores + gpu > 3"});
  EXPECT_EQ(GetParam()(space, 30, 1), GetParam()(space, 30, 1));
  EXPECT_NE(GetParam()(space, 30, 1), GetParam()(space, 30, 2));
}

TEST(SampleRandom, HitsFeasiblePointsEquallyOften) {
  // 9 feasible points of 25, among which a walk along one option would favour some.
  const ConfigSpace space({Option::integer("x", 0, 4), Option::integer("y", 0, 4)}, {"x == 0 or (x == 4 and y > 0)"});
  ASSERT_EQ(space.num_feasible(), 9u);
  std::map<std::uint64_t, int> hits;
  constexpr int kRuns = 3000;
  for (int seed = 0; seed < kRuns; ++seed) {
    for (const Configuration& sample : sample_random(space, 3, static_cast<std::uint64_t>(seed))) {
      ++hits[space.index_of(sample)];
    }
  }
  // Binomial with mean 1000 and deviation sqrt(3000 * 1/3 * 2/3) = 26: five deviations.
  ASSERT_EQ(hits.size(), 9u);
  for (const auto& [index, count] : hits) EXPECT_NEAR(count, 1000, 130) << index;
}

/// Largest difference of how often two levels of an option come.
std::uint64_t imbalance(const ConfigSpace& space, const std::vector<Configuration>& samples, std::size_t option) {
  std::vector<std::uint64_t> hits(space.options()[option].num_levels());
  for (const Configuration& sample : samples) ++hits[sample[option]];
  return *std::max_element(hits.begin(), hits.end()) - *std::min_element(hits.begin(), hits.end());
}

TEST(SampleLatinHypercube, HitsLevelsEquallyOften) {
  const ConfigSpace space = board_space();
  for (const std::size_t count : {12u, 19u, 24u, 84u}) {
    const std::vector<Configuration> samples = sample_latin_hypercube(space, count, 5);
    for (std::size_t option = 0; option < 4; ++option) EXPECT_LE(imbalance(space, samples, option), 1u) << count;
  }
}

TEST(SampleLatinHypercube, SpreadsSamplesWhereLevelsAreMore) {
  const ConfigSpace space({Option::integer("x", 0, 99), Option::integer("y", 0, 49)});
  const std::vector<Configuration> samples = sample_latin_hypercube(space, 10, 7);
  std::set<std::uint64_t> x_strata, y_strata;
  for (const Configuration& sample : samples) {
    x_strata.insert(sample[0] / 10);
    y_strata.insert(sample[1] / 5);
  }
  EXPECT_EQ(x_strata.size(), 10u);
  EXPECT_EQ(y_strata.size(), 10u);
}

TEST(SampleLatinHypercube, StaysBalancedWhereConstraintsLetIt) {
  // Half of all points are out; balanced designs without them are many.
  const ConfigSpace space = board_space({"(cores + gpu + emc) % 2 == 0"});
  const std::vector<Configuration> samples = sample_latin_hypercube(space, 24, 1);
  EXPECT_EQ(indices_of(space, samples).size(), 24u);
  for (std::size_t option = 0; option < 4; ++option) EXPECT_LE(imbalance(space, samples, option), 1u);
}

/// Nothing is feasible, but that is too hard to be found: each prime factor of 2^31 - 1, a prime, would have to be a
/// level.
ConfigSpace contradictory_space() {
  std::vector<Option> options;
  std::string product = "1";
  for (int i = 0; i < 12; ++i) {
    options.push_back(Option::integer("x" + std::to_string(i), 1, 32));
    product += " * x" + std::to_string(i);
  }
  return ConfigSpace(options, {product + " == 2147483647"});
}

TEST(DistinctDraws, EndWhereNothingMoreIsFound) {
  const ConfigSpace space = contradictory_space();
  Random random(1);
  DistinctDraws draws(space, random);
  draws.take(Configuration(12, 0));
  EXPECT_EQ(draws.draw(), std::nullopt);
}

TEST(Sampling, NothingFeasibleIsAnError) {
  const ConfigSpace space = contradictory_space();
  const auto kBad = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(sample_random(space, 3, 1), kBad, "no feasible configuration was found in a random search");
  EXPECT_PM_ERROR(sample_latin_hypercube(space, 3, 1), kBad, "no feasible configuration was found in a random search");
  EXPECT_PM_ERROR(one_at_a_time(space), kBad, "no feasible configuration was found");
  EXPECT_PM_ERROR(full_factorial(space, {0}), kBad, "no feasible configuration was found");
  EXPECT_PM_ERROR(space.nearest(std::vector<double>(12, 3)), kBad,
                  "no feasible configuration was found near the proposal, which breaks the constraint '1 * x0");
}

/// 14 007 feasible points among 1.28 x 10^9, too scattered to be listed, and rare enough that a random search fails.
TEST(Sampling, FindsScatteredPoints) {
  std::vector<Option> options;
  std::string product = "1";
  for (int i = 0; i < 7; ++i) {
    options.push_back(Option::integer("x" + std::to_string(i), 1, 20));
    product += " * x" + std::to_string(i);
  }
  const ConfigSpace space(options, {product + " == 360"});
  EXPECT_EQ(space.num_feasible(100), 100u);
  EXPECT_EQ(indices_of(space, sample_random(space, 50, 1)).size(), 50u);
  EXPECT_EQ(indices_of(space, sample_latin_hypercube(space, 10, 1)).size(), 10u);
}

TEST(Sampling, RefusesMoreThanFitsIntoMemory) {
  const ConfigSpace space({Option::integer("i", 1, 1000000000)});
  EXPECT_PM_ERROR(sample_random(space, 10000001, 1), ErrorCode::kInvalidArgument,
                  "10000001 samples, at most 10000000 are made");
  EXPECT_PM_ERROR(sample_latin_hypercube(space, 10000001, 1), ErrorCode::kInvalidArgument, "10000001 samples");
}

}  // namespace
}  // namespace perfmodel
