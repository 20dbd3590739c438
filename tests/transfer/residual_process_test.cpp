#include "transfer/residual_process.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "perfmodel/core/random.h"
#include "perfmodel/data/metrics.h"
#include "perfmodel/learner/workspace.h"

namespace perfmodel {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kOptions = 3, kEffects = 2, kColumns = kOptions + kEffects + 1;

ResidualProcess make_process() {
  return ResidualProcess({1.5, 0.7, 4}, kEffects, 0.4);
}

struct Example {
  MatrixXd features;
  VectorXd log_targets;
};

Example draw_example(Index rows, std::uint64_t seed) {
  Random random(seed);
  Example example{MatrixXd(rows, kColumns), VectorXd(rows)};
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < kColumns; ++j) example.features(i, j) = random.normal() * (j < kOptions ? 1 : 0.4);
    example.log_targets[i] = 2 + 0.8 * example.features(i, kColumns - 1) + 0.3 * example.features(i, 1) +
                             0.1 * std::sin(2 * example.features(i, 0)) + 0.03 * random.normal();
  }
  return example;
}

/// Other numbers than the default, no two alike.
ResidualPriors other_priors() {
  ResidualPriors priors;
  priors.source_slope_deviation = 0.2;
  priors.effect_deviation = 0.3;
  priors.slope_deviation = {0.1, 0.9};
  priors.signal_deviation = {0.5, 0.6};
  priors.noise_deviation = {0.01, 0.8};
  priors.stretch = {1.5, 0.7};
  return priors;
}

void expect_gradient_of_posterior(const ResidualProcess& process) {
  const Example example = draw_example(15, 1);
  std::vector<double> at = process.expected().to_logarithms(), gradient, ignored;
  Random random(2);
  for (double& logarithm : at) logarithm += 0.7 * random.normal();
  process.minus_log_posterior(example.features, example.log_targets, at, gradient);
  ASSERT_EQ(gradient.size(), static_cast<std::size_t>(kOptions) + 3);
  for (std::size_t k = 0; k < at.size(); ++k) {
    constexpr double kStep = 1e-5;
    std::vector<double> above = at, below = at;
    above[k] += kStep;
    below[k] -= kStep;
    const double difference = process.minus_log_posterior(example.features, example.log_targets, above, ignored) -
                              process.minus_log_posterior(example.features, example.log_targets, below, ignored);
    constexpr double kCentralDifference = 1e-5;  // error of second order in the step, and rounding over the step
    EXPECT_NEAR(gradient[k], difference / (2 * kStep), kCentralDifference * (1 + std::abs(gradient[k]))) << k;
  }
}

TEST(ResidualProcess, HasTheGradientOfItsPosterior) {
  expect_gradient_of_posterior(make_process());
  expect_gradient_of_posterior(make_process().with_priors(other_priors()));
}

// The spread of make_process() is 0.4.
TEST(ResidualProcess, ExpectsWhatItsPriorsSay) {
  const ResidualParameters expected = make_process().with_priors(other_priors()).expected();
  for (Index j = 0; j < kOptions; ++j) EXPECT_DOUBLE_EQ(expected.slope_deviations[j], 0.1 * 0.4);
  EXPECT_DOUBLE_EQ(expected.signal_deviation, 0.5 * 0.4);
  EXPECT_DOUBLE_EQ(expected.noise_deviation, 0.01);
  EXPECT_DOUBLE_EQ(expected.stretch, 1.5);
}

// A target that is the square of the source: followed, unless the prior rules it out.
TEST(ResidualProcess, FollowsTheSourceAsFarAsItsPriorsLet) {
  ResidualPriors certain;
  certain.source_slope_deviation = 1e-6;
  Example example = draw_example(20, 8);
  example.log_targets = 2 * example.features.col(kColumns - 1);
  const auto slope_of = [&](const ResidualProcess& process) {
    return process.condition(example.features, example.log_targets, process.expected()).slopes.back();
  };
  EXPECT_NEAR(slope_of(make_process()), 2, 0.1);
  EXPECT_NEAR(slope_of(make_process().with_priors(certain)), 1, 1e-6);
}

