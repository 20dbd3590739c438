#include "learner/training_info.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace perfmodel {
namespace {

Dataset small_data() {
  Dataset data({"batch", "input_bytes"}, "exe_ms");
  for (const double x : {4.0, -2.0, 3.0}) data.add_row(std::vector<double>{x, 7}, 1);
  return data;
}

TEST(TrainingInfo, DescribesFeaturesTargetAndRows) {
  const ModelInfo info = training_info("tree", small_data());
  EXPECT_EQ(info.kind, "tree");
  EXPECT_EQ(info.target, "exe_ms");
  EXPECT_EQ(info.training_rows, 3U);
  EXPECT_EQ(info.training_hash.size(), 16U);
  ASSERT_EQ(info.features.size(), 2U);
  EXPECT_EQ(info.features[0].name, "batch");
  EXPECT_EQ(info.features[0].unit, "");
  EXPECT_EQ(info.features[0].minimum, -2);
  EXPECT_EQ(info.features[0].maximum, 4);
  EXPECT_TRUE(info.features[0].used);
  EXPECT_EQ(info.features[1].unit, "bytes");
  EXPECT_EQ(info.interval_level, 0);
  EXPECT_EQ(info.held_out.rows, 0U);
}

TEST(TrainingInfo, LeavesOutAConstantFeature) {
  EXPECT_FALSE(training_info("tree", small_data()).features[1].used);
}

TEST(TrainingInfo, TellsDataSetsApart) {
  Dataset other = small_data();
  other.add_row(std::vector<double>{1, 7}, 1);
  EXPECT_NE(training_info("tree", small_data()).training_hash, training_info("tree", other).training_hash);
  EXPECT_EQ(training_info("tree", small_data()).training_hash, training_info("tree", small_data()).training_hash);
}

TEST(CheckFit, RejectsBadOptions) {
  const auto expect = [](const char* says, const auto& change) {
    FitOptions options;
    change(options);
    EXPECT_PM_ERROR(check_fit(small_data(), options), ErrorCode::kInvalidArgument, says);
  };
  check_fit(small_data(), {});
  EXPECT_PM_ERROR(check_fit(Dataset({"x"}, "y_ms"), {}), ErrorCode::kInvalidArgument, "the data set has no rows");
  expect("validation_fraction is 1, allowed is [0, 1)", [](FitOptions& o) { o.validation_fraction = 1; });
  expect("validation_fraction is -0.1", [](FitOptions& o) { o.validation_fraction = -0.1; });
  expect("interval_level is -0.1, allowed is [0, 1)", [](FitOptions& o) { o.interval_level = -0.1; });
  expect("interval_level is 1", [](FitOptions& o) { o.interval_level = 1; });
  expect("num_threads is 0, at least 1", [](FitOptions& o) { o.num_threads = 0; });
}

TEST(CheckFit, StopsWhenCancelled) {
  FitOptions options;
  options.callbacks.cancelled = [] { return true; };
  EXPECT_PM_ERROR(check_fit(small_data(), options), ErrorCode::kCancelled, "cancelled");
}

}  // namespace
}  // namespace perfmodel
