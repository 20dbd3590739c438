#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "learner/training_info.h"
#include "synthetic_layers.h"
#include "train_xgboost/xgboost_fit.h"

namespace perfmodel {
namespace {

FitOptions two_threads(std::uint64_t seed = 0) {
  FitOptions options;
  options.seed = seed;
  options.num_threads = 2;
  return options;
}

Model fit(const XGBoostOptions& options, const Dataset& data, const FitOptions& fit_options) {
  return make_xgboost_learner(options)->fit(data, fit_options);
}

// Bit for bit: both add leaves in float32, one tree after another, and what follows is in double precision.
TEST(XGBoostLearner, PerfmodelAnswersWhatXGBoostDoes) {
  const Dataset data = synthetic_layers(500, 1, 0.02), rows = synthetic_layers(1000, 2, 0.02);
  XGBoostOptions options;
  options.num_rounds = 100;
  for (const bool log_target : {false, true}) {
    for (const Dataset& training : {data, with_cost_terms(data)}) {
      options.log_target = log_target;
      const Dataset compared = training.num_features() > data.num_features() ? with_cost_terms(rows) : rows;
      const XGBoostFit trees = fit_trees(training, options, two_threads());
      const Model model(training_info("xgboost", training), to_evaluator(trees));
      EXPECT_EQ(predicted_means(model, compared.features()), predict_in_xgboost(trees, compared.features()));
    }
  }
}

TEST(XGBoostLearner, SendsMissingValuesWhereXGBoostDoes) {
  const Dataset data = synthetic_layers(500, 1, 0.02), fresh = synthetic_layers(300, 2, 0.02);
  XGBoostOptions options;
  options.num_rounds = 50;
  const XGBoostFit trees = fit_trees(data, options, two_threads());
  const Model model(training_info("xgboost", data), to_evaluator(trees));
  ASSERT_TRUE(model.takes_missing_values());
  std::vector<double> rows;
  Random random(3);
  for (std::size_t i = 0; i < fresh.num_rows(); ++i) {
    for (const double value : fresh.features().row(i)) rows.push_back(random.chance(0.3) ? std::nan("") : value);
  }
  const MatrixView<const double> view(rows.data(), fresh.num_rows(), fresh.num_features());
  std::vector<Prediction> answers(view.rows());
  Workspace workspace(model.workspace_bytes(view.rows()));
  ASSERT_TRUE(model.predict(view, answers, workspace, MissingValues::kAsLearnt).ok());
  const std::vector<double> expected = predict_in_xgboost(trees, view);
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].mean, expected[i]);
}

// Trees approximate a product of five factors by steps: far above the 1.6 % that 2 % noise leaves, far below the spread
// of the times over five decades.
TEST(XGBoostLearner, LearnsLayers) {
  const Dataset data = synthetic_layers(1500, 1, 0.02), fresh = synthetic_layers(500, 2, 0.02);
  const double error_pct = mape_of(fit({}, data, two_threads()), fresh);
  RecordProperty("mape_pct", std::to_string(error_pct));
  EXPECT_LT(error_pct, 40);
  EXPECT_GT(error_pct, 3);
}

TEST(XGBoostLearner, CostsCarryBeyondTheLearntRange) {
  const Dataset data = with_cost_terms(synthetic_layers(600, 1, 0.02));
  const Dataset larger = with_cost_terms(synthetic_layers(200, 2, 0.0, 4));
  EXPECT_LT(mape_of(fit({}, data, two_threads()), larger), 6);
  XGBoostOptions without;
  without.cost_terms = false;
  EXPECT_GT(mape_of(fit(without, data, two_threads()), larger), 20);
}

TEST(XGBoostLearner, StopsEarlyAndKeepsTheBestNumberOfTrees) {
  const Dataset data = synthetic_layers(100, 1, 0.5);
  XGBoostOptions options;
  options.num_rounds = 1000;
  options.early_stopping_rounds = 10;
  const XGBoostFit stopped = fit_trees(data, options, two_threads());
  EXPECT_GE(stopped.num_trees, 1);
  EXPECT_LT(stopped.num_trees, 900);
  options.early_stopping_rounds = 0;
  options.num_rounds = 120;
  EXPECT_EQ(fit_trees(data, options, two_threads()).num_trees, 120);
}

TEST(XGBoostLearner, GrowsAllTreesWithoutValidationRows) {
  XGBoostOptions options;
  options.num_rounds = 30;
  FitOptions fit_options = two_threads();
  fit_options.validation_fraction = 0;
  const Dataset data = synthetic_layers(100, 1, 0.5);
  EXPECT_EQ(fit_trees(data, options, fit_options).num_trees, 30);
  EXPECT_EQ(fit(options, data, fit_options).info().interval_level, 0);
}

