#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"
#include "learner/builtin.h"
#include "perfmodel/learner/trees.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

TEST(TreeLearner, RemembersRowsThatDiffer) {
  constexpr double kRelative = 1e-6;  // leaves are float32, their logarithm is up to 3
  const Dataset data = wavy_table(300, 1, 0.1);
  for (const bool log_target : {false, true}) {
    TreeOptions options;
    options.log_target = log_target;
    const Model model = make_tree_learner(options)->fit(data, FitOptions());
    const std::vector<Prediction> predictions = predictions_of(model, data);
    for (std::size_t i = 0; i < data.num_rows(); ++i) {
      EXPECT_NEAR(predictions[i].mean, data.targets()[i], kRelative * data.targets()[i]);
    }
    EXPECT_EQ(model.info().kind, "tree");
    EXPECT_EQ(model.info().training_rows, 300U);
    EXPECT_FALSE(model.info().features[3].used);
  }
}

// Noise of 10 % alone leaves an error of 8 %; a tree that remembers it has about sqrt(2) times that, and its steps.
TEST(TreeLearner, PredictsUnseenRows) {
  const Dataset data = wavy_table(3000, 1, 0.1), fresh = wavy_table(2000, 2, 0.1);
  const double remembering = mape_pct_of(make_tree_learner()->fit(data, FitOptions()), fresh);
  EXPECT_GT(remembering, 9);
  EXPECT_LT(remembering, 14);
  TreeOptions options;
  options.min_samples_leaf = 20;
  const double smooth = mape_pct_of(make_tree_learner(options)->fit(data, FitOptions()), fresh);
  EXPECT_GT(smooth, 7.5);
  EXPECT_LT(smooth, 9.5);
}

TEST(TreeLearner, CalibratesOnRowsLeftOut) {
  const Dataset data = wavy_table(1500, 1, 0.1), fresh = wavy_table(4000, 2, 0.1);
  for (const bool log_target : {false, true}) {
    TreeOptions options;
    options.log_target = log_target;
    const Model model = make_tree_learner(options)->fit(data, FitOptions());
    EXPECT_EQ(model.info().interval_level, 0.9);
    const double coverage_pct = coverage_pct_of(model, fresh);
    EXPECT_GT(coverage_pct, 87);
    EXPECT_LT(coverage_pct, 93);
  }
}

TEST(TreeLearner, FitsFewRowsWithoutAnInterval) {
  const Model model = make_tree_learner()->fit(wavy_table(1, 1, 0), FitOptions());
  EXPECT_EQ(model.info().interval_level, 0);
  EXPECT_NEAR(predictions_of(model, wavy_table(1, 1, 0))[0].mean, wavy_table(1, 1, 0).targets()[0], 1e-5);
}

TEST(TreeLearner, AnswersAConstantTarget) {
  Dataset data({"a", "b"}, "time_ms");
  for (int i = 0; i < 5; ++i) data.add_row(std::vector<double>{1.0 * i, 2}, 3);
  EXPECT_EQ(predictions_of(make_tree_learner()->fit(data, FitOptions()), data)[4].mean, 3);
}

TEST(TreeLearner, AnswersTheMeanWhereNoFeatureVaries) {
  Dataset data({"a"}, "time_ms");
  data.add_row(std::vector<double>{1e9}, 1);
  data.add_row(std::vector<double>{1e9}, 4);
  EXPECT_EQ(predictions_of(make_tree_learner()->fit(data, FitOptions()), data)[0].mean, 2.5);
  TreeOptions options;
  options.log_target = true;
  EXPECT_NEAR(predictions_of(make_tree_learner(options)->fit(data, FitOptions()), data)[0].mean, 2, 1e-6);
}

TEST(TreeLearner, SameSeedSameBits) {
  const Dataset data = wavy_table(500, 1, 0.1);
  TreeOptions options;
  options.max_features = 0.5;
  FitOptions fit;
  fit.seed = 5;
  const auto means = [&] {
    const Model model = make_tree_learner(options)->fit(data, fit);
    return std::pair(predictions_of(model, data)[7].mean, model.info().interval_upper_factor);
  };
  EXPECT_EQ(means(), means());
}

TEST(TreeLearner, RejectsBadOptions) {
  struct Bad {
    const char* json;
    ErrorCode code;
    const char* says;
  };
  const Bad kBad[] = {
      {R"({"max_depth": -1})", ErrorCode::kInvalidArgument, "option 'max_depth' is -1, allowed is 0"},
      {R"({"min_samples_split": 1})", ErrorCode::kInvalidArgument, "option 'min_samples_split' is 1, allowed is 2"},
      {R"({"min_samples_leaf": 0})", ErrorCode::kInvalidArgument, "option 'min_samples_leaf' is 0, allowed is 1"},
      {R"({"max_features": 0})", ErrorCode::kInvalidArgument, "option 'max_features' is 0, more than 0"},
      {R"({"max_features": 1.5})", ErrorCode::kInvalidArgument, "option 'max_features' is 1.5, allowed is 0 to 1"},
      {R"({"depth": 3})", ErrorCode::kParse, "depth"},
      {R"({"log_target": 1})", ErrorCode::kParse, "log_target"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.json);
    EXPECT_PM_ERROR(tree_learner_from_json(bad.json), bad.code, bad.says);
  }
  EXPECT_EQ(tree_learner_from_json(R"({"max_depth": 3, "min_samples_split": 4, "min_samples_leaf": 2,
                                       "max_features": 0.5, "log_target": true})")
                ->name(),
            "tree");
}

TEST(TreeLearner, RejectsBadData) {
  Dataset data({"a"}, "time_ms");
  EXPECT_PM_ERROR(make_tree_learner()->fit(data, FitOptions()), ErrorCode::kInvalidArgument, "no rows");
  data.add_row(std::vector<double>{1}, 1e39);
  EXPECT_PM_ERROR(make_tree_learner()->fit(data, FitOptions()), ErrorCode::kInvalidArgument,
                  "row 0: time_ms is 1e+39, tree takes targets up to 3.403e+38 in size");
  Dataset zero({"a"}, "time_ms");
  zero.add_row(std::vector<double>{1}, 1);
  zero.add_row(std::vector<double>{2}, 0);
  TreeOptions options;
  options.log_target = true;
  EXPECT_PM_ERROR(make_tree_learner(options)->fit(zero, FitOptions()), ErrorCode::kInvalidArgument,
                  "row 1: time_ms is 0, tree with log_target needs targets > 0");
}

}  // namespace
}  // namespace perfmodel
