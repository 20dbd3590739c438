#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "learner/blend_weights.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/blend.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/learner/regression.h"
#include "perfmodel/learner/trees.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

/// y = 2 + x0 (1 + step of x1), all positive: neither a straight line nor a tree has it alone.
Dataset table(std::size_t num_rows, std::uint64_t seed) {
  Random random(seed);
  Dataset data({"x0", "x1"}, "time_ms");
  for (std::size_t i = 0; i < num_rows; ++i) {
    const std::vector<double> row = {random.uniform(1, 10), random.uniform(0, 1)};
    data.add_row(row, (2 + row[0] * (row[1] > 0.5 ? 2 : 1)) * std::exp(0.02 * random.normal()));
  }
  return data;
}

std::vector<double> answers(const Model& model, const Dataset& rows) {
  std::vector<double> means;
  for (const Prediction& prediction : predictions_of(model, rows)) means.push_back(prediction.mean);
  return means;
}

std::shared_ptr<const Learner> tree() {
  return make_tree_learner({});
}

std::shared_ptr<const Learner> line() {
  return builtin_learners().make("polynomial", R"({"min_degree": 1, "max_degree": 1})");
}

TEST(BlendWeights, AreThoseOfTheLeastSquare) {
  // Errors (1, 0) and (0, 2): w^2 + 4 (1 - w)^2 is least at w = 4/5.
  const std::vector<double> weights = blend_weights({{1, 0}, {0, 2}});
  EXPECT_NEAR(weights[0], 0.8, 1e-6);
  EXPECT_NEAR(weights[1], 0.2, 1e-6);
}

TEST(BlendWeights, LeaveOutAMemberThatOnlyHarms) {
  // The second errs as the first does, and more.
  const std::vector<double> weights = blend_weights({{1, -1, 1}, {3, -3, 2}, {-1, 1, -1}});
  EXPECT_NEAR(weights[1], 0, 1e-6);
  EXPECT_NEAR(weights[0], 0.5, 1e-6);
}