TEST(XGBoostLearner, SameSeedAndThreadsGiveTheSameBits) {
  const Dataset data = synthetic_layers(300, 1, 0.02), fresh = synthetic_layers(50, 2, 0.02);
  const auto answers = [&](std::uint64_t seed) {
    return predicted_means(fit({}, data, two_threads(seed)), fresh.features());
  };
  EXPECT_EQ(answers(3), answers(3));
  EXPECT_NE(answers(3), answers(4));
}

TEST(XGBoostLearner, SaysWhatItKnowsOfTheFit) {
  const Model model = fit({}, synthetic_layers(200, 1, 0.02), two_threads());
  EXPECT_EQ(model.info().kind, "xgboost");
  EXPECT_EQ(model.info().target, "time_ms");
  EXPECT_EQ(model.info().training_rows, 170u);
  EXPECT_EQ(model.info().interval_level, 0.9);
  EXPECT_TRUE(model.info().features[0].used);
  EXPECT_FALSE(model.info().features[5].used);
}

TEST(XGBoostLearner, TellsSmallValuesApartBesideHugeOnes) {
  Dataset data({"flops"}, "time_ms");
  for (int i = 0; i < 100; ++i) data.add_row(std::vector<double>{i % 2 == 0 ? 1.0 : 2.0}, i % 2 == 0 ? 1.0 : 2.0);
  for (int i = 0; i < 20; ++i) data.add_row(std::vector<double>{1e12 + i}, 4.0);
  FitOptions options;
  options.validation_fraction = 0;
  const std::vector<double> rows = {1, 2, 1e12};
  const std::vector<double> means = predicted_means(fit({}, data, options), {rows.data(), 3, 1});
  EXPECT_NEAR(means[0], 1, 0.01);
  EXPECT_NEAR(means[1], 2, 0.02);
  EXPECT_NEAR(means[2], 4, 0.04);
}

TEST(XGBoostLearner, ReportsRoundsAndStopsWhenToldTo) {
  FitOptions options = two_threads();
  std::vector<Progress> reports;
  options.callbacks.progress = [&](const Progress& progress) { reports.push_back(progress); };
  fit({}, synthetic_layers(100, 1, 0.02), options);
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().task, "fitting xgboost");
  EXPECT_EQ(reports.back().done, reports.back().total);
  EXPECT_THAT(reports.back().note, ::testing::ContainsRegex("validation error .*, [0-9]+ trees kept"));
  int num_questions = 0;
  options.callbacks.cancelled = [&] { return ++num_questions > 5; };
  EXPECT_PM_ERROR(fit({}, synthetic_layers(100, 1, 0.02), options), ErrorCode::kCancelled, "cancel");
}

TEST(XGBoostLearner, RejectsWhatItCannotTrainOn) {
  EXPECT_PM_ERROR(fit({}, Dataset({"a"}, "time_ms"), two_threads()), ErrorCode::kInvalidArgument,
                  "the data set has no rows");
  EXPECT_PM_ERROR(fit({}, synthetic_layers(9, 1, 0), two_threads()), ErrorCode::kInvalidArgument,
                  "the data set has 9 rows, xgboost needs at least 10");
  Dataset negative = synthetic_layers(10, 1, 0);
  negative.add_row(std::vector<double>{1, 1, 1, 1, 1, 1}, -3);
  EXPECT_PM_ERROR(fit({}, negative, two_threads()), ErrorCode::kInvalidArgument,
                  "row 10: time_ms is -3, xgboost with log_target needs targets > 0");
  Dataset flat({"a"}, "time_ms");
  for (int i = 0; i < 20; ++i) flat.add_row(std::vector<double>{1}, 1 + i);
  EXPECT_PM_ERROR(fit({}, flat, two_threads()), ErrorCode::kInvalidArgument,
                  "none of the 1 features varies over the 17 training rows");
}

TEST(Booster, ErrorsKeepXGBoostsText) {
  const std::vector<float> rows = {1, 2, 3};
  EXPECT_PM_ERROR(
      DMatrix({rows.data(), 3, 1}, Span<const float>(rows.data(), 2)).handle();
      Booster(std::make_shared<DMatrix>(MatrixView<const float>(rows.data(), 3, 1), Span<const float>(rows.data(), 2)))
          .grow(0),
      ErrorCode::kInternal, "XGBoost: ");
}

}  // namespace
}  // namespace perfmodel
