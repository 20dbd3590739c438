#include "learner/left_out.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "expect_error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/gaussian_process.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

/// Rows with x = 0, 1, ... and these targets.
Dataset data_of(const std::vector<double>& targets) {
  Dataset data({"x"}, "time_ms");
  for (std::size_t i = 0; i < targets.size(); ++i) data.add_row(std::vector<double>{1.0 * i}, targets[i]);
  return data;
}

Model constant_model(double value) {
  ModelInfo info;
  info.target = "time_ms";
  info.features = {{"x", "", 0, 100, true}};
  return Model(info, make_constant(1, value));
}

double mean_of(Span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Model fit_mean(const Dataset& rows) {
  return constant_model(mean_of(rows.targets()));
}

TEST(LeaveOut, AnswersForEachRowOnceWithoutIt) {
  // Left out one by one, the mean of the others is (15 - y) / 4, by hand.
  const LeftOutAnswers answers = leave_out(data_of({1, 2, 3, 4, 5}), &fit_mean, 5, 1);
  ASSERT_EQ(answers.measured.size(), 5U);
  EXPECT_EQ(std::set<double>(answers.measured.begin(), answers.measured.end()).size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_DOUBLE_EQ(answers.predicted[i], (15 - answers.measured[i]) / 4);
  EXPECT_TRUE(answers.deviation.empty());
}

TEST(LeaveOut, GivesDeviationsOfModelsThatHaveThem) {
  const auto process = make_gaussian_process_learner();
  const FitRows fit = [&](const Dataset& rows) { return process->fit(rows, FitOptions()); };
  const LeftOutAnswers answers = leave_out(data_of({1, 2.1, 2.9, 4.2, 5}), fit, 5, 1);
  ASSERT_EQ(answers.deviation.size(), 5U);
  for (const double deviation : answers.deviation) EXPECT_GT(deviation, 0);
}

TEST(LeaveOut, HasNoAnswersWhereSomeRowsAreTooFew) {
  EXPECT_TRUE(leave_out(data_of({}), &fit_mean, 5, 1).measured.empty());
  EXPECT_TRUE(leave_out(data_of({1, 2}), &fit_mean, 5, 1).measured.empty());
  const FitRows picky = [](const Dataset& rows) {
    if (rows.num_rows() < 5) throw Error(ErrorCode::kInvalidArgument, "4 rows, at least 5 are needed");
    return fit_mean(rows);
  };
  EXPECT_TRUE(leave_out(data_of({1, 2, 3, 4, 5}), picky, 5, 1).measured.empty());
  EXPECT_EQ(leave_out(data_of({1, 2, 3, 4, 5, 6}), picky, 6, 1).measured.size(), 6U);
}

TEST(LeaveOut, LetsOtherErrorsPass) {
  const FitRows cancelled = [](const Dataset&) -> Model {
    throw Error(ErrorCode::kCancelled, "the fit was cancelled");
  };
  EXPECT_PM_ERROR(leave_out(data_of({1, 2, 3}), cancelled, 3, 1), ErrorCode::kCancelled, "the fit was cancelled");
}

TEST(RelativeError, IsTheMeanOrInfiniteWithoutAnswers) {
  EXPECT_DOUBLE_EQ(relative_error({{10, 20}, {11, 14}, {}}), 0.2);
  EXPECT_EQ(relative_error({}), std::numeric_limits<double>::infinity());
}

TEST(WithInterval, TakesFewErrorsAsNormal) {
  // 10 answers that are 5 % off, 9 degrees of freedom: +-1.83311293 (tables) * 0.05, about 10 %.
  LeftOutAnswers answers;
  for (int i = 0; i < 10; ++i) {
    answers.measured.push_back(20);
    answers.predicted.push_back(20 * std::exp(i % 2 == 0 ? 0.05 : -0.05));
  }
  constexpr double kRounding = 1e-8;  // of the quantile
  const ModelInfo info = with_interval(constant_model(20), answers, 0.9).info();
  EXPECT_EQ(info.interval_level, 0.9);
  EXPECT_NEAR(std::log(info.interval_upper_factor), 0.05 * 1.83311293265624, kRounding);
  EXPECT_NEAR(std::log(info.interval_lower_factor), -0.05 * 1.83311293265624, kRounding);
}

TEST(WithInterval, HoldsNewRowsFromFewRows) {
  // Targets of deviation 5 %: 400 intervals from 8 rows each, whose errors were left out, hold about 90 % of new ones.
  Random random(3);
  double inside_pct = 0;
  constexpr int kRuns = 400, kFresh = 50;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> targets;
    for (int i = 0; i < 8; ++i) targets.push_back(10 * std::exp(0.05 * random.normal()));
    const Dataset rows = data_of(targets);
    const Model model = with_interval(fit_mean(rows), leave_out(rows, &fit_mean, 8, 1), 0.9);
    const double mean = mean_of(targets);
    for (int i = 0; i < kFresh; ++i) {
      const double fresh = 10 * std::exp(0.05 * random.normal());
      const bool inside =
          fresh >= mean * model.info().interval_lower_factor && fresh <= mean * model.info().interval_upper_factor;
      if (inside) inside_pct += 100.0 / (kRuns * kFresh);
    }
  }
  EXPECT_GT(inside_pct, 89);  // the left out errors are 2 % larger than those of new rows
  EXPECT_LT(inside_pct, 93);
}

TEST(WithInterval, HasNoneWhereNothingCanBeSaid) {
  const Model model = constant_model(20);
  EXPECT_EQ(with_interval(model, {}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2}, {1, 2}, {}}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2, 3, 4}, {1, 2, 3, -4}, {}}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2, 3, 4}, {1, 2, 3, 0}, {}}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2, 0, 4}, {1, 2, 3, 4}, {}}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2, 3}, {1, 2, 3}, {1, 1, 1}}, 0.9).info().interval_level, 0);
  EXPECT_EQ(with_interval(model, {{1, 2, 3}, {1, 2.1, 3}, {}}, 0.9).info().interval_level, 0.9);
}

}  // namespace
}  // namespace perfmodel
