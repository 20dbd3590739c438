#include "perfmodel/transfer/online_correction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "expect_error.h"
#include "perfmodel/core/random.h"
#include "predict/evaluators.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-9;  // some logarithms and exponentials in double precision

/// A model whose answer is its only feature.
Model identity_model() {
  ModelInfo info;
  info.kind = "polynomial";
  info.target = "time_ms";
  info.features = {{"predicted", "ms", 0, 1000, true}};
  return Model(info, make_polynomial({1, 0, {1}, {0, 1}, {{0, 1}}}));
}

Prediction answer_of(const Model& model, double predicted) {
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  model.predict({&predicted, 1, 1}, {&prediction, 1}, workspace).throw_if_error();
  return prediction;
}

void tell(OnlineCorrection& correction, double predicted, double measured) {
  correction.tell({&predicted, 1}, measured);
}

double answer_of(const OnlineCorrection& correction, double predicted) {
  return answer_of(correction.model(), predicted).mean;
}

TEST(OnlineCorrection, IsTheModelItselfBeforeAnythingIsTold) {
  const OnlineCorrection correction(identity_model());
  EXPECT_EQ(correction.num_told(), 0U);
  EXPECT_EQ(answer_of(correction, 7), 7);
  EXPECT_EQ(correction.model().info().kind, "polynomial");
}

// One measurement of weight 1 against the prior's 0.01: the offset is log 3 / 1.01.
TEST(OnlineCorrection, TakesTheFirstMeasurementNearlyInFull) {
  OnlineCorrection correction(identity_model());
  tell(correction, 10, 30);
  EXPECT_NEAR(answer_of(correction, 10), 10 * std::exp(std::log(3) / 1.01), kRounding);
  EXPECT_EQ(correction.num_told(), 1U);
}

// The first measurement is 3 times its prediction, the second 2.3 times, which is no outlier yet. With a factor alone
// the offset is (l log 3 + log 2.3) / (l + 1 + 0.01), l = 2^(-1/2).
TEST(OnlineCorrection, ForgetsByItsHalfLife) {
  CorrectionOptions options;
  options.half_life = 2;
  options.fit_slope = false;
  OnlineCorrection correction(identity_model(), options);
  tell(correction, 10, 30);
  tell(correction, 20, 46);
  const double l = std::sqrt(0.5);
  EXPECT_NEAR(answer_of(correction, 1), std::exp((l * std::log(3) + std::log(2.3)) / (l + 1.01)), kRounding);
}

TEST(OnlineCorrection, FindsALineOfLogarithms) {
  OnlineCorrection correction(identity_model());
  Random random(1);
  for (int i = 0; i < 60; ++i) {
    const double predicted = random.log_uniform(1, 20);
    tell(correction, predicted, 0.5 * std::pow(predicted, 1.2));
  }
  constexpr double kPrior = 0.01;  // what the prior pulls
  for (const double predicted : {1.0, 5.0, 20.0}) {
    EXPECT_NEAR(answer_of(correction, predicted) / (0.5 * std::pow(predicted, 1.2)), 1, kPrior) << predicted;
  }
}

TEST(OnlineCorrection, KeepsTheSlopeWhereOneConfigurationIsMeasuredForEver) {
  OnlineCorrection correction(identity_model());
  Random random(2);
  for (int i = 0; i < 5000; ++i) tell(correction, 10, 20 * std::exp(0.02 * random.normal()));
  EXPECT_NEAR(answer_of(correction, 1000) / 2000, 1, 0.03);
}

// A drift of d per measurement: the answer is the mean over measurements whose age is 1 / (1 - l) on average, so that
// it lags by d / (1 - l); the prior adds less than a thousandth.
TEST(OnlineCorrection, LagsBehindADriftByTheMeanAgeOfWhatCounts) {
  constexpr double kDrift = 0.005;
  CorrectionOptions options;
  options.fit_slope = false;
  OnlineCorrection correction(identity_model(), options);
  double lag = 0;
  for (int i = 0; i < 300; ++i) {
    const double measured = 10 * std::exp(kDrift * i);
    lag = std::log(measured / answer_of(correction, 10));
    tell(correction, 10, measured);
  }
  const double expected = kDrift / (1 - std::exp2(-0.1));
  const double prior = 0.01 * (1 - std::exp2(-0.1)) * kDrift * 300;
  EXPECT_NEAR(lag, expected, 1.2 * prior);
  EXPECT_GT(lag, expected);
}

// The board slows down by half over 400 measurements, with 3 % noise. Uncorrected, the model would be 40 % off at last.
TEST(OnlineCorrection, FollowsADriftingTarget) {
  OnlineCorrection correction(identity_model());
  Random random(3);
  double error_pct = 0;
  int num_inside = 0;
  constexpr int kTold = 400, kSettled = 50;
  for (int i = 0; i < kTold; ++i) {
    const double predicted = random.log_uniform(5, 50);
    const double measured = 2 * std::pow(predicted, 0.9) * (1 + 0.5 * i / kTold) * std::exp(0.03 * random.normal());
    if (i >= kSettled) {
      const Prediction answer = answer_of(correction.model(), predicted);
      error_pct += 100 * std::abs(answer.mean / measured - 1) / (kTold - kSettled);
      num_inside += measured >= answer.lower && measured <= answer.upper ? 1 : 0;
    }
    tell(correction, predicted, measured);
  }
  EXPECT_GT(error_pct, 2.0);  // noise alone is 2.4
  EXPECT_LT(error_pct, 3.5);
  const double coverage = static_cast<double>(num_inside) / (kTold - kSettled);
  EXPECT_GT(coverage, 0.86);
  EXPECT_LT(coverage, 0.95);
}

