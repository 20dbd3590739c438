#include "perfmodel/learner/model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "expect_error.h"
#include "model_files_for_tests.h"
#include "predict/evaluators.h"
#include "predict/evaluators_for_tests.h"

namespace perfmodel {
namespace {

/// A model of one feature "x" in [1, 8] that answers x itself.
Model identity_model(double level = 0, double lower_factor = 1, double upper_factor = 1) {
  ModelInfo info;
  info.kind = "identity";
  info.target = "time_ms";
  info.features = {{"x", "", 1, 8, true}};
  info.interval_level = level;
  info.interval_lower_factor = lower_factor;
  info.interval_upper_factor = upper_factor;
  NetworkLayer layer;
  layer.inputs = layer.outputs = 1;
  layer.relu = false;
  layer.weights = {1};
  return Model(info, make_sequence_network(1, {layer}));
}

TEST(Model, AnswersMeanIntervalAndDomain) {
  const std::vector<Prediction> answers = predict_all(identity_model(0.9, 0.5, 2), {4, 9});
  EXPECT_EQ(answers[0].mean, 4);
  EXPECT_EQ(answers[0].lower, 2);
  EXPECT_EQ(answers[0].upper, 8);
  EXPECT_TRUE(answers[0].in_domain);
  EXPECT_EQ(answers[1].mean, 9);
  EXPECT_FALSE(answers[1].in_domain);
}

TEST(Model, GivesNoIntervalWithoutCalibration) {
  const Prediction answer = predict_all(identity_model(), {4})[0];
  EXPECT_EQ(answer.lower, 4);
  EXPECT_EQ(answer.upper, 4);
}

TEST(Model, KeepsTheIntervalInOrderForNegativeAnswers) {
  const Prediction answer = predict_all(identity_model(0.9, 0.5, 2), {-4})[0];
  EXPECT_EQ(answer.lower, -8);
  EXPECT_EQ(answer.upper, -2);
}

/// A model of one feature that answers `mean` with that standard deviation.
Model sure_model(double mean, double deviation, double lower_factor, double upper_factor) {
  GaussianProcess process;
  process.inverse_length_scales = {0};
  process.signal_variance = 0;
  process.noise_variance = deviation * deviation;
  process.base = mean;
  process.points = process.weights = {0};
  process.cholesky = {1};
  ModelInfo info = identity_model(0.9, lower_factor, upper_factor).info();
  return Model(info, make_gaussian_process(process));
}

TEST(Model, WidensTheIntervalOfAnswersItIsLessSureOf) {
  // By hand: 4 * 0.25^(2 / 4) and 4 * 9^(2 / 4).
  const Prediction answer = predict_all(sure_model(4, 2, 0.25, 9), {1})[0];
  EXPECT_EQ(answer.mean, 4);
  EXPECT_DOUBLE_EQ(answer.lower, 2);
  EXPECT_DOUBLE_EQ(answer.upper, 12);
  const Prediction negative = predict_all(sure_model(-4, 2, 0.25, 9), {1})[0];
  EXPECT_DOUBLE_EQ(negative.lower, -12);
  EXPECT_DOUBLE_EQ(negative.upper, -2);
  const Prediction sure = predict_all(sure_model(4, 0, 0.25, 9), {1})[0];
  EXPECT_EQ(sure.lower, 4);
  EXPECT_EQ(sure.upper, 4);
}

TEST(Model, KeepsTheIntervalFiniteWhateverTheDeviation) {
  for (const double mean : {0.0, 1e-300, -1e-300, 1.0}) {
    SCOPED_TRACE(mean);
    const Prediction answer = predict_all(sure_model(mean, 1e6, 0.25, 9), {1})[0];
    EXPECT_TRUE(std::isfinite(answer.lower));
    EXPECT_TRUE(std::isfinite(answer.upper));
    EXPECT_LE(answer.lower, mean);
    EXPECT_GE(answer.upper, mean);
  }
}

TEST(Model, GivesNoIntervalToAMeanOfZero) {
  const Prediction answer = predict_all(sure_model(0, 1, 0.25, 9), {1})[0];
  EXPECT_EQ(answer.lower, 0);
  EXPECT_EQ(answer.upper, 0);
}

TEST(Model, HoldsTheEndsOfARangeInDomain) {
  const double just_above = 8 * (1 + 1e-12), above = 8 * (1 + 1e-6);  // rounding elsewhere, and a value really beyond
  const std::vector<Prediction> answers = predict_all(identity_model(), {1, 8, just_above, above, 0.999999});
  EXPECT_TRUE(answers[0].in_domain);
  EXPECT_TRUE(answers[1].in_domain);
  EXPECT_TRUE(answers[2].in_domain);
  EXPECT_FALSE(answers[3].in_domain);
  EXPECT_FALSE(answers[4].in_domain);
}

TEST(Model, FlagsAFeatureThatNeverVariedBefore) {
  ModelInfo info = identity_model().info();
  info.features = {{"stride", "", 2, 2, false}};
  const std::vector<Prediction> answers = predict_all(identity_model().with_info(info), {2, 3});
  EXPECT_TRUE(answers[0].in_domain);
  EXPECT_FALSE(answers[1].in_domain);
}

TEST(Model, DoesNothingForNoRows) {
  const Model model = identity_model();
  Workspace workspace;
  EXPECT_TRUE(model.predict({nullptr, 0, 1}, {}, workspace).ok());
}

TEST(Model, ReportsBadCallsAndLeavesTheOutputAlone) {
  const Model model = example_model("sequence_network");
  std::vector<double> values(4 * 3, 1.0);
  std::vector<Prediction> out(4, Prediction{-1, -2, -3, false});
  Workspace workspace(model.workspace_bytes(4)), small(model.workspace_bytes(4) - 1), none;
  const auto expect = [&](const Status& status, ErrorCode code, std::ptrdiff_t index, const char* says) {
    EXPECT_EQ(status.code, code) << status.message;
    EXPECT_EQ(status.index, index);
    EXPECT_STREQ(status.message, says);
    for (const Prediction& prediction : out) EXPECT_EQ(prediction.mean, -1);
  };
  expect(model.predict({values.data(), 4, 2}, out, workspace), ErrorCode::kMismatch, -1,
         "the rows do not have as many values as the model has features");
  EXPECT_PM_ERROR(model.predict({values.data(), 4, 2}, out, workspace).throw_if_error(), ErrorCode::kMismatch,
                  "the rows do not have as many values as the model has features (2 given, 3 needed)");
  expect(model.predict({values.data(), 3, 3}, out, workspace), ErrorCode::kMismatch, -1,
         "out does not have one element per row");
  expect(model.predict({values.data(), 4, 3}, out, small), ErrorCode::kBufferTooSmall, -1,
         "the workspace is smaller than workspace_bytes() of that many rows");
  expect(model.predict({values.data(), 4, 3}, out, none), ErrorCode::kBufferTooSmall, -1,
         "the workspace is smaller than workspace_bytes() of that many rows");
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    values[2 * 3 + 1] = bad;
    expect(model.predict({values.data(), 4, 3}, out, workspace), ErrorCode::kInvalidArgument, 2,
           "a row has a feature that is not finite");
    EXPECT_EQ(model.predict({values.data(), 4, 3}, out, workspace).column_index, 1);
  }
}

TEST(Model, TellsHowLargeAWorkspaceMustBe) {
  const Model model = identity_model();
  const double row = 1;
  Prediction out;
  Workspace none;
  const Status status = model.predict({&row, 1, 1}, {&out, 1}, none);
  EXPECT_EQ(status.code, ErrorCode::kBufferTooSmall);
  EXPECT_EQ(status.given, 0U);
  EXPECT_EQ(status.needed, model.workspace_bytes(1));
}

TEST(Model, RefusesViewsThatAreNone) {
  const Model model = example_model("sequence_network");
  const std::vector<double> values(2 * 3, 1.0);
  std::vector<Prediction> out(2, Prediction{-1, -2, -3, false});
  Workspace workspace(model.workspace_bytes(2));
  const Prediction* const untouched = out.data();
  for (const Status& status : {model.predict({nullptr, 2, 3}, out, workspace),
                               model.predict({values.data(), 2, 3}, {nullptr, 2}, workspace)}) {
    EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
    EXPECT_STREQ(status.message, "rows or out is null");
  }
  EXPECT_PM_ERROR(model.predict({values.data(), 2, 3, 2}, out, workspace).throw_if_error(), ErrorCode::kInvalidArgument,
                  "the rows' stride is below their width (2 given, 3 needed)");
  EXPECT_EQ(untouched->mean, -1);
}

/// The example model of trees with directions for missing values, all to the right.
Model model_with_directions() {
  Random random(7);
  TreeEnsemble trees = random_trees(3, 5, random);
  trees.missing_left.assign(trees.feature.size(), 0);
  return Model(example_model("trees").info(), make_tree_ensemble(trees));
}

TEST(Model, AnswersMissingValuesWhereItDefinesThem) {
  const double missing = std::nan("");
  const std::vector<double> values = {1, 1, 1, 1, missing, 1};
  Workspace workspace(1 << 20);
  std::vector<Prediction> out(2, Prediction{-1, -1, -1, true});
  const Model model = model_with_directions();
  EXPECT_TRUE(model.takes_missing_values());
  const Status refused = model.predict({values.data(), 2, 3}, out, workspace);
  EXPECT_EQ(refused.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused.index, 1);
  EXPECT_EQ(out[0].mean, -1);
  ASSERT_TRUE(model.predict({values.data(), 2, 3}, out, workspace, MissingValues::kAsLearnt).ok());
  EXPECT_TRUE(out[0].in_domain);
  EXPECT_FALSE(out[1].in_domain);
  // All go right, as a value above every threshold (2 at most) would.
  EXPECT_DOUBLE_EQ(out[1].mean, predict_all(model, {1, 3, 1})[0].mean);
  EXPECT_EQ(out[0].mean, predict_all(model, {1, 1, 1})[0].mean);
}

TEST(Model, RefusesMissingValuesItDoesNotDefine) {
  const Model model = example_model("sequence_network");
  EXPECT_FALSE(model.takes_missing_values());
  std::vector<double> values = {1, 1, 1, std::nan(""), 1, 1};
  std::vector<Prediction> out(2, Prediction{-1, -1, -1, true});
  Workspace workspace(model.workspace_bytes(2));
  const Status status = model.predict({values.data(), 2, 3}, out, workspace, MissingValues::kAsLearnt);
  EXPECT_EQ(status.code, ErrorCode::kUnsupported);
  EXPECT_EQ(status.index, 1);
  EXPECT_EQ(status.column_index, 0);
  EXPECT_STREQ(status.message, "a row lacks a feature, the model does not define what that means");
  EXPECT_EQ(out[0].mean, -1);
  values[3] = 1;
  EXPECT_TRUE(model.predict({values.data(), 2, 3}, out, workspace, MissingValues::kAsLearnt).ok());
}

TEST(Model, RefusesInfinityBesideMissingValues) {
  const std::vector<double> values = {1, std::nan(""), 1, 1, 1, -std::numeric_limits<double>::infinity()};
  const Model model = model_with_directions();
  std::vector<Prediction> out(2, Prediction{-1, -1, -1, true});
  Workspace workspace(model.workspace_bytes(2));
  const Status status = model.predict({values.data(), 2, 3}, out, workspace, MissingValues::kAsLearnt);
  EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.index, 1);
  EXPECT_EQ(status.column_index, 2);
  EXPECT_STREQ(status.message, "a row has a feature that is infinite");
}

