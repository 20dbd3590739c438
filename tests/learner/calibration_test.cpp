#include "learner/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "model_files_for_tests.h"
#include "perfmodel/core/random.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

Model constant_model(double value) {
  ModelInfo info;
  info.kind = "constant";
  info.target = "time_ms";
  info.features = {{"x", "", 0, 1, true}};
  return Model(info, make_constant(1, value));
}

Dataset data_of(const std::vector<double>& targets) {
  Dataset data({"x"}, "time_ms");
  for (const double target : targets) data.add_row(std::vector<double>{0.5}, target);
  return data;
}

/// 1, 2, ..., n.
std::vector<double> ramp(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i + 1);
  return values;
}

std::vector<double> log_normal(std::size_t n, double centre, double deviation, Random& random) {
  std::vector<double> values(n);
  for (double& value : values) value = centre * std::exp(deviation * random.normal());
  return values;
}

TEST(Calibration, TakesOrderStatisticsWithTheFiniteSampleCorrection) {
  // n = 39 at level 0.9: (39 + 1) * 0.05 = 2nd smallest and 40 * 0.95 = 38th smallest of the ratios 0.05, 0.1,
  // ... 1.95.
  const ModelInfo info = calibrate_interval(constant_model(20), data_of(ramp(39)), 0.9);
  EXPECT_EQ(info.interval_level, 0.9);
  EXPECT_DOUBLE_EQ(info.interval_lower_factor, 0.1);
  EXPECT_DOUBLE_EQ(info.interval_upper_factor, 1.9);
}

TEST(Calibration, RoundsRanksOutward) {
  // n = 50 at level 0.8: 51 * 0.1 = 5.1 gives the 5th, 51 * 0.9 = 45.9 the 46th.
  const ModelInfo info = calibrate_interval(constant_model(25), data_of(ramp(50)), 0.8);
  EXPECT_DOUBLE_EQ(info.interval_lower_factor, 5.0 / 25);
  EXPECT_DOUBLE_EQ(info.interval_upper_factor, 46.0 / 25);
}

TEST(Calibration, CoversNewRowsAtTheLevelAskedFor) {
  // 400 calibrations on 200 rows each, checked on 200 new ones. Coverage of one is a Beta variable of deviation 2 %;
  // the mean of 400 is within 0.2 % of the level's expectation (n + 1 - ranks) / (n + 1), at most 0.5 % above the
  // level.
  for (const double deviation : {0.05, 0.3, 1.0}) {
    Random random(17);
    std::size_t inside = 0, total = 0;
    for (int trial = 0; trial < 400; ++trial) {
      const Model model = constant_model(3);
      const Model calibrated =
          model.with_info(calibrate_interval(model, data_of(log_normal(200, 3, deviation, random)), 0.9));
      const Prediction answer = predict_all(calibrated, {0.5})[0];
      for (const double target : log_normal(200, 3, deviation, random)) {
        inside += target >= answer.lower && target <= answer.upper ? 1 : 0;
        ++total;
      }
    }
    EXPECT_NEAR(100.0 * static_cast<double>(inside) / static_cast<double>(total), 90, 1.0) << deviation;
  }
}

TEST(Calibration, CoversWithinTwoPercentOnManyRows) {
  constexpr double kAllowedPct = 2;  // of one calibration on 2000 rows: three deviations of its Beta variable
  Random random(23);
  const Model model = constant_model(3);
  const Model calibrated = model.with_info(calibrate_interval(model, data_of(log_normal(2000, 3, 0.2, random)), 0.9));
  const Prediction answer = predict_all(calibrated, {0.5})[0];
  std::size_t inside = 0;
  for (const double target : log_normal(20000, 3, 0.2, random)) {
    inside += target >= answer.lower && target <= answer.upper ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(inside) / 200, 90, kAllowedPct);
}

TEST(Calibration, KeepsTheMeanInsideItsInterval) {
  const ModelInfo low = calibrate_interval(constant_model(1000), data_of(ramp(100)), 0.9);
  EXPECT_LT(low.interval_lower_factor, 0.01);
  EXPECT_EQ(low.interval_upper_factor, 1);
  const ModelInfo high = calibrate_interval(constant_model(0.5), data_of(ramp(100)), 0.9);
  EXPECT_EQ(high.interval_lower_factor, 1);
  EXPECT_GT(high.interval_upper_factor, 100);
}

TEST(Calibration, IsLeftOutWithTooFewRows) {
  EXPECT_EQ(calibrate_interval(constant_model(10), data_of(ramp(19)), 0.9).interval_level, 0);
  EXPECT_EQ(calibrate_interval(constant_model(10), data_of(ramp(20)), 0.9).interval_level, 0.9);
  // At level 0.99 the order statistics exist from (n + 1) * 0.005 >= 1, n = 199, on.
  EXPECT_EQ(calibrate_interval(constant_model(100), data_of(ramp(198)), 0.99).interval_level, 0);
  EXPECT_EQ(calibrate_interval(constant_model(100), data_of(ramp(199)), 0.99).interval_level, 0.99);
  const ModelInfo info = calibrate_interval(constant_model(10), data_of({}), 0.9);
  EXPECT_EQ(info.interval_level, 0);
  EXPECT_EQ(info.interval_lower_factor, 1);
  EXPECT_EQ(info.interval_upper_factor, 1);
}

