// Against XGBoost itself: tests/train/xgboost_import_test.cpp. The files here were written by hand in its form.

#include "perfmodel/learner/xgboost_import.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "core/file.h"
#include "expect_error.h"
#include "model_files_for_tests.h"
#include "predict/evaluator.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

/// size_mb < 0.5 ? -2 : 3, without it the first, on three features.
std::string stump(const char* objective, const char* names = R"(["batch", "size_mb", "stride"])") {
  return fmt::format(R"({{"learner": {{"feature_names": {}, "objective": {{"name": "{}"}},
    "learner_model_param": {{"base_score": "5E-1", "num_class": "0", "num_feature": "3"}},
    "gradient_booster": {{"name": "gbtree", "model": {{"gbtree_model_param": {{"num_trees": "1"}}, "trees": [
      {{"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
        "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0],
        "default_left": [1, 0, 0]}}]}}}}}}}})",
                     names, objective);
}

Model import_bytes(const std::string& file, const std::string& target = "time_ms") {
  return import_xgboost(Span<const std::byte>(reinterpret_cast<const std::byte*>(file.data()), file.size()), target);
}

TEST(XGBoostImport, AnswersAsTheTreesSay) {
  const std::vector<Prediction> answers = predict_all(import_bytes(stump("reg:squarederror")), {1, 0, 1, 1, 1, 1});
  EXPECT_EQ(answers[0].mean, -1.5);
  EXPECT_EQ(answers[1].mean, 3.5);
  EXPECT_EQ(answers[1].lower, 3.5);
  EXPECT_TRUE(answers[0].in_domain);
}

// 0.5 exp(-2) and 0.5 exp(3); the margin starts from the float32 logarithm of 0.5.
TEST(XGBoostImport, AnswersTheExponentialWithALogLink) {
  const Model model = import_bytes(stump("reg:gamma"));
  const std::vector<Prediction> answers = predict_all(model, {1, 0, 1, 1, 1, 1});
  const double base = std::exp(static_cast<double>(std::log(0.5F)));
  EXPECT_DOUBLE_EQ(answers[0].mean, base * std::exp(-2.0));
  EXPECT_DOUBLE_EQ(answers[1].mean, base * std::exp(3.0));
  EXPECT_EQ(model.evaluator().feature_importance(), std::vector<double>({0, 1, 0}));
}

TEST(XGBoostImport, AnswersMissingValues) {
  for (const char* objective : {"reg:squarederror", "reg:tweedie"}) {
    const Model model = import_bytes(stump(objective));
    EXPECT_TRUE(model.takes_missing_values());
    const std::vector<double> rows = {1, std::nan(""), 1};
    Prediction answer;
    Workspace workspace(model.workspace_bytes(1));
    ASSERT_TRUE(model.predict({rows.data(), 1, 3}, {&answer, 1}, workspace, MissingValues::kAsLearnt).ok());
    EXPECT_EQ(answer.mean, predict_all(model, {1, 0, 1})[0].mean);
    EXPECT_FALSE(answer.in_domain);
  }
}

TEST(XGBoostImport, SaysWhatTheFileSays) {
  const Model model = import_bytes(stump("reg:squarederror"));
  const ModelInfo& info = model.info();
  EXPECT_EQ(info.kind, "xgboost");
  EXPECT_EQ(info.target, "time_ms");
  ASSERT_EQ(info.features.size(), 3U);
  EXPECT_EQ(info.features[1].name, "size_mb");
  EXPECT_EQ(info.features[1].unit, "mb");
  EXPECT_TRUE(info.features[1].used);
  EXPECT_FALSE(info.features[0].used);
  EXPECT_EQ(info.interval_level, 0);
  EXPECT_EQ(model.evaluator().feature_importance(), std::vector<double>({0, 1, 0}));
}

TEST(XGBoostImport, NamesFeaturesThatHaveNone) {
  const ModelInfo info = import_bytes(stump("reg:squarederror", "[]")).info();
  EXPECT_EQ(info.features[0].name, "f0");
  EXPECT_EQ(info.features[2].name, "f2");
}

TEST(XGBoostImport, ReadsAFileAndIsSavedAsAModel) {
  const std::string path = temporary_path("import.json");
  for (const char* objective : {"reg:squarederror", "count:poisson"}) {
    write_file_atomically(path, stump(objective));
    const Model model = import_xgboost(path);
    EXPECT_EQ(model.info().target, "prediction");
    const Model again = load_bytes(file_of(model));
    EXPECT_TRUE(again.takes_missing_values());
    EXPECT_EQ(predict_all(again, {1, 7, 1})[0].mean, predict_all(model, {1, 7, 1})[0].mean);
    EXPECT_EQ(predict_all(again, {1, 1e300, 1})[0].in_domain, true);
  }
  std::remove(path.c_str());
}

TEST(XGBoostImport, RefusesWhatIsNoSuchModel) {
  EXPECT_PM_ERROR(import_xgboost("/nowhere/m.json"), ErrorCode::kNotFound, "/nowhere/m.json");
  EXPECT_PM_ERROR(import_bytes("x"), ErrorCode::kCorrupt, "XGBoost's model: neither JSON nor UBJSON");
  EXPECT_PM_ERROR(import_bytes(stump("rank:ndcg")), ErrorCode::kUnsupported, "objective 'rank:ndcg' (known: ");
}

}  // namespace
}  // namespace perfmodel
