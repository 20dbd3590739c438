#include "train_torch/training_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

using Shape = ColumnTransform::Shape;

constexpr double kFraction = 0.2;

TEST(TrainingData, ValidationRowsAreNeverTrainedOn) {
  const Dataset data = synthetic_layers(100, 1, 0.02);
  const TrainingData ready = prepare_training_data(data, resperfnet_preset("default"), kFraction, 5);
  EXPECT_EQ(ready.validation_rows.size(), 20u);
  std::vector<std::size_t> all = ready.training_rows;
  all.insert(all.end(), ready.validation_rows.begin(), ready.validation_rows.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(ready.training.targets.size(), ready.training_rows.size());
  EXPECT_EQ(ready.validation.targets.size(), ready.validation_rows.size());
  EXPECT_EQ(ready.training.features.size(), ready.training_rows.size() * ready.features.num_outputs());
}

TEST(TrainingData, LeavesOutliersOutOfTheTrainingRowsOnly) {
  Dataset data({"size"}, "time_ms");
  for (int i = 0; i < 100; ++i) data.add_row(std::vector<double>{1.0 + i}, i % 10 == 0 ? 1e9 : 1 + 0.01 * (i % 7));
  ResPerfNetOptions options = resperfnet_preset("paper");
  const TrainingData filtered = prepare_training_data(data, options, kFraction, 5);
  const auto is_outlier = [&](std::size_t row) { return data.targets()[row] > 1e6; };
  const auto count = [&](const std::vector<std::size_t>& rows) {
    return std::count_if(rows.begin(), rows.end(), is_outlier);
  };
  EXPECT_EQ(count(filtered.training_rows), 0);
  EXPECT_EQ(filtered.validation_rows.size(), 20u);
  options.outlier_deviations = 0;
  const TrainingData kept = prepare_training_data(data, options, kFraction, 5);
  EXPECT_EQ(kept.validation_rows, filtered.validation_rows);
  EXPECT_EQ(count(kept.training_rows) + count(kept.validation_rows), 10);
}

TEST(TrainingData, PaperTransformsTheNamedFeaturesByBoxCoxAndScalesTheTarget) {
  const Dataset data = synthetic_layers(200, 1, 0.02);
  const TrainingData ready = prepare_training_data(data, resperfnet_preset("paper"), kFraction, 5);
  const std::vector<ColumnTransform>& columns = ready.features.columns();
  EXPECT_EQ(columns[0].shape, Shape::kIdentity);
  EXPECT_EQ(columns[1].shape, Shape::kBoxCox);
  EXPECT_EQ(columns[2].shape, Shape::kBoxCox);
  EXPECT_EQ(columns[3].shape, Shape::kIdentity);
  EXPECT_FALSE(columns[5].used);  // use_bias is 1 in every row
  EXPECT_EQ(ready.features.num_outputs(), 5u);
  EXPECT_FLOAT_EQ(ready.training.targets[3], static_cast<float>(10 * data.targets()[ready.training_rows[3]]));
}

TEST(TrainingData, DefaultTakesLogarithmsWhereAFeatureSpansDecades) {
  Dataset data({"wide", "narrow", "wide_with_zero"}, "time_ms");
  for (int i = 1; i <= 50; ++i) {
    data.add_row(std::vector<double>{std::pow(1.2, i), 1.0 + i % 19, i == 1 ? 0 : std::pow(1.2, i)}, i);
  }
  const TrainingData ready = prepare_training_data(data, resperfnet_preset("default"), 0, 5);
  EXPECT_EQ(ready.features.columns()[0].shape, Shape::kLog);
  EXPECT_EQ(ready.features.columns()[1].shape, Shape::kIdentity);  // 19 / 1 is under 20
  EXPECT_EQ(ready.features.columns()[2].shape, Shape::kIdentity);  // there is no logarithm of 0
}

// time = 3 size^2 exactly: the trend in the logarithm of size takes it all.
TEST(TrainingData, TheTrendTakesAPowerLaw) {
  Dataset data({"size"}, "time_ms");
  for (int i = 0; i < 60; ++i) data.add_row(std::vector<double>{std::pow(1.1, i)}, 3 * std::pow(1.1, 2 * i));
  ResPerfNetOptions options = resperfnet_preset("default");
  options.trend_ridge = 0;
  const TrainingData ready = prepare_training_data(data, options, 0, 5);
  constexpr double kFloatFeatures = 1e-6;  // the features are float32
  EXPECT_NEAR(ready.target.trend[0], 2 * ready.features.columns()[0].deviation, kFloatFeatures);
  EXPECT_LT(ready.target.deviation, 2e-6);
}

TEST(TrainingData, CostTermsBecomeCostsAndNoInputs) {
  const Dataset data = with_cost_terms(synthetic_layers(300, 1, 0.0));
  const TrainingData ready = prepare_training_data(data, resperfnet_preset("default"), 0, 5);
  constexpr double kSmall = 1e-4;  // the generator's constants, found by reweighted least squares
  ASSERT_EQ(ready.target.costs.size(), data.num_features());
  EXPECT_NEAR(ready.target.costs[6], 0.02, 0.02 * kSmall);  // ms per call
  EXPECT_NEAR(ready.target.costs[7], 10, 10 * kSmall);      // ms per GFLOP
  EXPECT_EQ(ready.features.num_outputs(), 5u);
  ResPerfNetOptions without = resperfnet_preset("default");
  without.cost_terms = false;
  const TrainingData plain = prepare_training_data(data, without, 0, 5);
  EXPECT_TRUE(plain.target.costs.empty());
  EXPECT_EQ(plain.features.num_outputs(), 6u);  // cost_call never varies
}

TEST(TrainingData, RejectsWhatItCannotTrainOn) {
  const ResPerfNetOptions options = resperfnet_preset("default");
  EXPECT_PM_ERROR(prepare_training_data(synthetic_layers(9, 1, 0), options, kFraction, 5), ErrorCode::kInvalidArgument,
                  "the data set has 9 rows, resperfnet needs at least 10");
  Dataset zero = synthetic_layers(10, 1, 0);
  zero.add_row(std::vector<double>{1, 1, 1, 1, 1, 1}, 0);
  EXPECT_PM_ERROR(prepare_training_data(zero, options, kFraction, 5), ErrorCode::kInvalidArgument,
                  "row 10: time_ms is 0, resperfnet needs targets > 0");
  Dataset flat({"a", "b"}, "time_ms");
  for (int i = 0; i < 20; ++i) flat.add_row(std::vector<double>{1, 2}, 1 + i);
  EXPECT_PM_ERROR(prepare_training_data(flat, options, kFraction, 5), ErrorCode::kInvalidArgument,
                  "none of the 2 features varies over the 16 training rows");
  EXPECT_PM_ERROR(prepare_training_data(synthetic_layers(10, 1, 0), options, 0.99, 5), ErrorCode::kInvalidArgument,
                  "validation_fraction 0.99 leaves none of 10 rows to train on");
}

}  // namespace
}  // namespace perfmodel