TEST(Calibration, IsLeftOutForAModelThatAnswersZero) {
  EXPECT_EQ(calibrate_interval(constant_model(0), data_of(ramp(100)), 0.9).interval_level, 0);
}

/// A model whose answer for x is 10 with a standard deviation that grows with x: 1 near 0, 5 far away.
Model model_with_deviation() {
  GaussianProcess process;
  process.kernel = GaussianProcess::Kernel::kSquaredExponential;
  process.inverse_length_scales = {1};
  process.signal_variance = 24;
  process.noise_variance = 1;
  process.base = 10;
  process.points = process.weights = {0};
  process.cholesky = {std::sqrt(24.0)};
  ModelInfo info = constant_model(1).info();
  info.features[0].maximum = 100;
  return Model(info, make_gaussian_process(process));
}

TEST(Calibration, ScalesTheIntervalByTheDeviation) {
  // log(measured / 10) has a deviation of 0.1 at x = 0 and 0.5 at x = 50, as the model knows: half of the rows each.
  constexpr std::size_t kRows = 4000;
  Random random(29);
  const auto draw = [&random] {
    Dataset data({"x"}, "time_ms");
    for (std::size_t i = 0; i < kRows; ++i) {
      const bool far = i % 2 == 1;
      data.add_row(std::vector<double>{far ? 50.0 : 0.0}, 10 * std::exp((far ? 0.5 : 0.1) * random.normal()));
    }
    return data;
  };
  const Model model = model_with_deviation();
  const Model calibrated = model.with_info(calibrate_interval(model, draw(), 0.9));
  // 90 % of a log-normal variable of deviation 1 lie within exp(+-1.645); from 4000 rows to about 5 %.
  EXPECT_NEAR(std::log(calibrated.info().interval_upper_factor), 1.645, 0.1);
  EXPECT_NEAR(std::log(calibrated.info().interval_lower_factor), -1.645, 0.1);
  const std::vector<Prediction> answers = predict_all(calibrated, {0, 50});
  const Dataset fresh = draw();
  double inside[2] = {0, 0};
  for (std::size_t i = 0; i < kRows; ++i) {
    const double target = fresh.targets()[i];
    if (target >= answers[i % 2].lower && target <= answers[i % 2].upper) inside[i % 2] += 100.0 / (kRows / 2);
  }
  constexpr double kAllowedPct = 3;  // both samples have deviations of about 0.7 % of their own
  EXPECT_NEAR(inside[0], 90, kAllowedPct);
  EXPECT_NEAR(inside[1], 90, kAllowedPct);
}

TEST(Calibration, TakesAnswersThatAreKnownAlready) {
  // n = 19 at level 0.9: the smallest and the greatest ratio.
  const std::vector<double> measured = ramp(19), predicted(19, 10);
  const ModelInfo info = calibrate_interval(constant_model(1).info(), measured, predicted, {}, 0.9);
  EXPECT_EQ(info.interval_level, 0.9);
  EXPECT_DOUBLE_EQ(info.interval_lower_factor, 0.1);
  EXPECT_DOUBLE_EQ(info.interval_upper_factor, 1.9);
  // By hand, with a deviation of 5: 0.1^(10 / 5) and 1.9^(10 / 5).
  const std::vector<double> deviation(19, 5);
  const ModelInfo normalised = calibrate_interval(constant_model(1).info(), measured, predicted, deviation, 0.9);
  EXPECT_DOUBLE_EQ(normalised.interval_lower_factor, 0.01);
  EXPECT_DOUBLE_EQ(normalised.interval_upper_factor, 3.61);
  EXPECT_EQ(calibrate_interval(info, ramp(18), Span<const double>(predicted).subspan(0, 18), {}, 0.9).interval_level,
            0);
}

TEST(Calibration, IsLeftOutWhenADeviationIsZero) {
  const std::vector<double> measured = ramp(19), predicted(19, 10), deviation(19, 0);
  EXPECT_EQ(calibrate_interval(constant_model(1).info(), measured, predicted, deviation, 0.9).interval_level, 0);
}

TEST(Calibration, CountsTargetsBelowZeroAsBeyondAllOthers) {
  std::vector<double> measured = ramp(19);
  measured[0] = -3;
  const std::vector<double> predicted(19, 10), deviation(19, 5);
  const ModelInfo info = calibrate_interval(constant_model(1).info(), measured, predicted, deviation, 0.9);
  EXPECT_EQ(info.interval_lower_factor, 0);
}

