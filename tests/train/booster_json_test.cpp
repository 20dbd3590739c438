#include "train_xgboost/booster_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr const char* kStump = R"({"left_children": [1, -1, -1], "right_children": [2, -1, -1],
  "split_indices": [1, 0, 0], "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0]})";

// Node 1 was pruned away, the children of node 0 are 4 and 2 and those of 2 are 5 and 3: no neighbours, not in order.
constexpr const char* kPruned = R"({"left_children": [4, -1, 5, -1, -1, -1], "right_children": [2, -1, 3, -1, -1, -1],
  "split_indices": [0, 0, 1, 0, 0, 0], "split_conditions": [1, 99, 2, 30, 40, 50], "split_type": [0, 0, 0, 0, 0, 0],
  "loss_changes": [3, 100, 1, 0, 0, 0]})";

std::string model(const std::string& trees, const std::string& base_score = "5E-1",
                  const std::string& name = "gbtree") {
  return fmt::format(R"({{"learner": {{"learner_model_param": {{"base_score": "{}"}},
    "gradient_booster": {{"name": "{}", "model": {{"trees": [{}]}}}}}}}})",
                     base_score, name, trees);
}

TEST(BoosterJson, ReadsAStump) {
  const TreeEnsemble trees = trees_from_json(model(kStump), 2, 1);
  EXPECT_EQ(trees.base, 0.5);
  EXPECT_EQ(trees.roots, std::vector<std::int32_t>({0}));
  EXPECT_EQ(trees.feature, std::vector<std::int32_t>({1, -1, -1}));
  EXPECT_EQ(trees.threshold, std::vector<float>({0.5f, -2.0f, 3.0f}));
  EXPECT_EQ(trees.left, std::vector<std::int32_t>({1, -1, -1}));
}

TEST(BoosterJson, MakesChildrenNeighboursAndDropsPrunedNodes) {
  const TreeEnsemble trees = trees_from_json(model(kPruned), 2, 1);
  EXPECT_EQ(trees.feature, std::vector<std::int32_t>({0, -1, 1, -1, -1}));
  EXPECT_EQ(trees.threshold, std::vector<float>({1, 40, 2, 50, 30}));
  EXPECT_EQ(trees.left, std::vector<std::int32_t>({1, -1, 3, -1, -1}));
}

// By hand: the splits that are left gain 3 on feature 0 and 1 on feature 1; of the stump all 6 on feature 1.
TEST(BoosterJson, SharesTheGainOfSplitsAmongFeatures) {
  EXPECT_EQ(trees_from_json(model(kPruned), 2, 1).importance, std::vector<double>({0.75, 0.25}));
  EXPECT_EQ(trees_from_json(model(std::string(kPruned) + "," + kStump), 2, 2).importance,
            std::vector<double>({0.3, 0.7}));
}

TEST(BoosterJson, TakesTheFirstTreesOnly) {
  const TreeEnsemble trees = trees_from_json(model(std::string(kStump) + "," + kStump), 2, 1);
  EXPECT_EQ(trees.roots.size(), 1u);
  EXPECT_EQ(trees_from_json(model(std::string(kStump) + "," + kStump), 2, 2).roots[1], 3);
}

TEST(BoosterJson, ReadsABaseScoreInBrackets) {
  EXPECT_EQ(trees_from_json(model(kStump, "[-1.25E0]"), 2, 1).base, -1.25);
}

TEST(BoosterJson, RejectsOtherModels) {
  struct BadModel {
    std::string json;
    ErrorCode code;
    const char* says;
  };
  const std::string categorical =
      R"({"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
          "split_conditions": [0.5, -2, 3], "split_type": [1, 0, 0], "loss_changes": [6, 0, 0]})";
  const std::string ragged =
      R"({"left_children": [1, -1, -1], "right_children": [2, -1], "split_indices": [1, 0, 0],
          "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0]})";
  const std::string outside =
      R"({"left_children": [7, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
          "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0]})";
  const std::string circle =
      R"({"left_children": [0], "right_children": [0], "split_indices": [0], "split_conditions": [1], "split_type": [0],
          "loss_changes": [1]})";
  const std::string other_feature =
      R"({"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [2, 0, 0],
          "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0]})";
  const BadModel kBadModels[] = {
      {"{", ErrorCode::kCorrupt, "XGBoost's model is not JSON"},
      {"{}", ErrorCode::kCorrupt, "learner"},
      {model(kStump, "0.5", "gblinear"), ErrorCode::kInternal, "booster 'gblinear', only gbtree is known"},
      {model(kStump, "half"), ErrorCode::kInternal, "base_score 'half' is not a number"},
      {model(""), ErrorCode::kInternal, "1 trees of 0"},
      {model(categorical), ErrorCode::kInternal, "a categorical split, only numeric ones are known"},
      {model(ragged), ErrorCode::kInternal, "'right_children' has 2 values for 3 nodes"},
      {model(outside), ErrorCode::kInternal, "node 7 of 3"},
      {model(circle), ErrorCode::kInternal, "a node with two parents"},
      {model(other_feature), ErrorCode::kInternal, "a split of feature 2, there are 2"},
  };
  for (const BadModel& bad : kBadModels) {
    SCOPED_TRACE(bad.says);
    EXPECT_PM_ERROR(trees_from_json(bad.json, 2, 1), bad.code, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
