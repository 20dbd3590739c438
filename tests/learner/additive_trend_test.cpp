#include "learner/additive_trend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

struct Sample {
  std::vector<double> terms;  // n x 3: call, work, traffic
  std::vector<double> targets;
  MatrixView<const double> view() const { return {terms.data(), targets.size(), 3}; }
};

// time = 0.01 + 0.5 work + 0.08 traffic, work and traffic over four decades, times log-normal noise.
Sample roofline(std::size_t n, double noise) {
  Random random(3);
  Sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    const double work = random.log_uniform(1e-3, 10), traffic = random.log_uniform(1e-2, 100);
    sample.terms.insert(sample.terms.end(), {1.0, work, traffic});
    sample.targets.push_back((0.01 + 0.5 * work + 0.08 * traffic) * std::exp(noise * random.normal()));
  }
  return sample;
}

constexpr double kExact = 1e-5;  // coordinate descent stops at steps of 1e-10 in scaled coordinates

TEST(AdditiveTrend, FindsTheCostsOfExactData) {
  const Sample sample = roofline(300, 0.0);
  const std::vector<double> costs = fit_additive_trend(sample.view(), sample.targets);
  ASSERT_EQ(costs.size(), 3u);
  EXPECT_NEAR(costs[0], 0.01, 0.01 * kExact);
  EXPECT_NEAR(costs[1], 0.5, 0.5 * kExact);
  EXPECT_NEAR(costs[2], 0.08, 0.08 * kExact);
}

TEST(AdditiveTrend, IsNotMovedByAFewWildRows) {
  Sample sample = roofline(400, 0.05);
  for (std::size_t i = 0; i < sample.targets.size(); i += 20) sample.targets[i] *= 10;
  const std::vector<double> costs = fit_additive_trend(sample.view(), sample.targets);
  constexpr double kWithin = 0.1;  // 5 % noise over some 130 rows per term, and 5 % of the rows are wild
  EXPECT_NEAR(costs[0], 0.01, 0.01 * kWithin);
  EXPECT_NEAR(costs[1], 0.5, 0.5 * kWithin);
  EXPECT_NEAR(costs[2], 0.08, 0.08 * kWithin);
}

TEST(AdditiveTrend, NeverPaysForATermThatSpeedsThingsUp) {
  Sample sample = roofline(200, 0.0);
  for (std::size_t i = 0; i < sample.targets.size(); ++i) {
    sample.targets[i] = 1.0 / (1.0 + sample.terms[3 * i + 1]);  // falls with the work
  }
  for (const double cost : fit_additive_trend(sample.view(), sample.targets)) EXPECT_GE(cost, 0.0);
}

TEST(AdditiveTrend, GivesAnAbsentTermNoCost) {
  Sample sample = roofline(100, 0.0);
  for (std::size_t i = 0; i < sample.targets.size(); ++i) sample.terms[3 * i + 2] = 0;
  EXPECT_EQ(fit_additive_trend(sample.view(), sample.targets)[2], 0.0);
}

}  // namespace
}  // namespace perfmodel
