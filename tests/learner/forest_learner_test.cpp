#include <gtest/gtest.h>

#include <numeric>

#include "expect_error.h"
#include "learner/builtin.h"
#include "learner/left_out_rows.h"
#include "perfmodel/learner/trees.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

ForestOptions small_forest() {
  ForestOptions options;
  options.num_trees = 40;
  return options;
}

// Averaging takes most of what a tree remembers of the noise: nearer to the 8 % that 10 % of noise leave.
TEST(ForestLearner, PredictsBetterThanATree) {
  const Dataset data = wavy_table(2000, 1, 0.1), fresh = wavy_table(2000, 2, 0.1);
  const double tree = mape_pct_of(make_tree_learner()->fit(data, FitOptions()), fresh);
  const double forest = mape_pct_of(make_forest_learner(small_forest())->fit(data, FitOptions()), fresh);
  EXPECT_LT(forest, 0.9 * tree);
  EXPECT_GT(forest, 7.9);
}

TEST(ForestLearner, CalibratesOnRowsOutOfBag) {
  const Dataset data = wavy_table(1500, 1, 0.1), fresh = wavy_table(4000, 2, 0.1);
  for (const bool log_target : {false, true}) {
    ForestOptions options = small_forest();
    options.tree.log_target = log_target;
    const Model model = make_forest_learner(options)->fit(data, FitOptions());
    EXPECT_EQ(model.info().interval_level, 0.9);
    const double coverage_pct = coverage_pct_of(model, fresh);
    EXPECT_GT(coverage_pct, 87);
    EXPECT_LT(coverage_pct, 94);
  }
}

TEST(ForestLearner, NumberOfThreadsChangesNoBit) {
  const Dataset data = wavy_table(400, 1, 0.1);
  ForestOptions options = small_forest();
  options.tree.max_features = 0.5;
  FitOptions fit;
  fit.seed = 3;
  const Model one = make_forest_learner(options)->fit(data, fit);
  for (const int num_threads : {1, 2, 7}) {
    fit.num_threads = num_threads;
    const Model model = make_forest_learner(options)->fit(data, fit);
    const std::vector<Prediction> expected = predictions_of(one, data), actual = predictions_of(model, data);
    for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(actual[i].mean, expected[i].mean);
    EXPECT_EQ(model.info().interval_upper_factor, one.info().interval_upper_factor);
    EXPECT_EQ(feature_importance(model), feature_importance(one));
  }
  fit.seed = 4;
  EXPECT_NE(predictions_of(make_forest_learner(options)->fit(data, fit), data)[0].mean,
            predictions_of(one, data)[0].mean);
}

TEST(ForestLearner, WithoutBootstrapAllTreesAreTheTree) {
  constexpr double kRelative = 1e-6;  // float32 leaves, divided by the number of trees
  const Dataset data = wavy_table(200, 1, 0.1);
  ForestOptions options;
  options.num_trees = 3;
  options.bootstrap = false;
  const Model forest = make_forest_learner(options)->fit(data, FitOptions());
  const Dataset fresh = wavy_table(200, 2, 0.1);
  const std::vector<Prediction> expected = predictions_of(make_tree_learner()->fit(data, FitOptions()), fresh);
  const std::vector<Prediction> actual = predictions_of(forest, fresh);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(actual[i].mean, expected[i].mean, kRelative * expected[i].mean);
  }
  EXPECT_EQ(forest.info().interval_level, 0);  // no row is out of bag
}

TEST(ForestLearner, StopsWhenCancelled) {
  FitOptions fit;
  int calls = 0;
  fit.callbacks.cancelled = [&] { return ++calls > 3; };
  EXPECT_PM_ERROR(make_forest_learner()->fit(wavy_table(200, 1, 0.1), fit), ErrorCode::kCancelled, "cancelled");
}

