#include "learner/marginal_likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "predict/gaussian_process_expected.h"

namespace perfmodel {
namespace {

// Another order of operations on numbers near 1, under a factor of 1e4 where the mean's prior is that vague.
constexpr double kRounding = 1e-8;
using Kernel = GaussianProcess::Kernel;

MatrixView<const double> rows() {
  return {expected::kRows.data(), expected::kTargets.size(), 2};
}

MarginalLikelihood likelihood(Kernel kernel, bool linear_mean) {
  return {kernel, rows(), expected::kTargets, linear_mean};
}

ProcessParameters parameters() {
  return {expected::kLengthScales, expected::kSignalVariance, expected::kNoiseVariance};
}

void expect_near(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i], kRounding * std::max(1.0, std::abs(expected[i]))) << i;
  }
}

TEST(MarginalLikelihood, IsThatOfScikitLearn) {
  using namespace expected;
  std::vector<double> gradient;
  EXPECT_NEAR(likelihood(Kernel::kSquaredExponential, false).value(parameters(), gradient),
              squared_exponential::kLogLikelihood, kRounding);
  expect_near(gradient, squared_exponential::kGradient);
  EXPECT_NEAR(likelihood(Kernel::kMatern52, false).value(parameters(), gradient), matern52::kLogLikelihood, kRounding);
  expect_near(gradient, matern52::kGradient);
  EXPECT_NEAR(likelihood(Kernel::kMatern52, true).value(parameters(), gradient), linear_mean::kLogLikelihood,
              kRounding);
  expect_near(gradient, linear_mean::kGradient);
}

TEST(MarginalLikelihood, LeavesOutOneRowAsFittingWithoutIt) {
  using namespace expected;
  const LeftOut squared = likelihood(Kernel::kSquaredExponential, false).leave_one_out(parameters());
  expect_near(squared.means, squared_exponential::kLeftOutMeans);
  expect_near(squared.deviations, squared_exponential::kLeftOutDeviations);
  const LeftOut matern = likelihood(Kernel::kMatern52, false).leave_one_out(parameters());
  expect_near(matern.means, matern52::kLeftOutMeans);
  expect_near(matern.deviations, matern52::kLeftOutDeviations);
  const LeftOut linear = likelihood(Kernel::kMatern52, true).leave_one_out(parameters());
  expect_near(linear.means, linear_mean::kLeftOutMeans);
  expect_near(linear.deviations, linear_mean::kLeftOutDeviations);
}

TEST(MarginalLikelihood, ConditionsOnTheTargets) {
  using namespace expected;
  const GaussianProcess matern = likelihood(Kernel::kMatern52, false).condition(parameters());
  expect_near(matern.weights, matern52::kWeights);
  expect_near(matern.cholesky, matern52::kCholesky);
  EXPECT_EQ(matern.points, kRows);
  EXPECT_EQ(matern.base, 0);
  EXPECT_TRUE(matern.slopes.empty());
  EXPECT_TRUE(matern.mean_cholesky.empty());
  const GaussianProcess linear = likelihood(Kernel::kMatern52, true).condition(parameters());
  expect_near(linear.weights, linear_mean::kWeights);
  expect_near({linear.base, linear.slopes[0], linear.slopes[1]}, linear_mean::kMeanCoefficients);
  expect_near(linear.mean_cholesky, linear_mean::kMeanCholesky);
}

TEST(MarginalLikelihood, HasTheGradientOfItsValue) {
  // Central differences with a step of 1e-5 are good to about 1e-9.
  for (const bool linear_mean : {false, true}) {
    const MarginalLikelihood function = likelihood(Kernel::kMatern52, linear_mean);
    const std::vector<double> at = parameters().to_logarithms();
    std::vector<double> gradient, ignored;
    function.value(parameters(), gradient);
    for (std::size_t j = 0; j < at.size(); ++j) {
      constexpr double kStep = 1e-5;
      std::vector<double> before = at, after = at;
      before[j] -= kStep;
      after[j] += kStep;
      const double rise = function.value(ProcessParameters::from_logarithms(after), ignored) -
                          function.value(ProcessParameters::from_logarithms(before), ignored);
      EXPECT_NEAR(gradient[j], rise / (2 * kStep), 1e-6) << linear_mean << " " << j;
    }
  }
}

TEST(MarginalLikelihood, ServesRowsWithoutFeatures) {
  const MarginalLikelihood function(Kernel::kMatern52, {nullptr, 8, 0}, expected::kTargets, false);
  std::vector<double> gradient;
  EXPECT_TRUE(std::isfinite(function.value({{}, 1, 0.1}, gradient)));
  EXPECT_EQ(gradient.size(), 2U);
  EXPECT_EQ(function.condition({{}, 1, 0.1}).weights.size(), 8U);
}

TEST(MarginalLikelihood, RefusesACovarianceWithoutNoiseOfEqualRows) {
  const std::vector<double> same = {1, 1}, targets = {0, 1};
  const MarginalLikelihood function(Kernel::kMatern52, {same.data(), 2, 1}, targets, false);
  std::vector<double> gradient;
  EXPECT_PM_ERROR(function.value({{1}, 1, 0}, gradient), ErrorCode::kInternal, "is not positive definite");
}

}  // namespace
}  // namespace perfmodel