// The same from the covariance of everything: equations 2.23 and 2.24 of Rasmussen and Williams, without a linear mean
// kept apart.
TEST(ResidualProcess, ConditionsOnWhatWasMeasured) {
  const ResidualProcess process = make_process();
  const Example seen = draw_example(12, 3), asked = draw_example(5, 4);
  ResidualParameters parameters = process.expected();
  parameters.slope_deviations << 0.1, 0.02, 0.005;
  parameters.noise_deviation = 0.05;

  const VectorXd rest = seen.log_targets - seen.features.rightCols(1);
  const double shift = median(Span<const double>(rest.data(), static_cast<std::size_t>(rest.size())));
  const double noise = 0.05 * 0.05;
  const MatrixXd k = process.covariance(seen.features, seen.features, parameters) + noise * MatrixXd::Identity(12, 12);
  const MatrixXd cross = process.covariance(asked.features, seen.features, parameters);
  const MatrixXd prior = process.covariance(asked.features, asked.features, parameters);
  const VectorXd surprise = rest.array() - shift;
  const VectorXd means = (cross * k.llt().solve(surprise) + asked.features.rightCols(1)).array() + shift;
  const MatrixXd variances = prior - cross * k.llt().solve(cross.transpose());

  const auto evaluator = make_gaussian_process(process.condition(seen.features, seen.log_targets, parameters));
  ASSERT_TRUE(evaluator->has_deviation());
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = asked.features;
  std::vector<double> found(5), deviations(5);
  Workspace scratch(evaluator->scratch_bytes(5));
  evaluator->evaluate_with_deviation({rows.data(), 5, static_cast<std::size_t>(kColumns)}, found, deviations,
                                     scratch.data());
  constexpr double kRounding = 1e-9;  // of solving with matrices whose elements differ by 1e4
  for (Index i = 0; i < 5; ++i) {
    EXPECT_NEAR(found[static_cast<std::size_t>(i)], means[i], kRounding);
    EXPECT_NEAR(deviations[static_cast<std::size_t>(i)], std::sqrt(variances(i, i) + noise), kRounding);
  }
}

// Measurements of the source itself: b is 1, nothing is left for the options.
TEST(ResidualProcess, LeavesTheSourceAsItIsWhenTheTargetIsTheSame) {
  const ResidualProcess process = make_process();
  Example example = draw_example(20, 5);
  example.log_targets = example.features.col(kColumns - 1).array() + 1.5;
  const ResidualParameters parameters = process.fit(example.features, example.log_targets, {});
  const GaussianProcess fitted = process.condition(example.features, example.log_targets, parameters);
  constexpr double kPriorPull = 1e-6;
  EXPECT_NEAR(fitted.base, 1.5, kPriorPull);
  EXPECT_NEAR(fitted.slopes.back(), 1, kPriorPull);
  for (Index j = 0; j < kOptions; ++j) EXPECT_NEAR(fitted.slopes[static_cast<std::size_t>(j)], 0, kPriorPull);
  EXPECT_LT(parameters.noise_deviation, process.expected().noise_deviation);
}

// Of three options one has a slope that the source does not know: its deviation grows, those of the others do not.
TEST(ResidualProcess, FindsTheOptionThatBehavesOtherwise) {
  const ResidualProcess process = make_process();
  Example example = draw_example(20, 6);
  example.log_targets = example.features.col(kColumns - 1) + 0.3 * example.features.col(1);
  const ResidualParameters parameters = process.fit(example.features, example.log_targets, {});
  const GaussianProcess fitted = process.condition(example.features, example.log_targets, parameters);
  EXPECT_NEAR(fitted.slopes[1], 0.3, 0.02);
  EXPECT_GT(parameters.slope_deviations[1], 5 * parameters.slope_deviations[0]);
  EXPECT_GT(parameters.slope_deviations[1], 5 * parameters.slope_deviations[2]);
}

TEST(ResidualProcess, StopsWhenCancelled) {
  const Example example = draw_example(10, 7);
  Callbacks callbacks;
  callbacks.cancelled = [] { return true; };
  EXPECT_THROW(make_process().fit(example.features, example.log_targets, callbacks), Error);
}

}  // namespace
}  // namespace perfmodel
