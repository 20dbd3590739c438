#include <chrono>
#include <set>

#include "expect_error.h"
#include "perfmodel/config/sampling.h"

namespace perfmodel {
namespace {

/// Far more than any of these takes (milliseconds, also in builds without optimisation), far less than a walk through
/// 10^12 points.
constexpr double kMostSeconds = 5;

class Stopwatch {
 public:
  ~Stopwatch() {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
    EXPECT_LT(seconds.count(), kMostSeconds);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// 12 options of 10 levels: 10^12 points.
ConfigSpace space_of(std::vector<std::string> constraints = {}) {
  std::vector<Option> options;
  for (char name = 'a'; name < 'm'; ++name) options.push_back(Option::integer(std::string(1, name), 0, 9));
  return ConfigSpace(std::move(options), std::move(constraints));
}

constexpr std::uint64_t kTrillion = 1000000000000;

void expect_samples(const ConfigSpace& space) {
  const Stopwatch stopwatch;
  using Samples = std::vector<Configuration>;
  for (const Samples& samples : {sample_random(space, 1000, 1), sample_latin_hypercube(space, 1000, 1)}) {
    EXPECT_EQ(std::set<Configuration>(samples.begin(), samples.end()).size(), 1000u);
    for (const Configuration& sample : samples) EXPECT_TRUE(space.is_feasible(sample));
  }
  const Samples pairs = cover_pairs(space, 1);
  EXPECT_GE(pairs.size(), 10u);
  for (const Configuration& row : pairs) EXPECT_TRUE(space.is_feasible(row));
}

TEST(LargeSpace, WorksWithoutConstraints) {
  const ConfigSpace space = space_of();
  EXPECT_EQ(space.num_points(), kTrillion);
  EXPECT_EQ(space.num_feasible(), kTrillion);
  EXPECT_EQ(space.index_of(space.at(123456789012)), 123456789012u);
  EXPECT_EQ(space.at(123456789012), (Configuration{1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2}));
  EXPECT_EQ(full_factorial(space, {0, 11}).size(), 100u);
  EXPECT_EQ(one_at_a_time(space).size(), 1u + 12 * 9);
  expect_samples(space);
}

TEST(LargeSpace, WorksWithConstraintsOnFewOptions) {
  const Stopwatch stopwatch;
  const ConfigSpace space = space_of({"a + l <= 9", "b == 3 or c == 4", "d * e > f", "not (g == 1 and h == 1)"});
  // 55 pairs (a, l); 10 + 10 - 1 pairs (b, c); triples d e > f; 99 pairs (g, h); three options are free.
  std::uint64_t triples = 0;
  for (int d = 0; d < 10; ++d) {
    for (int e = 0; e < 10; ++e) triples += static_cast<std::uint64_t>(std::min(d * e, 10));
  }
  EXPECT_EQ(space.num_feasible(), 55 * 19 * triples * 99 * 1000);
  expect_samples(space);
}

TEST(LargeSpace, WorksWhereOneConstraintTiesAllOptions) {
  const Stopwatch stopwatch;
  const ConfigSpace space = space_of({"a + b + c + d + e + f + g + h + i + j + k + l == 54"});
  expect_samples(space);
  EXPECT_EQ(space.num_feasible(1000), 1000u);
  // Millions of points are equally near: whichever it takes, 54 levels must go.
  std::uint64_t sum = 0;
  for (const std::uint64_t level : space.nearest(std::vector<double>(12, 9))) sum += level;
  EXPECT_EQ(sum, 54u);
}

TEST(LargeSpace, FindsTheOneFeasiblePoint) {
  const Stopwatch stopwatch;
  const ConfigSpace space =
      space_of({"a == 7 and b == 0 and c == 7 and d == 0", "e + f + g + h == 36", "i * j * k * l == 6561"});
  EXPECT_EQ(space.num_feasible(), 1u);
  const Configuration only = {7, 0, 7, 0, 9, 9, 9, 9, 9, 9, 9, 9};
  EXPECT_EQ(space.next_feasible(0), 707099999999u);
  EXPECT_EQ(space.next_feasible(707099999999), 707099999999u);
  EXPECT_EQ(space.next_feasible(707100000000), std::nullopt);
  EXPECT_EQ(space.nearest(std::vector<double>(12, 0)), only);
  EXPECT_EQ(sample_random(space, 5, 1), std::vector<Configuration>{only});
  EXPECT_EQ(sample_latin_hypercube(space, 5, 1), std::vector<Configuration>{only});
  EXPECT_EQ(cover_pairs(space, 1), std::vector<Configuration>{only});
}

TEST(LargeSpace, FindsContradictionsBetweenFarOptions) {
  const Stopwatch stopwatch;
  EXPECT_PM_ERROR(space_of({"a < l", "c + d > 3", "l < a"}), ErrorCode::kInvalidArgument,
                  "no configuration satisfies the constraints together: 'a < l', 'l < a'");
}

TEST(LargeSpace, WorksWithOptionsOfMillionsOfLevels) {
  const Stopwatch stopwatch;
  const ConfigSpace space({Option::integer("x", 0, 999999), Option::integer("y", 0, 999999)},
                          {"x >= 999990", "y % 1000 == 1"});
  EXPECT_EQ(space.num_feasible(), 10u * 1000);
  EXPECT_EQ(space.next_feasible(0), 999990000001u);
  EXPECT_EQ(space.nearest(std::vector<double>{5, 1400}), (Configuration{999990, 1001}));
  const std::vector<Configuration> samples = sample_random(space, 10000, 1);
  EXPECT_EQ(std::set<Configuration>(samples.begin(), samples.end()).size(), 10000u);
  EXPECT_EQ(cover_pairs(space, 1, 4).size(), 4u);  // of x only the last of four stretches is feasible
}

TEST(LargeSpace, ReachesTheLastOfTwoToTheSixtyThreePoints) {
  const Stopwatch stopwatch;
  std::vector<Option> flags;
  for (int i = 0; i < 63; ++i) flags.push_back(Option::boolean("f" + std::to_string(i)));
  const ConfigSpace space(flags);
  const std::uint64_t last = (std::uint64_t{1} << 63) - 1;
  EXPECT_EQ(space.at(last), Configuration(63, 1));
  EXPECT_EQ(space.next_feasible(last), last);
  EXPECT_EQ(space.next_feasible(last + 1), std::nullopt);
  EXPECT_EQ(sample_random(space, 100, 1).size(), 100u);
  EXPECT_LE(cover_pairs(space, 1).size(), 16u);  // 2 levels, 63 options: about log2
}

}  // namespace
}  // namespace perfmodel
