#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "gaussian_process_expected.h"

namespace perfmodel {
namespace {

// Another order of operations on numbers near 1, under a factor of 1e4 where the mean's prior is that vague.
constexpr double kRounding = 1e-9;

GaussianProcess matern_process() {
  using namespace expected;
  GaussianProcess process;
  for (const double length : kLengthScales) process.inverse_length_scales.push_back(1 / length);
  process.signal_variance = kSignalVariance;
  process.noise_variance = kNoiseVariance;
  process.points = kRows;
  process.weights = matern52::kWeights;
  process.cholesky = matern52::kCholesky;
  return process;
}

GaussianProcess squared_exponential_process() {
  GaussianProcess process = matern_process();
  process.kernel = GaussianProcess::Kernel::kSquaredExponential;
  process.weights = expected::squared_exponential::kWeights;
  process.cholesky = expected::squared_exponential::kCholesky;
  return process;
}

GaussianProcess linear_mean_process() {
  using namespace expected::linear_mean;
  GaussianProcess process = matern_process();
  process.base = kMeanCoefficients[0];
  process.slopes = {kMeanCoefficients[1], kMeanCoefficients[2]};
  process.weights = kWeights;
  process.cholesky = kCholesky;
  process.mean_cholesky = kMeanCholesky;
  return process;
}

void expect_answers(const GaussianProcess& process, const std::vector<double>& means,
                    const std::vector<double>& deviations) {
  const std::vector<double>& queries = expected::kQueries;
  const MatrixView<const double> rows(queries.data(), queries.size() / 2, 2);
  const auto evaluator = make_gaussian_process(process);
  const AnswersWithDeviation answers = evaluate_with_deviation(*evaluator, rows);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    EXPECT_NEAR(answers.answers[i], means[i], kRounding * std::max(1.0, std::abs(means[i]))) << i;
    EXPECT_NEAR(answers.deviations[i], deviations[i], kRounding * std::max(1.0, deviations[i])) << i;
  }
  EXPECT_EQ(evaluate(*evaluator, rows), answers.answers);
}

TEST(GaussianProcess, AnswersAsScikitLearn) {
  using namespace expected;
  expect_answers(matern_process(), matern52::kMeans, matern52::kDeviations);
  expect_answers(squared_exponential_process(), squared_exponential::kMeans, squared_exponential::kDeviations);
}

TEST(GaussianProcess, CountsHowUncertainTheLinearMeanIs) {
  expect_answers(linear_mean_process(), expected::linear_mean::kMeans, expected::linear_mean::kDeviations);
}

TEST(GaussianProcess, AnswersTheMeanAndAllVarianceFarAway) {
  GaussianProcess process = matern_process();
  process.base = 7;
  const std::vector<double> row = {1e6, -1e6}, further = {1e300, -1e300};
  const auto evaluator = make_gaussian_process(process);
  for (const std::vector<double>& values : {row, further}) {
    const AnswersWithDeviation answer = evaluate_with_deviation(*evaluator, {values.data(), 1, 2});
    EXPECT_EQ(answer.answers[0], 7);
    EXPECT_NEAR(answer.deviations[0], std::sqrt(1.35), kRounding);
  }
}

TEST(GaussianProcess, IgnoresAnInputWithoutScale) {
  GaussianProcess process = matern_process();
  process.inverse_length_scales[1] = 0;
  const std::vector<double> rows = {0.3, -5, 0.3, 1e9};
  const std::vector<double> answers = evaluate(*make_gaussian_process(process), {rows.data(), 2, 2});
  EXPECT_EQ(answers[0], answers[1]);
}

TEST(GaussianProcess, HasNoDeviationWithoutItsTriangle) {
  GaussianProcess process = matern_process();
  process.cholesky.clear();
  const auto evaluator = make_gaussian_process(process);
  EXPECT_FALSE(evaluator->has_deviation());
  EXPECT_TRUE(make_gaussian_process(matern_process())->has_deviation());
  const AnswersWithDeviation answer = evaluate_with_deviation(*evaluator, {expected::kQueries.data(), 1, 2});
  EXPECT_NEAR(answer.answers[0], expected::matern52::kMeans[0], kRounding);
  EXPECT_EQ(answer.deviations[0], 0);
}

TEST(GaussianProcess, AnswersTheMeanWithoutPoints) {
  GaussianProcess process;
  process.inverse_length_scales = {1};
  process.base = 3;
  process.slopes = {2};
  const double row = 10;
  EXPECT_EQ(evaluate(*make_gaussian_process(process), {&row, 1, 1})[0], 23);
}

// Sums are in the same order; whether a product is rounded before it is added is the compiler's choice in each loop.
TEST(GaussianProcess, AnswersARowTheSameInAnyBlock) {
  constexpr double kRounding = 1e-12;
  Random random(3);
  const auto evaluator = make_gaussian_process(random_process(4, 50, random));
  const std::vector<double> values = random_rows(100, 4, random);
  const AnswersWithDeviation all = evaluate_with_deviation(*evaluator, {values.data(), 100, 4});
  for (std::size_t i = 0; i < 100; ++i) {
    const AnswersWithDeviation alone = evaluate_with_deviation(*evaluator, {values.data() + 4 * i, 1, 4});
    EXPECT_NEAR(all.answers[i], alone.answers[0], kRounding) << i;
    EXPECT_NEAR(all.deviations[i], alone.deviations[0], kRounding) << i;
  }
}

TEST(GaussianProcess, RejectsWhatIsNone) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Bad {
    const char* name;
    void (*damage)(GaussianProcess&);
    const char* says;
  };
  const Bad kBad[] = {
      {"negative scale", [](GaussianProcess& p) { p.inverse_length_scales[1] = -1; }, "an inverse length scale is -1"},
      {"infinite scale", [](GaussianProcess& p) { p.inverse_length_scales[1] = kInfinity; }, "length scale is inf"},
      {"negative signal", [](GaussianProcess& p) { p.signal_variance = -1; }, "the signal variance is -1"},
      {"noise that is no number", [](GaussianProcess& p) { p.noise_variance = std::nan(""); }, "noise variance is nan"},
      {"infinite base", [](GaussianProcess& p) { p.base = kInfinity; }, "base 0 is inf"},
      {"slope too few", [](GaussianProcess& p) { p.slopes.pop_back(); }, "1 slopes for 2 inputs"},
      {"infinite slope", [](GaussianProcess& p) { p.slopes[1] = kInfinity; }, "slope 1 is inf"},
      {"point too few", [](GaussianProcess& p) { p.points.pop_back(); }, "15 coordinates of points, expected 8 x 2"},
      {"infinite point", [](GaussianProcess& p) { p.points[3] = kInfinity; }, "coordinate 3 is inf"},
      {"weight too many", [](GaussianProcess& p) { p.weights.push_back(1); },
       "16 coordinates of points, expected 9 x 2"},
      {"infinite weight", [](GaussianProcess& p) { p.weights[0] = kInfinity; }, "weight 0 is inf"},
      {"small triangle", [](GaussianProcess& p) { p.cholesky.pop_back(); },
       "the triangle has 63 values, expected 8 x 8"},
      {"no diagonal", [](GaussianProcess& p) { p.cholesky[9] = 0; }, "the triangle: element 1 of the diagonal is 0"},
      {"hole in the triangle", [](GaussianProcess& p) { p.cholesky[8] = std::nan(""); }, "element (1, 0) is nan"},
      {"small triangle of the mean", [](GaussianProcess& p) { p.mean_cholesky.pop_back(); },
       "the mean's triangle has 8 values, expected 3 x 3"},
      {"negative diagonal", [](GaussianProcess& p) { p.mean_cholesky[4] = -1; }, "element 1 of the diagonal is -1"},
      {"uncertain mean without slopes", [](GaussianProcess& p) { p.slopes.clear(); }, "an uncertain mean needs slopes"},
      {"uncertain mean alone", [](GaussianProcess& p) { p.cholesky.clear(); }, "an uncertain mean needs slopes"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    GaussianProcess process = linear_mean_process();
    bad.damage(process);
    EXPECT_PM_ERROR(make_gaussian_process(process), ErrorCode::kCorrupt, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