TEST(Model, ReportsARowWithoutAFiniteAnswer) {
  std::vector<Prediction> out(2, Prediction{-1, -1, -1, true});
  const std::vector<double> rows = {1, 1e300};  // beyond float32
  const Model model = identity_model();
  Workspace workspace(model.workspace_bytes(2));
  const Status status = model.predict({rows.data(), 2, 1}, out, workspace);
  EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.index, 1);
  EXPECT_STREQ(status.message, "a row is too far from what was learnt: no finite prediction");
  EXPECT_EQ(out[0].mean, -1);
}

TEST(Model, AsksForAnImpossibleWorkspaceForImpossiblyManyRows) {
  const std::size_t most = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(identity_model().workspace_bytes(most), most);
  EXPECT_EQ(identity_model().workspace_bytes(most / 8), most);
}

TEST(Model, AnswersAlikeFromManyThreads) {
  constexpr std::size_t kThreads = 4, kRows = 500, kRounds = 20;
  for (const char* kind : kEvaluatorKinds) {
    SCOPED_TRACE(kind);
    const Model model = example_model(kind);
    Random random(1);
    std::vector<double> values(kRows * 3);
    for (double& value : values) value = random.log_uniform(0.1, 100);
    const std::vector<Prediction> expected = predict_all(model, values);
    std::vector<std::size_t> differences(kThreads, 0);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t round = 0; round < kRounds; ++round) {
          const std::vector<Prediction> answers = predict_all(model, values);
          for (std::size_t i = 0; i < kRows; ++i) differences[t] += answers[i].mean != expected[i].mean ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(differences, std::vector<std::size_t>(kThreads, 0));
  }
}

TEST(Model, RejectsWhatCannotBeOne) {
  ModelInfo info = identity_model().info();
  const auto evaluator = make_constant(1, 1);
  EXPECT_PM_ERROR(Model(info, nullptr), ErrorCode::kInvalidArgument, "without an evaluator");
  EXPECT_PM_ERROR(Model(info, make_constant(2, 1)), ErrorCode::kMismatch,
                  "1 features whose evaluator 'constant' takes 2");
  info.features[0].minimum = 9;
  EXPECT_PM_ERROR(Model(info, evaluator), ErrorCode::kInvalidArgument, "feature 'x': the range [9, 8] is not a range");
  info.features[0].minimum = 1;
  info.interval_level = 1;
  EXPECT_PM_ERROR(Model(info, evaluator), ErrorCode::kInvalidArgument, "an interval level of 1");
  info.interval_level = 0.9;
  info.interval_lower_factor = 2;
  EXPECT_PM_ERROR(Model(info, evaluator), ErrorCode::kInvalidArgument, "interval factors 2 and 1");
  EXPECT_PM_ERROR(sure_model(1, 1, -0.5, 2), ErrorCode::kInvalidArgument, "an interval factor of -0.5 with a model");
}

}  // namespace
}  // namespace perfmodel
