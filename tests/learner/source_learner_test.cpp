#include "perfmodel/learner/source_learner.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "model_files_for_tests.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/learner/trees.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

/// Rows of an environment that takes `factor` times what a rugged function of three features says.
Dataset rows_of(double factor, std::size_t num_rows, std::uint64_t seed) {
  Random random(seed);
  Dataset data({"a", "b", "c"}, "time_ms");
  for (std::size_t i = 0; i < num_rows; ++i) {
    const std::vector<double> row = {random.uniform(1, 10), random.uniform(1, 10), random.uniform(1, 10)};
    const double steps = 1 + std::floor(row[0]) * (row[1] > 5 ? 3 : 1) + (row[2] > 7 ? row[1] : 0);
    data.add_row(row, factor * steps);
  }
  return data;
}

Model source_model() {
  ForestOptions options;
  options.tree.log_target = true;
  return make_forest_learner(options)->fit(rows_of(1, 3000, 1), {});
}

std::shared_ptr<const Learner> process() {
  GaussianProcessOptions options;
  options.log_target = true;
  options.log_ratio_above = 2;
  return make_gaussian_process_learner(options);
}

// 40 rows do not show the steps of the function; the source knows them.
TEST(SourceLearner, MakesFewRowsGoALongWay) {
  const Dataset few = rows_of(3, 40, 2), fresh = rows_of(3, 1000, 3);
  const double alone = mape_pct_of(process()->fit(few, {}), fresh);
  const double with_source = mape_pct_of(make_source_learner(source_model(), process())->fit(few, {}), fresh);
  EXPECT_LT(with_source, 0.3 * alone);
}

TEST(SourceLearner, GivesAModelOfTheSourcesFeatures) {
  const Dataset few = rows_of(3, 40, 2);
  const auto learner = make_source_learner(source_model(), process());
  EXPECT_EQ(learner->name(), "gp");
  const Model model = learner->fit(few, {});
  ASSERT_EQ(model.num_features(), 3U);
  EXPECT_EQ(model.info().features[2].name, "c");
  EXPECT_EQ(model.info().kind, "gp");
  EXPECT_TRUE(model.knows_deviation());
  const Model loaded = load_bytes(file_of(model));
  const std::vector<double> row = {3, 4, 8};
  EXPECT_EQ(predict_all(loaded, row)[0].mean, predict_all(model, row)[0].mean);
  EXPECT_EQ(predict_all(loaded, row)[0].upper, predict_all(model, row)[0].upper);
}

// Twice the source everywhere is one term of an additive cost.
TEST(SourceLearner, IsATermOfAnAdditiveCost) {
  const Model source = source_model();
  Dataset twice({"a", "b", "c"}, "time_ms");
  const Dataset rows = rows_of(1, 50, 4);
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const Span<const double> row = rows.features().row(i);
    twice.add_row(row, 2 * predict_all(source, {row.begin(), row.end()})[0].mean);
  }
  const std::shared_ptr<const Learner> cost = builtin_learners().make("additive_cost");
  EXPECT_LT(mape_pct_of(make_source_learner(source, cost)->fit(twice, {}), twice), 1e-3);
}

// Three times the source is a line through it, whatever the features.
TEST(SourceLearner, ShiftsTheSourceAlone) {
  const std::shared_ptr<const Learner> line =
      builtin_learners().make("polynomial", R"({"min_degree": 1, "max_degree": 1})");
  const Model source = source_model();
  const Dataset fresh = rows_of(3, 300, 6);
  const Model shifted = make_source_learner(source, line, SourceView::kAlone)->fit(rows_of(3, 40, 5), {});
  ASSERT_EQ(shifted.num_features(), 3U);
  EXPECT_LT(mape_pct_of(shifted, fresh), 10);
  EXPECT_GT(mape_pct_of(source, fresh), 60);  // a third of what it is
}

TEST(SourceLearner, RefusesOtherFeatures) {
  const auto learner = make_source_learner(source_model(), process());
  Dataset other({"a", "x", "c"}, "time_ms");
  other.add_row(std::vector<double>{1, 2, 3}, 1);
  EXPECT_PM_ERROR(learner->fit(other, {}), ErrorCode::kMismatch, "feature 1 is 'x', that of the source's model 'b'");
  Dataset fewer({"a", "b"}, "time_ms");
  fewer.add_row(std::vector<double>{1, 2}, 1);
  EXPECT_PM_ERROR(learner->fit(fewer, {}), ErrorCode::kMismatch, "feature 2 is 'none', that of the source's model 'c'");
  EXPECT_PM_ERROR(make_source_learner(source_model(), nullptr), ErrorCode::kInvalidArgument, "there is no learner");
}

TEST(SourceLearner, RefusesWhatItsLearnerRefuses) {
  EXPECT_PM_ERROR(make_source_learner(source_model(), process())->fit(Dataset({"a", "b", "c"}, "time_ms"), {}),
                  ErrorCode::kInvalidArgument, "the data set has no rows");
}

}  // namespace
}  // namespace perfmodel