OnlineCorrection settled(double factor) {
  OnlineCorrection correction(identity_model());
  Random random(4);
  for (int i = 0; i < 40; ++i) {
    const double predicted = random.log_uniform(5, 50);
    tell(correction, predicted, factor * predicted * std::exp(0.02 * random.normal()));
  }
  return correction;
}

TEST(OnlineCorrection, HardlyMovesForAnOutlier) {
  OnlineCorrection correction = settled(2);
  const double before = answer_of(correction, 10);
  tell(correction, 10, 2000);
  const double moved = answer_of(correction, 10) / before - 1;
  EXPECT_GT(moved, 0);
  EXPECT_LT(moved, 0.02);  // a hundredfold measurement in full would be 30 %
  tell(correction, 10, 0.2);
  tell(correction, 10, 2000);
  EXPECT_NEAR(answer_of(correction, 10) / before, 1, 0.04) << "outliers on both sides are no change";
}

TEST(OnlineCorrection, TakesThreeInARowForAChange) {
  OnlineCorrection correction = settled(2);
  for (const double predicted : {8.0, 20.0, 12.0}) tell(correction, predicted, 5 * predicted);
  EXPECT_NEAR(answer_of(correction, 10) / 50, 1, 0.02);
  const Prediction answer = answer_of(correction.model(), 10);
  EXPECT_LT(answer.upper / answer.lower, 1.5) << "errors before a change say nothing of what comes after it";
}

// Before there are 19 errors the interval goes by their scale: 10 % at first, as the model itself says nothing.
TEST(OnlineCorrection, HasAnIntervalFromTheFirstMeasurementOn) {
  OnlineCorrection correction(identity_model());
  tell(correction, 10, 30);
  const Prediction answer = answer_of(correction.model(), 10);
  constexpr double kStudent = 2.353363;  // quantile 0.95 at 3 degrees of freedom, from a table
  EXPECT_NEAR(std::log(answer.upper / answer.mean), 0.1 * kStudent, 1e-6);
  EXPECT_NEAR(std::log(answer.mean / answer.lower), 0.1 * kStudent, 1e-6);
  EXPECT_EQ(correction.model().info().interval_level, 0.9);
}

TEST(OnlineCorrection, HasAFiniteIntervalAtAnyLevel) {
  for (const double level : {1e-6, 0.5, 1 - 1e-12}) {
    CorrectionOptions options;
    options.interval_level = level;
    OnlineCorrection correction(identity_model(), options);
    for (const double measured : {30.0, 1e-200, 1e200, 40.0}) tell(correction, 10, measured);
    const Prediction answer = answer_of(correction.model(), 10);
    EXPECT_TRUE(std::isfinite(answer.lower) && std::isfinite(answer.upper)) << level;
    EXPECT_LE(answer.lower, answer.mean);
    EXPECT_LE(answer.mean, answer.upper);
  }
}

TEST(OnlineCorrection, SavesAModelThatLoadsAlone) {
  const Model model = settled(2).model();
  EXPECT_EQ(model.info().kind, "corrected");
  const std::string path = temporary_path("corrected.safetensors");
  model.save(path);
  const Prediction before = answer_of(model, 10), after = answer_of(Model::load(path), 10);
  EXPECT_EQ(before.mean, after.mean);
  EXPECT_EQ(before.upper, after.upper);
  std::remove(path.c_str());
}

TEST(OnlineCorrection, LeavesModelsAloneThatItGaveBefore) {
  OnlineCorrection correction = settled(2);
  const Model model = correction.model();
  const double before = answer_of(model, 10).mean;
  for (int i = 0; i < 10; ++i) tell(correction, 10, 90);
  EXPECT_EQ(answer_of(model, 10).mean, before);
  EXPECT_GT(answer_of(correction, 10), 80);
}

TEST(OnlineCorrection, RefusesOptionsOutOfRange) {
  for (const double half_life : {0.0, 0.9, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CorrectionOptions options;
    options.half_life = half_life;
    EXPECT_PM_ERROR(OnlineCorrection(identity_model(), options), ErrorCode::kInvalidArgument, "half_life is");
  }
  CorrectionOptions options;
  options.interval_level = 1;
  EXPECT_PM_ERROR(OnlineCorrection(identity_model(), options), ErrorCode::kInvalidArgument,
                  "interval_level is 1, allowed is (0, 1)");
}

TEST(OnlineCorrection, RefusesWhatItCannotTakeTheLogarithmOfAndStaysAsItWas) {
  OnlineCorrection correction = settled(2);
  const double before = answer_of(correction, 10);
  EXPECT_PM_ERROR(tell(correction, 10, 0), ErrorCode::kInvalidArgument, "the measured value is 0");
  EXPECT_PM_ERROR(tell(correction, 10, std::nan("")), ErrorCode::kInvalidArgument, "the measured value is nan");
  EXPECT_PM_ERROR(tell(correction, -3, 5), ErrorCode::kInvalidArgument, "the model's answer is -3");
  EXPECT_PM_ERROR(tell(correction, std::nan(""), 5), ErrorCode::kInvalidArgument, "not finite");
  const std::vector<double> wide = {1, 2};
  EXPECT_PM_ERROR(correction.tell(wide, 5), ErrorCode::kMismatch, "do not have as many values");
  EXPECT_EQ(correction.num_told(), 40U);
  EXPECT_EQ(answer_of(correction, 10), before);
}

}  // namespace
}  // namespace perfmodel
