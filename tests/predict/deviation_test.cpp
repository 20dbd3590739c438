#include <gtest/gtest.h>

#include <cmath>

#include "evaluators_for_tests.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

/// A Gaussian process far from all its points: answers `mean` with deviation `deviation`, whatever the row.
std::shared_ptr<const Evaluator> sure_of(double mean, double deviation) {
  GaussianProcess process;
  process.inverse_length_scales = {0};
  process.signal_variance = 0;
  process.noise_variance = deviation * deviation;
  process.base = mean;
  process.points = {0};
  process.weights = {0};
  process.cholesky = {1};
  return make_gaussian_process(process);
}

AnswersWithDeviation answer(const Evaluator& evaluator) {
  const double row = 0.5;
  return evaluate_with_deviation(evaluator, {&row, 1, 1});
}

FeatureTransform identity() {
  return FeatureTransform({{ColumnTransform::Shape::kIdentity, 1, 0, 1, true}});
}

TEST(Deviation, IsZeroWhereNobodyKnows) {
  const auto evaluator = make_constant(1, 3);
  EXPECT_FALSE(evaluator->has_deviation());
  EXPECT_EQ(answer(*evaluator).answers[0], 3);
  EXPECT_EQ(answer(*evaluator).deviations[0], 0);
}

TEST(Deviation, IsDividedByTheScale) {
  TargetTransform target;
  target.scale = -4;
  const auto evaluator = make_transformed(identity(), sure_of(8, 2), target);
  EXPECT_TRUE(evaluator->has_deviation());
  EXPECT_NEAR(answer(*evaluator).answers[0], -2, kRounding);
  EXPECT_NEAR(answer(*evaluator).deviations[0], 0.5, kRounding);
}

TEST(Deviation, IsRelativeUnderALogarithm) {
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  target.mean = 1;
  target.deviation = 0.5;
  target.costs = {6};
  // By hand: 6 * 0.5 * exp(1 + 0.5 * 2), and its derivative by the answer 2 is half of it.
  const auto evaluator = make_transformed(identity(), sure_of(2, 0.1), target);
  const double expected = 3 * std::exp(2.0);
  EXPECT_NEAR(answer(*evaluator).answers[0], expected, kRounding * expected);
  EXPECT_NEAR(answer(*evaluator).deviations[0], expected * 0.5 * 0.1, kRounding * expected);
}

TEST(Deviation, OfAMeanIsTheMostItCanBe) {
  const auto mean = make_mean({sure_of(2, 1), sure_of(10, 3)}, {3, 1}, false);
  EXPECT_TRUE(mean->has_deviation());
  EXPECT_NEAR(answer(*mean).answers[0], 4, kRounding);
  EXPECT_NEAR(answer(*mean).deviations[0], (3 * 1 + 1 * 3) / 4.0, kRounding);  // both off in the same direction
}

TEST(Deviation, OfAGeometricMeanIsRelative) {
  const auto mean = make_mean({sure_of(2, 0.2), sure_of(8, 2)}, {1, 1}, true);
  EXPECT_NEAR(answer(*mean).answers[0], 4, kRounding);
  EXPECT_NEAR(answer(*mean).deviations[0], 4 * (0.1 + 0.25) / 2, kRounding);
}

TEST(Deviation, OfAMeanNeedsThatOfEveryMember) {
  const auto mean = make_mean({sure_of(2, 1), make_constant(1, 10)}, {1, 1}, false);
  EXPECT_FALSE(mean->has_deviation());
  EXPECT_EQ(answer(*mean).answers[0], 6);
  EXPECT_EQ(answer(*mean).deviations[0], 0);
}

TEST(Deviation, OfAStackIsTheOuterOne) {
  EXPECT_NEAR(answer(*make_stacked(make_constant(1, 1), sure_of(5, 0.25), false, false)).deviations[0], 0.25,
              kRounding);
  EXPECT_FALSE(make_stacked(sure_of(5, 0.25), make_constant(1, 1), false, false)->has_deviation());
}

TEST(Deviation, OfARemappedModelIsTheInnerOne) {
  EXPECT_NEAR(answer(*make_remapped(1, {0}, {{}}, sure_of(5, 0.25))).deviations[0], 0.25, kRounding);
  EXPECT_FALSE(make_remapped(1, {0}, {{}}, make_constant(1, 1))->has_deviation());
}

}  // namespace
}  // namespace perfmodel
