#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

ColumnTransform column(ColumnTransform::Shape shape, double lambda, double mean, double deviation, bool used = true) {
  return {shape, lambda, mean, deviation, used};
}

/// A tree that answers 10 when its only input is below 0, else 20.
std::shared_ptr<const Evaluator> sign_tree() {
  TreeEnsemble trees;
  trees.num_inputs = 1;
  trees.roots = {0};
  trees.feature = {0, -1, -1};
  trees.threshold = {0, 10, 20};
  trees.left = {1, 0, 0};
  return make_tree_ensemble(trees);
}

TEST(Transformed, ScalesBackAndTransformsFeatures) {
  // z = (log x - log 5) / 2 is negative below 5; the unused column is not handed on.
  const FeatureTransform features({column(ColumnTransform::Shape::kIdentity, 1, 0, 1, false),
                                   column(ColumnTransform::Shape::kLog, 1, std::log(5.0), 2)});
  TargetTransform target;
  target.scale = 10;
  const std::vector<double> rows = {-7, 4.9, 0, 5.1};
  EXPECT_EQ(evaluate(*make_transformed(features, sign_tree(), target), {rows.data(), 2, 2}),
            (std::vector<double>{1, 2}));
}

TEST(Transformed, AddsTheTrendInTheLogarithm) {
  const FeatureTransform features({column(ColumnTransform::Shape::kBoxCox, 0.5, 1, 4)});
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  target.mean = 0.25;
  target.deviation = 0.125;
  target.trend_bias = -1;
  target.trend = {3};
  // By hand: Box-Cox(9; 0.5) = (3 - 1) / 0.5 = 4, z = (4 - 1) / 4 = 0.75, answer 20: 0.25 + 2.5 - 1 + 3 * 0.75 = 4.
  const double row = 9;
  EXPECT_NEAR(evaluate(*make_transformed(features, sign_tree(), target), {&row, 1, 1})[0], std::exp(4.0),
              kRounding * std::exp(4.0));
}

TEST(Transformed, WorksBlockByBlock) {
  const FeatureTransform features({column(ColumnTransform::Shape::kIdentity, 1, 0.5, 1)});
  const auto evaluator = make_transformed(features, sign_tree(), {});
  std::vector<double> rows(1000);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i % 3 == 0 ? 0 : 1;
  const std::vector<double> answers = evaluate(*evaluator, {rows.data(), rows.size(), 1});
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(answers[i], i % 3 == 0 ? 10 : 20) << i;
}

TEST(Transformed, ServesAModelWithoutUsedFeatures) {
  const FeatureTransform features({column(ColumnTransform::Shape::kIdentity, 1, 0, 1, false)});
  const double row = 3;
  EXPECT_EQ(evaluate(*make_transformed(features, make_constant(0, 7), {}), {&row, 1, 1})[0], 7);
}

TEST(Transformed, RejectsPartsThatDoNotFit) {
  const auto one = FeatureTransform({column(ColumnTransform::Shape::kIdentity, 1, 0, 1)});
  TargetTransform two_trends, zero_scale, infinite_mean, infinite_trend, infinite_deviation, infinite_bias;
  two_trends.trend = {1, 2};
  zero_scale.scale = 0;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  infinite_mean.mean = infinite_deviation.deviation = infinite_bias.trend_bias = kInfinity;
  infinite_trend.trend = {kInfinity};
  const auto inner = make_constant(1, 1);
  EXPECT_PM_ERROR(make_transformed(one, make_constant(2, 1), {}), ErrorCode::kCorrupt,
                  "1 of 1 features are used, 'constant' takes 2");
  EXPECT_PM_ERROR(make_transformed(one, inner, two_trends), ErrorCode::kCorrupt, "2 coefficients for 1 used features");
  EXPECT_PM_ERROR(make_transformed(one, inner, zero_scale), ErrorCode::kCorrupt, "the target's scale is 0");
  EXPECT_PM_ERROR(make_transformed(one, inner, infinite_mean), ErrorCode::kCorrupt, "the target's mean is inf");
  EXPECT_PM_ERROR(make_transformed(one, inner, infinite_deviation), ErrorCode::kCorrupt,
                  "the target's deviation is inf, it must be finite");
  EXPECT_PM_ERROR(make_transformed(one, inner, infinite_bias), ErrorCode::kCorrupt, "the trend's bias is inf");
  EXPECT_PM_ERROR(make_transformed(one, inner, infinite_trend), ErrorCode::kCorrupt, "is inf, it must be finite");
}

TEST(Transformed, RejectsCostsThatDoNotFit) {
  const auto one = FeatureTransform({column(ColumnTransform::Shape::kIdentity, 1, 0, 1)});
  const auto inner = make_constant(1, 1);
  TargetTransform two_costs, negative_cost, infinite_cost;
  two_costs.costs = {1, 2};
  negative_cost.costs = {-1};
  infinite_cost.costs = {std::numeric_limits<double>::infinity()};
  EXPECT_PM_ERROR(make_transformed(one, inner, two_costs), ErrorCode::kCorrupt, "there are 2 costs for 1 features");
  EXPECT_PM_ERROR(make_transformed(one, inner, negative_cost), ErrorCode::kCorrupt, "a cost is -1, it must be >= 0");
  EXPECT_PM_ERROR(make_transformed(one, inner, infinite_cost), ErrorCode::kCorrupt, "is inf, it must be finite");
}

}  // namespace
}  // namespace perfmodel
