#include <gtest/gtest.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <map>
#include <string>

#include "expect_error.h"
#include "perfmodel/learner/trees.h"
#include "synthetic_configurations.h"
#include "synthetic_layers.h"
#include "train_xgboost/xgboost_fit.h"

namespace perfmodel {
namespace {

constexpr auto kAbsolutePercentage = XGBoostOptions::Loss::kAbsolutePercentage;

XGBoostOptions one_stump(bool log_target) {
  XGBoostOptions options;
  options.loss = kAbsolutePercentage;
  options.log_target = log_target;
  options.num_rounds = options.max_depth = 1;
  options.learning_rate = options.subsample = options.column_sample = 1;
  options.min_child_weight = options.l2 = 0;
  return options;
}

FitOptions without_validation() {
  FitOptions options;
  options.validation_fraction = 0;
  return options;
}

// By hand. a = 0: targets 1, 2, 10 weigh 1, 1/2, 1/10; those up to 1 reach half. a = 1: 20, 30, 30 weigh 3, 2, 2 parts
// of 60: those up to 30 reach half. The medians without weights are 2 and 30.
TEST(XGBoostAbsolutePercentage, LeavesAreWeightedMedians) {
  constexpr double kFloatRounding = 1e-5;
  Dataset data({"a"}, "time_s");
  for (int copy = 0; copy < 3; ++copy) {
    for (const double target : {1.0, 2.0, 10.0}) data.add_row(std::vector<double>{0}, target);
    for (const double target : {20.0, 30.0, 30.0}) data.add_row(std::vector<double>{1}, target);
  }
  const std::vector<double> rows = {0, 1};
  const auto answers = [&](bool log_target) {
    return predicted_means(make_xgboost_learner(one_stump(log_target))->fit(data, without_validation()),
                           {rows.data(), 2, 1});
  };
  EXPECT_NEAR(answers(false)[0], 1, kFloatRounding);
  EXPECT_NEAR(answers(false)[1], 30, 30 * kFloatRounding);
  EXPECT_NEAR(answers(true)[0], 2, 2 * kFloatRounding);
  EXPECT_NEAR(answers(true)[1], 30, 30 * kFloatRounding);
}

// A tenth of the targets is 10 times too long: squared errors follow them, absolute ones hardly do.
TEST(XGBoostAbsolutePercentage, OddRowsCountLittle) {
  const Dataset clean = synthetic_configurations(600, 1, 0.02), fresh = synthetic_configurations(300, 2, 0.02);
  Dataset data(clean.feature_names(), clean.target_name());
  for (std::size_t i = 0; i < clean.num_rows(); ++i) {
    data.add_row(clean.features().row(i), clean.targets()[i] * (i % 10 == 0 ? 10 : 1));
  }
  XGBoostOptions squared, absolute;
  squared.log_target = absolute.log_target = false;
  absolute.loss = kAbsolutePercentage;
  const double absolute_pct = mape_of(make_xgboost_learner(absolute)->fit(data, {}), fresh);
  EXPECT_LT(absolute_pct, 12);
  EXPECT_GT(absolute_pct, 1.3);  // the noise
  EXPECT_GT(mape_of(make_xgboost_learner(squared)->fit(data, {}), fresh), 3 * absolute_pct);
}

TEST(XGBoostAbsolutePercentage, SameSeedGivesTheSameBits) {
  const Dataset data = synthetic_configurations(200, 1, 0.02);
  XGBoostOptions options;
  options.loss = kAbsolutePercentage;
  const auto answers = [&] { return predicted_means(make_xgboost_learner(options)->fit(data, {}), data.features()); };
  EXPECT_EQ(answers(), answers());
}

TEST(XGBoostAbsolutePercentage, NeedsPositiveTargets) {
  Dataset data = synthetic_configurations(20, 1, 0);
  data.add_row(std::vector<double>{1, 1, 1, 1}, 0);
  XGBoostOptions options;
  options.loss = kAbsolutePercentage;
  options.log_target = false;
  EXPECT_PM_ERROR(make_xgboost_learner(options)->fit(data, {}), ErrorCode::kInvalidArgument,
                  "row 20: time_s is 0, xgboost with absolute_percentage needs targets > 0");
}

TEST(XGBoostFewRows, NineteenAreEnough) {
  const Dataset data = synthetic_configurations(19, 1, 0.02), fresh = synthetic_configurations(500, 2, 0.02);
  for (const auto loss : {XGBoostOptions::Loss::kSquaredError, kAbsolutePercentage}) {
    XGBoostOptions options;
    options.loss = loss;
    const double error_pct = mape_of(make_xgboost_learner(options)->fit(data, without_validation()), fresh);
    EXPECT_LT(error_pct, 40);
    EXPECT_GT(error_pct, 5);
  }
  EXPECT_NO_THROW(make_xgboost_learner({})->fit(data, {}));
}

/// What XGBoost's own C API says of a booster: total gain by feature.
std::map<std::string, double> total_gain(Booster& booster) {
  const std::string text = booster.to_json();
  BoosterHandle handle = nullptr;
  EXPECT_EQ(XGBoosterCreate(nullptr, 0, &handle), 0);
  EXPECT_EQ(XGBoosterLoadModelFromBuffer(handle, text.data(), text.size()), 0);
  bst_ulong num_features = 0, dim = 0;
  char const** names = nullptr;
  bst_ulong const* shape = nullptr;
  float const* scores = nullptr;
  EXPECT_EQ(XGBoosterFeatureScore(handle, R"({"importance_type": "total_gain"})", &num_features, &names, &dim, &shape,
                                  &scores),
            0);
  std::map<std::string, double> gains;
  for (bst_ulong i = 0; i < num_features; ++i) gains[names[i]] = static_cast<double>(scores[i]);
  XGBoosterFree(handle);
  return gains;
}

TEST(XGBoostImportance, IsXGBoostsTotalGain) {
  constexpr double kFloatSum = 1e-5;  // XGBoost adds in float32
  const Dataset data = synthetic_configurations(300, 1, 0.02);
  XGBoostOptions options;
  options.num_rounds = 50;
  const XGBoostFit fit = fit_trees(data, options, without_validation());
  std::map<std::string, double> gains = total_gain(*fit.booster);
  const double total = gains["f0"] + gains["f1"] + gains["f2"];
  const std::vector<double> shares =
      feature_importance(Model(make_xgboost_learner(options)->fit(data, without_validation())));
  ASSERT_EQ(shares.size(), 4u);
  EXPECT_NEAR(shares[0], gains["f0"] / total, kFloatSum);
  EXPECT_NEAR(shares[1], gains["f1"] / total, kFloatSum);
  EXPECT_NEAR(shares[2], gains["f2"] / total, kFloatSum);
  EXPECT_EQ(shares[3], 0);  // "fan" does not vary
  EXPECT_GT(shares[2], 0.1);
}

}  // namespace
}  // namespace perfmodel