TEST(BlendWeights, AreEqualWhereMembersAre) {
  EXPECT_EQ(blend_weights({{1, 2}, {1, 2}}), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(blend_weights({{0, 0}, {0, 0}, {0, 0}, {0, 0}}), std::vector<double>(4, 0.25));
}

// A line through each half of the table errs the other way than a tree of few leaves does.
TEST(BlendLearner, ErrsLessThanMembersThatErrInTheirOwnWays) {
  const Dataset data = table(300, 1), fresh = table(1000, 2);
  TreeOptions options;
  options.max_depth = 3;
  const std::shared_ptr<const Learner> small_tree = make_tree_learner(options);
  const double blend = mape_pct_of(make_blend_learner({small_tree, line()})->fit(data, {}), fresh);
  EXPECT_LT(blend, mape_pct_of(small_tree->fit(data, {}), fresh));
  EXPECT_LT(blend, mape_pct_of(line()->fit(data, {}), fresh));
}

TEST(BlendLearner, CalibratesItsInterval) {
  const Dataset data = table(600, 3), fresh = table(2000, 4);
  const Model model = make_blend_learner({tree(), line()})->fit(data, {});
  EXPECT_EQ(model.info().kind, "blend");
  EXPECT_EQ(model.info().interval_level, 0.9);
  EXPECT_EQ(model.info().training_rows, 600u);
  // 90 rows calibrate: their quantiles are off by 3 % (one deviation). Fitted to all rows it errs less than it says.
  EXPECT_GT(coverage_pct_of(model, fresh), 81);
}

TEST(BlendLearner, WithFewRowsCountsMembersAlike) {
  const Dataset data = table(30, 5);
  const Model model = make_blend_learner({tree(), line()}, {false, 0})->fit(data, {});
  EXPECT_EQ(model.info().interval_level, 0);
  const std::vector<double> blended = answers(model, data), a = answers(tree()->fit(data, {}), data);
  const std::vector<double> b = answers(line()->fit(data, {}), data);
  for (std::size_t i = 0; i < blended.size(); ++i) EXPECT_NEAR(blended[i], (a[i] + b[i]) / 2, 1e-9 * blended[i]);
}

// 60 rows: too few to set 20 aside. Left out in turn they tell that the tree is of no use to a straight line.
TEST(BlendLearner, WeighsAndCalibratesByCrossValidation) {
  Random random(10);
  Dataset data({"x"}, "time_ms"), fresh({"x"}, "time_ms");
  for (int i = 0; i < 1060; ++i) {
    const double x = random.uniform(1, 10);
    (i < 60 ? data : fresh).add_row(std::vector<double>{x}, (5 + x) * std::exp(0.02 * random.normal()));
  }
  BlendOptions options;
  options.shrinkage = 0;
  options.folds = 5;
  const Model model = make_blend_learner({tree(), line()}, options)->fit(data, {});
  const double line_error = mape_pct_of(line()->fit(data, {}), fresh);
  EXPECT_LT(mape_pct_of(model, fresh), 1.1 * line_error);
  EXPECT_EQ(model.info().training_rows, 60U);
  EXPECT_EQ(model.info().interval_level, 0.9);
  // 60 left out rows calibrate: quantiles are off by 4 % (one deviation).
  EXPECT_GT(coverage_pct_of(model, fresh), 78);
  EXPECT_LT(coverage_pct_of(model, fresh), 99);
  FitOptions without;
  without.interval_level = 0;
  EXPECT_EQ(make_blend_learner({tree(), line()}, options)->fit(data, without).info().interval_level, 0);
}

TEST(BlendLearner, SameSeedSameAnswers) {
  const Dataset data = table(200, 6);
  const auto learner = make_blend_learner({builtin_learners().make("forest", R"({"num_trees": 5})"), line()});
  EXPECT_EQ(answers(learner->fit(data, {}), data), answers(learner->fit(data, {}), data));
}

TEST(BlendLearner, IsMadeFromJson) {
  LearnerRegistry registry = builtin_learners();
  add_blend_learner(registry);
  const auto learner = registry.make(
      "blend", R"({"members": [{"learner": "tree", "options": {"max_depth": 3}}, {"learner": "polynomial"}],
                   "geometric": false, "shrinkage": 0, "folds": 3})");
  EXPECT_EQ(learner->name(), "blend");
  EXPECT_LT(mape_pct_of(learner->fit(table(200, 7), {}), table(200, 8)), 20);
}

TEST(BlendLearner, RefusesWhatIsNoBlend) {
  LearnerRegistry registry = builtin_learners();
  add_blend_learner(registry);
  EXPECT_PM_ERROR(registry.make("blend"), ErrorCode::kInvalidArgument, "a blend without members");
  EXPECT_PM_ERROR(make_blend_learner({nullptr}), ErrorCode::kInvalidArgument, "a member of a blend is null");
  EXPECT_PM_ERROR(make_blend_learner({tree()}, {true, 2}), ErrorCode::kInvalidArgument, "shrinkage");
  EXPECT_PM_ERROR(make_blend_learner({tree()}, {true, 0.1, 1}), ErrorCode::kInvalidArgument, "option 'folds' is 1");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": [{"learner": "blend"}]})"), ErrorCode::kUnsupported,
                  "'blend' is not registered");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": [{"name": "tree"}]})"), ErrorCode::kParse, "name");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": [{"learner": "tree", "options": {"depth": 1}}]})"),
                  ErrorCode::kParse, "depth");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": 3})"), ErrorCode::kParse, "members");
}

TEST(BlendLearner, RefusesTargetsWithoutALogarithm) {
  Dataset data = table(50, 9);
  data.add_row(std::vector<double>{1, 1}, 0);
  EXPECT_PM_ERROR(make_blend_learner({tree(), line()})->fit(data, {}), ErrorCode::kInvalidArgument, "row 50");
}

}  // namespace
}  // namespace perfmodel