TEST(Calibration, CountsAnswersOfZeroOrLessAsBeyondAllOthers) {
  // Of 39 rows the 2nd smallest and the 38th smallest count: one such answer is the 39th, two leave no upper bound.
  for (const double answer : {0.0, -10.0}) {
    for (const double deviation : {0.0, 5.0}) {
      std::vector<double> predicted(39, 20), deviations(deviation > 0 ? 39 : 0, deviation);
      predicted[7] = answer;
      const ModelInfo info = constant_model(1).info();
      const ModelInfo one = calibrate_interval(info, ramp(39), predicted, deviations, 0.9);
      EXPECT_DOUBLE_EQ(one.interval_upper_factor, std::pow(39.0 / 20, deviation > 0 ? 20 / deviation : 1));
      EXPECT_DOUBLE_EQ(one.interval_lower_factor, std::pow(2.0 / 20, deviation > 0 ? 20 / deviation : 1));
      predicted[8] = answer;
      EXPECT_EQ(calibrate_interval(info, ramp(39), predicted, deviations, 0.9).interval_level, 0);
    }
  }
}

constexpr double kRounding = 1e-8;  // of the quantiles

TEST(Calibration, AssumesNormalErrorsOfFewRows) {
  // 90 % of a t-distributed variable with 2 degrees of freedom lie within +-2.91998558 (tables); errors of root mean
  // square 2 double it, smaller ones leave it: the model has a deviation.
  const double t = 2.91998558035372;
  const std::vector<double> large = {2, -2, 2}, small = {0.1, 0.1, 0.1};
  const ModelInfo info = assume_normal_interval(constant_model(1).info(), large, 0.9);
  EXPECT_EQ(info.interval_level, 0.9);
  EXPECT_NEAR(std::log(info.interval_upper_factor), 2 * t, kRounding);
  EXPECT_NEAR(std::log(info.interval_lower_factor), -2 * t, kRounding);
  EXPECT_NEAR(std::log(assume_normal_interval(info, small, 0.9).interval_upper_factor), t, kRounding);
  EXPECT_TRUE(std::isfinite(assume_normal_interval(info, std::vector<double>{1e6}, 0.9).interval_upper_factor));
  EXPECT_PM_ERROR(assume_normal_interval(info, {}, 0.9), ErrorCode::kInvalidArgument, "0 standardised errors");
  EXPECT_PM_ERROR(assume_normal_interval(info, std::vector<double>{std::nan("")}, 0.9), ErrorCode::kInvalidArgument,
                  "a sum of squares of nan");
}

TEST(Calibration, TakesSmallErrorsAsTheyAreWhereTheModelHasNoDeviation) {
  // 10 errors of 5 %, 9 degrees of freedom: +-0.05 * 1.83311293 (tables), about 10 %.
  const std::vector<double> errors = {0.05, -0.05, 0.05, -0.05, 0.05, -0.05, 0.05, -0.05, 0.05, -0.05};
  const ModelInfo info = assume_normal_interval(constant_model(1).info(), errors, 0.9, 0);
  EXPECT_NEAR(std::log(info.interval_upper_factor), 0.05 * 1.83311293265624, kRounding);
  EXPECT_NEAR(std::log(info.interval_lower_factor), -0.05 * 1.83311293265624, kRounding);
}

TEST(Calibration, RejectsAnswersThatDoNotFit) {
  const std::vector<double> some = ramp(30), fewer = ramp(29);
  const ModelInfo info = constant_model(1).info();
  EXPECT_PM_ERROR(calibrate_interval(info, some, fewer, {}, 0.9), ErrorCode::kMismatch,
                  "30 measured values, 29 predictions and 0 deviations");
  EXPECT_PM_ERROR(calibrate_interval(info, some, some, fewer, 0.9), ErrorCode::kMismatch, "29 deviations");
  EXPECT_PM_ERROR(calibrate_interval(info, some, some, {}, 1.5), ErrorCode::kInvalidArgument, "level of 1.5");
}

TEST(Calibration, RejectsALevelThatIsNone) {
  EXPECT_PM_ERROR(calibrate_interval(constant_model(1), data_of(ramp(30)), -0.1), ErrorCode::kInvalidArgument,
                  "level of -0.1");
  EXPECT_PM_ERROR(calibrate_interval(constant_model(1), data_of(ramp(30)), 1), ErrorCode::kInvalidArgument,
                  "level of 1");
}

TEST(Calibration, RejectsRowsOfAnotherWidth) {
  Dataset data({"x", "y"}, "time_ms");
  for (int i = 0; i < 30; ++i) data.add_row(std::vector<double>{0.5, 1}, 1);
  EXPECT_PM_ERROR(calibrate_interval(constant_model(1), data, 0.9), ErrorCode::kMismatch, "as many values");
}

}  // namespace
}  // namespace perfmodel
