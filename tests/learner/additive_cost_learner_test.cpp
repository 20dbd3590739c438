#include "perfmodel/learner/additive_cost.h"

#include <cmath>

#include "expect_error.h"
#include "perfmodel/learner/registry.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

/// time = 0.002 + 0.3 per MB + 0.05 per thousand rows, times exp(noise x normal); over four decades of size.
Dataset layer_times(std::size_t num_rows, std::uint64_t seed, double noise) {
  Dataset data({"batch", "cost_call", "cost_mb", "cost_kilo_rows", "cost_unused"}, "time_ms");
  Random random(seed);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const double mb = random.log_uniform(1e-3, 1e1), kilo_rows = random.log_uniform(1e-3, 1e1);
    const std::vector<double> row = {1 + 7 * random.uniform(), 1, mb, kilo_rows, 0};
    data.add_row(row, (0.002 + 0.3 * mb + 0.05 * kilo_rows) * std::exp(noise * random.normal()));
  }
  return data;
}

double answer(const Model& model, const std::vector<double>& row) {
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
  return prediction.mean;
}

TEST(AdditiveCostLearner, FindsTheCostsOfExactRows) {
  const Model model = make_additive_cost_learner()->fit(layer_times(40, 1, 0), {});
  EXPECT_EQ(model.info().kind, "additive_cost");
  constexpr double kExact = 1e-3;  // relative; the least squares stop at small steps
  EXPECT_NEAR(answer(model, {4, 1, 0, 0, 0}), 0.002, 0.002 * kExact);
  EXPECT_NEAR(answer(model, {4, 1, 1, 0, 0}), 0.302, 0.302 * kExact);
  EXPECT_NEAR(answer(model, {4, 1, 0, 1, 0}), 0.052, 0.052 * kExact);
}

// Beyond the largest row measured the costs go on; trees would stay where they are.
TEST(AdditiveCostLearner, GoesOnBeyondWhatWasMeasured) {
  const Model model = make_additive_cost_learner()->fit(layer_times(60, 2, 0.05), {});
  EXPECT_NEAR(answer(model, {4, 1, 1000, 0, 0}) / 300, 1, 0.05);
}

// 5 % noise: the mean absolute error of a normal one is 0.8 of its deviation, so 4 % at best.
TEST(AdditiveCostLearner, ErrsHardlyMoreThanTheNoiseOfFewRows) {
  const Model model = make_additive_cost_learner()->fit(layer_times(20, 3, 0.05), {});
  const double mape = mape_pct_of(model, layer_times(2000, 4, 0.05));
  EXPECT_GT(mape, 3.8);
  EXPECT_LT(mape, 5);
}

TEST(AdditiveCostLearner, HasAConformalIntervalFromRowsLeftOut) {
  const Model model = make_additive_cost_learner()->fit(layer_times(200, 5, 0.1), {});
  EXPECT_EQ(model.info().interval_level, 0.9);
  const double coverage = coverage_pct_of(model, layer_times(4000, 6, 0.1));
  EXPECT_GT(coverage, 86);  // 90 of 100, give or take what 200 rows tell
  EXPECT_LT(coverage, 94);
}

TEST(AdditiveCostLearner, CalibratesAnIntervalOnTwentyRows) {
  EXPECT_EQ(make_additive_cost_learner()->fit(layer_times(20, 7, 0.1), {}).info().interval_level, 0.9);
}

TEST(AdditiveCostLearner, FitsTheSameWithoutAnInterval) {
  const Dataset rows = layer_times(50, 8, 0.1);
  FitOptions options;
  options.interval_level = 0;
  const Model without = make_additive_cost_learner()->fit(rows, options),
              with = make_additive_cost_learner()->fit(rows, {});
  EXPECT_EQ(without.info().interval_level, 0);
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    EXPECT_EQ(predictions_of(with, rows)[i].mean, predictions_of(without, rows)[i].mean);
  }
}

TEST(AdditiveCostLearner, SaysWhenARowIsOutOfDomain) {
  const Model model = make_additive_cost_learner()->fit(layer_times(40, 9, 0.1), {});
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  const std::vector<double> row = {16, 1, 1, 1, 0};  // a batch that no row had
  model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
  EXPECT_FALSE(prediction.in_domain);
}

TEST(AdditiveCostLearner, RefusesWhatIsNoCost) {
  const auto learner = builtin_learners().make("additive_cost");
  EXPECT_PM_ERROR(learner->fit(wavy_table(30, 1, 0.1), {}), ErrorCode::kInvalidArgument,
                  "none of the 4 features is a cost ('cost_...', >= 0 and not always 0)");
  Dataset zero({"cost_call"}, "time_ms");
  for (int i = 0; i < 20; ++i) zero.add_row(std::vector<double>{0}, 1);
  EXPECT_PM_ERROR(learner->fit(zero, {}), ErrorCode::kInvalidArgument, "none of the 1 features is a cost");
  Dataset bad = layer_times(20, 1, 0);
  bad.add_row(std::vector<double>{1, 1, 1, 1, 0}, 0);
  EXPECT_PM_ERROR(learner->fit(bad, {}), ErrorCode::kInvalidArgument, "row 20: time_ms is 0, additive_cost needs");
  EXPECT_PM_ERROR(learner->fit(Dataset({"cost_call"}, "time_ms"), {}), ErrorCode::kInvalidArgument, "no rows");
}

}  // namespace
}  // namespace perfmodel