TEST(ForestLearner, RejectsBadOptions) {
  EXPECT_PM_ERROR(forest_learner_from_json(R"({"num_trees": 0})"), ErrorCode::kInvalidArgument,
                  "option 'num_trees' is 0, allowed is 1 to 100000");
  EXPECT_PM_ERROR(forest_learner_from_json(R"({"min_samples_leaf": 0})"), ErrorCode::kInvalidArgument,
                  "option 'min_samples_leaf' is 0");
  EXPECT_PM_ERROR(forest_learner_from_json(R"({"trees": 5})"), ErrorCode::kParse, "trees");
  EXPECT_EQ(forest_learner_from_json(R"({"num_trees": 5, "bootstrap": false, "max_depth": 3})")->name(), "forest");
}

TEST(FeatureImportance, IsTheShareOfTheSquaredErrorThatSplitsTake) {
  // Worked by hand: the root's sum of squares is 34; the split of b takes 32 of it, those of a twice 1.
  Dataset data({"a", "b"}, "y");
  data.add_row(std::vector<double>{0, 0}, 0);
  data.add_row(std::vector<double>{1, 0}, std::sqrt(2.0));
  data.add_row(std::vector<double>{0, 1}, std::sqrt(32.0));
  data.add_row(std::vector<double>{1, 1}, std::sqrt(32.0) + std::sqrt(2.0));
  const std::vector<double> importance = feature_importance(make_tree_learner()->fit(data, FitOptions()));
  ASSERT_EQ(importance.size(), 2U);
  EXPECT_NEAR(importance[0], 2.0 / 34, 1e-12);
  EXPECT_NEAR(importance[1], 32.0 / 34, 1e-12);
}

TEST(FeatureImportance, FindsWhatMatters) {
  for (const bool log_target : {false, true}) {
    ForestOptions options = small_forest();
    options.tree.log_target = log_target;
    const Model model = make_forest_learner(options)->fit(wavy_table(1000, 1, 0.02), FitOptions());
    const std::vector<double> importance = feature_importance(model);
    ASSERT_EQ(importance.size(), 4U);
    EXPECT_NEAR(std::accumulate(importance.begin(), importance.end(), 0.0), 1, 1e-12);
    EXPECT_GT(importance[0], 0.3);
    EXPECT_GT(importance[1], 0.3);
    EXPECT_LT(importance[2], 0.02);
    EXPECT_EQ(importance[3], 0);
  }
}

TEST(FeatureImportance, IsUnknownToOtherModels) {
  const Model model = ConstantLearner().fit(wavy_table(5, 1, 0), FitOptions());
  EXPECT_PM_ERROR(feature_importance(model), ErrorCode::kUnsupported, "'constant' does not keep");
}

TEST(LeftOutRows, PartsAllRowsInTurn) {
  for (const std::size_t num_rows : {std::size_t{2}, std::size_t{7}, std::size_t{10}, std::size_t{101}}) {
    std::vector<std::size_t> seen(num_rows, 0);
    const auto folds = left_out_rows(num_rows, 10, 1);
    EXPECT_EQ(folds.size(), std::min<std::size_t>(num_rows, 10));
    for (const auto& fold : folds) {
      EXPECT_TRUE(std::is_sorted(fold.begin(), fold.end()));
      EXPECT_GE(fold.size(), num_rows / 10);
      EXPECT_LE(fold.size(), num_rows / 10 + 1);
      for (const std::size_t row : fold) ++seen[row];
    }
    EXPECT_EQ(seen, std::vector<std::size_t>(num_rows, 1));
  }
}

TEST(LeftOutRows, StopsWhenThereAreEnough) {
  EXPECT_EQ(left_out_rows(10 * kEnoughLeftOutRows, 10, 1).size(), 1U);
  EXPECT_EQ(left_out_rows(40 * kEnoughLeftOutRows, 10, 1).size(), 1U);
  EXPECT_EQ(left_out_rows(40 * kEnoughLeftOutRows, 10, 1)[0].size(), kEnoughLeftOutRows);
  EXPECT_EQ(left_out_rows(2 * kEnoughLeftOutRows, 10, 1).size(), 5U);
  EXPECT_TRUE(left_out_rows(1, 10, 1).empty());
  EXPECT_NE(left_out_rows(100, 10, 1), left_out_rows(100, 10, 2));
}

}  // namespace
}  // namespace perfmodel
