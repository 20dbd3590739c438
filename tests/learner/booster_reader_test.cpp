#include "learner/booster_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "expect_error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

const json kStump = json::parse(R"({"left_children": [1, -1, -1], "right_children": [2, -1, -1],
  "split_indices": [1, 0, 0], "split_conditions": [0.5, -2, 3], "split_type": [0, 0, 0], "loss_changes": [6, 0, 0],
  "default_left": [1, 0, 0]})");

// Node 1 was pruned away, the children of node 0 are 4 and 2 and those of 2 are 5 and 3: no neighbours, not in order.
const json kPruned = json::parse(R"({"left_children": [4, -1, 5, -1, -1, -1],
  "right_children": [2, -1, 3, -1, -1, -1], "split_indices": [0, 0, 1, 0, 0, 0],
  "split_conditions": [1, 99, 2, 30, 40, 50], "split_type": [0, 0, 0, 0, 0, 0], "loss_changes": [3, 100, 1, 0, 0, 0],
  "default_left": [0, 1, 1, 0, 0, 0]})");

/// A model of two features in the form of XGBoost 1.7.
json document(const std::vector<json>& trees) {
  return {{"version", {1, 7, 4}},
          {"learner",
           {{"attributes", {{"best_iteration", "3"}}},
            {"feature_names", json::array()},
            {"learner_model_param",
             {{"base_score", "5E-1"}, {"num_class", "0"}, {"num_feature", "2"}, {"num_target", "1"}}},
            {"objective", {{"name", "reg:squarederror"}}},
            {"gradient_booster",
             {{"name", "gbtree"},
              {"model",
               {{"gbtree_model_param", {{"num_trees", std::to_string(trees.size())}}},
                {"tree_info", std::vector<int>(trees.size(), 0)},
                {"trees", trees}}}}}}}};
}

BoosterModel read(const json& document) {
  return read_booster(document.dump(), "m.json");
}

std::string ubjson(const json& document, bool typed = true) {
  const std::vector<std::uint8_t> bytes = json::to_ubjson(document, typed, typed);
  return {bytes.begin(), bytes.end()};
}

TEST(BoosterReader, ReadsAStump) {
  const BoosterModel model = read(document({kStump}));
  EXPECT_FALSE(model.is_log);
  EXPECT_TRUE(model.names.empty());
  EXPECT_EQ(model.trees.num_inputs, 2U);
  EXPECT_EQ(model.trees.base, 0.5);
  EXPECT_EQ(model.trees.roots, std::vector<std::int32_t>({0}));
  EXPECT_EQ(model.trees.feature, std::vector<std::int32_t>({1, -1, -1}));
  EXPECT_EQ(model.trees.threshold, std::vector<float>({0.5F, -2.0F, 3.0F}));
  EXPECT_EQ(model.trees.left, std::vector<std::int32_t>({1, -1, -1}));
  EXPECT_EQ(model.trees.missing_left, std::vector<std::uint8_t>({1, 0, 0}));
}

TEST(BoosterReader, MakesChildrenNeighboursAndDropsPrunedNodes) {
  const TreeEnsemble trees = read(document({kPruned})).trees;
  EXPECT_EQ(trees.feature, std::vector<std::int32_t>({0, -1, 1, -1, -1}));
  EXPECT_EQ(trees.threshold, std::vector<float>({1, 40, 2, 50, 30}));
  EXPECT_EQ(trees.left, std::vector<std::int32_t>({1, -1, 3, -1, -1}));
  EXPECT_EQ(trees.missing_left, std::vector<std::uint8_t>({0, 0, 1, 0, 0}));
}

// By hand: the splits that are left gain 3 on feature 0 and 1 on feature 1; of the stump all 6 on feature 1.
TEST(BoosterReader, SharesTheGainOfSplitsAmongFeatures) {
  EXPECT_EQ(read(document({kPruned})).trees.importance, std::vector<double>({0.75, 0.25}));
  EXPECT_EQ(read(document({kPruned, kStump})).trees.importance, std::vector<double>({0.3, 0.7}));
}

TEST(BoosterReader, TakesTheFirstTreesOnly) {
  const std::string text = document({kStump, kPruned}).dump();
  EXPECT_EQ(read_booster(text, "m.json", 1).trees.feature.size(), 3U);
  EXPECT_EQ(read_booster(text, "m.json", 1).trees.importance, std::vector<double>({0, 1}));
  EXPECT_EQ(read_booster(text, "m.json", 2).trees.roots, std::vector<std::int32_t>({0, 3}));
  EXPECT_EQ(read_booster(text, "m.json").trees.roots, std::vector<std::int32_t>({0, 3}));
}

TEST(BoosterReader, ReadsUbjsonAsJson) {
  const json whole = document({kStump, kPruned});
  const TreeEnsemble expected = read(whole).trees;
  for (const bool typed : {false, true}) {
    const TreeEnsemble trees = read_booster(ubjson(whole, typed), "m.ubj").trees;
    EXPECT_EQ(trees.feature, expected.feature);
    EXPECT_EQ(trees.threshold, expected.threshold);
    EXPECT_EQ(trees.left, expected.left);
    EXPECT_EQ(trees.missing_left, expected.missing_left);
    EXPECT_EQ(trees.base, expected.base);
  }
  EXPECT_EQ(read_booster(whole.dump(2), "m.json").trees.left, expected.left);  // with blanks
}

// What other versions write: directions as booleans and no kinds of splits; base_score in brackets; several outputs of
// which there is one.
TEST(BoosterReader, ReadsOlderAndNewerForms) {
  json older = document({kStump});
  json& tree = older["learner"]["gradient_booster"]["model"]["trees"][0];
  tree["default_left"] = {true, false, false};
  tree.erase("split_type");
  older["learner"].erase("feature_names");
  older["learner"]["learner_model_param"].erase("num_target");
  EXPECT_EQ(read(older).trees.missing_left, std::vector<std::uint8_t>({1, 0, 0}));
  json newer = document({kStump});
  newer["learner"]["learner_model_param"]["base_score"] = "[-1.25E0]";
  EXPECT_EQ(read(newer).trees.base, -1.25);
}

// Of XGBoost's documentation: base_score is a prediction; with a log link the trees start from its logarithm.
TEST(BoosterReader, StartsFromTheLogarithmWithALogLink) {
  for (const char* objective : {"reg:gamma", "reg:tweedie", "count:poisson"}) {
    json log_link = document({kStump});
    log_link["learner"]["objective"]["name"] = objective;
    const BoosterModel model = read(log_link);
    EXPECT_TRUE(model.is_log);
    EXPECT_EQ(model.trees.base, static_cast<double>(std::log(0.5F)));
  }
}

TEST(BoosterReader, ReadsFeatureNames) {
  json named = document({kStump});
  named["learner"]["feature_names"] = {"batch", "size_mb"};
  EXPECT_EQ(read(named).names, std::vector<std::string>({"batch", "size_mb"}));
}

struct BadBooster {
  const char* name;
  std::function<void(json& learner, json& tree)> damage;
  ErrorCode code;
  const char* says;
};

const BadBooster kBadBoosters[] = {
    {"another booster", [](json& l, json&) { l["gradient_booster"]["name"] = "gblinear"; }, ErrorCode::kUnsupported,
     "m.json: booster 'gblinear', only gbtree is known"},
    {"dart",
     [](json& l, json&) {
       l["gradient_booster"] = {{"name", "dart"}, {"gbtree", l["gradient_booster"]}, {"weight_drop", {1}}};
     },
     ErrorCode::kUnsupported, "booster 'dart'"},
    {"another objective", [](json& l, json&) { l["objective"]["name"] = "rank:pairwise"; }, ErrorCode::kUnsupported,
     "objective 'rank:pairwise' (known: count:poisson, reg:absoluteerror, reg:gamma, reg:pseudohubererror, "
     "reg:squarederror, reg:squaredlogerror, reg:tweedie)"},
    {"classes", [](json& l, json&) { l["learner_model_param"]["num_class"] = "3"; }, ErrorCode::kUnsupported,
     "num_class is 3, only models of one output are known"},
    {"targets", [](json& l, json&) { l["learner_model_param"]["num_target"] = "2"; }, ErrorCode::kUnsupported,
     "num_target is 2"},
    {"categorical split", [](json&, json& t) { t["split_type"][0] = 1; }, ErrorCode::kUnsupported,
     "m.json: tree 0: a categorical split, only numeric ones are known"},

    {"no learner", [](json& l, json&) { l = json::object(); }, ErrorCode::kCorrupt, "the name of the booster is"},
    {"no objective", [](json& l, json&) { l.erase("objective"); }, ErrorCode::kCorrupt, "the name of the objective is"},
    {"no base score", [](json& l, json&) { l["learner_model_param"].erase("base_score"); }, ErrorCode::kCorrupt,
     "'base_score' is missing"},
    {"text for a base score", [](json& l, json&) { l["learner_model_param"]["base_score"] = "half"; },
     ErrorCode::kCorrupt, "base_score 'half' is not a number"},
    {"huge base score", [](json& l, json&) { l["learner_model_param"]["base_score"] = "1E99"; }, ErrorCode::kCorrupt,
     "base_score '1E99' is not a number"},
    {"infinite base score", [](json& l, json&) { l["learner_model_param"]["base_score"] = "inf"; }, ErrorCode::kCorrupt,
     "a base_score of inf with reg:squarederror"},
    {"no logarithm of the base score",
     [](json& l, json&) {
       l["objective"]["name"] = "reg:gamma";
       l["learner_model_param"]["base_score"] = "0";
     },
     ErrorCode::kCorrupt, "a base_score of 0 with reg:gamma"},
    {"no features", [](json& l, json&) { l["learner_model_param"]["num_feature"] = "0"; }, ErrorCode::kCorrupt,
     "num_feature is 0, allowed is 1 to 1048576"},
    {"huge number of features", [](json& l, json&) { l["learner_model_param"]["num_feature"] = "1152921504606846976"; },
     ErrorCode::kCorrupt, "num_feature is 1152921504606846976, allowed is"},
    {"features beyond any number",
     [](json& l, json&) { l["learner_model_param"]["num_feature"] = "99999999999999999999"; }, ErrorCode::kCorrupt,
     "num_feature '99999999999999999999' is not a number"},
    {"a name too few", [](json& l, json&) { l["feature_names"] = {"a"}; }, ErrorCode::kCorrupt,
     "1 names for 2 features"},
    {"a name twice",
     [](json& l, json&) {
       l["feature_names"] = {"a", "a"};
     },
     ErrorCode::kCorrupt, "two features are named 'a'"},
    {"trees that are not there", [](json& l, json&) { l["gradient_booster"]["model"].erase("trees"); },
     ErrorCode::kCorrupt, "0 trees, num_trees is 1"},
    {"trees that are none",
     [](json& l, json&) {
       l["gradient_booster"]["model"]["trees"] = {1, 2};
     },
     ErrorCode::kCorrupt, "0 trees, num_trees is 1"},

    {"empty tree", [](json&, json& t) { t = json::object(); }, ErrorCode::kCorrupt, "tree 0: node 0 of 0"},
    {"ragged tree",
     [](json&, json& t) {
       t["right_children"] = {2, -1};
     },
     ErrorCode::kCorrupt, "tree 0: 'right_children' has 2 values for 3 nodes"},
    {"no directions", [](json&, json& t) { t.erase("default_left"); }, ErrorCode::kCorrupt,
     "'default_left' has 0 values for 3 nodes"},
    {"list in a list",
     [](json&, json& t) {
       t["left_children"] = {1, json::array({-1}), -1};
     },
     ErrorCode::kCorrupt, "for 1 nodes"},
    {"text in a list", [](json&, json& t) { t["split_conditions"][1] = "0"; }, ErrorCode::kCorrupt,
     "'split_conditions' has 2 values for 3 nodes"},
    {"child beyond the end", [](json&, json& t) { t["left_children"][0] = 7; }, ErrorCode::kCorrupt, "node 7 of 3"},
    {"negative child", [](json&, json& t) { t["right_children"][0] = -7; }, ErrorCode::kCorrupt, "node -7 of 3"},
    {"circle", [](json&, json& t) { t["left_children"][0] = 0; }, ErrorCode::kCorrupt,
     "node 0 is reached in two ways, a tree has one"},
    {"shared child", [](json&, json& t) { t["left_children"][0] = 2; }, ErrorCode::kCorrupt,
     "node 2 is reached in two ways"},
    {"child of more than 32 bits", [](json&, json& t) { t["left_children"][0] = std::int64_t{1} << 32; },
     ErrorCode::kCorrupt, "tree 0: 4294967296 where a whole number of 32 bits belongs"},
    {"half a child", [](json&, json& t) { t["left_children"][0] = 0.5; }, ErrorCode::kCorrupt, "0.5 where a whole"},
    {"threshold beyond float32", [](json&, json& t) { t["split_conditions"][0] = 1e300; }, ErrorCode::kCorrupt,
     "1e+300 where a finite float32 belongs"},
    {"negative feature", [](json&, json& t) { t["split_indices"][0] = -1; }, ErrorCode::kCorrupt,
     "a split of feature -1"},
    {"feature beyond the end", [](json&, json& t) { t["split_indices"][0] = 2; }, ErrorCode::kCorrupt,
     "a split of feature 2, there are 2"},
};

TEST(BoosterReader, RefusesWhatItCannotAnswerFor) {
  for (const BadBooster& bad : kBadBoosters) {
    SCOPED_TRACE(bad.name);
    json whole = document({kStump});
    bad.damage(whole["learner"], whole["learner"]["gradient_booster"]["model"]["trees"][0]);
    EXPECT_PM_ERROR(read_booster(whole.dump(), "m.json"), bad.code, bad.says);
    EXPECT_PM_ERROR(read_booster(ubjson(whole), "m.json"), bad.code, bad.says);
  }
}

// JSON that is not UTF-8 is damaged; UBJSON is no text.
TEST(BoosterReader, RefusesNamesThatAreNotUtf8) {
  json named = document({kStump});
  named["learner"]["feature_names"] = {"batch",
                                       "gr\xf6\xdf"
                                       "e"};
  EXPECT_PM_ERROR(read_booster(ubjson(named), "m.ubj"), ErrorCode::kCorrupt,
                  "m.ubj: the feature name 'gr??e' is not UTF-8");
}

TEST(BoosterReader, RefusesOtherFiles) {
  for (const std::string& text : {std::string(), std::string("binf"), std::string("[1, 2]"), std::string("{")}) {
    EXPECT_PM_ERROR(read_booster(text, "m.bin"), ErrorCode::kCorrupt, "m.bin: neither JSON nor UBJSON");
  }
  EXPECT_PM_ERROR(read_booster("{}", "m.json"), ErrorCode::kCorrupt, "the name of the booster is missing");
  EXPECT_PM_ERROR(read_booster(R"({"a" 1})", "m.json"), ErrorCode::kCorrupt, "m.json: damaged at byte 6");
}

TEST(BoosterReader, RefusesAFileTruncatedAnywhere) {
  const json whole = document({kStump, kPruned});
  for (const std::string& text : {whole.dump(), ubjson(whole, false), ubjson(whole, true)}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      SCOPED_TRACE(size);
      EXPECT_PM_ERROR(read_booster(text.substr(0, size), "m"), ErrorCode::kCorrupt, "m: ");
    }
  }
}

TEST(BoosterReader, TakesNoHarmFromAnyChangedByte) {
  const json whole = document({kStump, kPruned});
  int num_refused = 0;
  for (const std::string& text : {whole.dump(), ubjson(whole, false), ubjson(whole, true)}) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (const char bits : {'\x01', '\x10', '\x80', '\xff'}) {
        std::string damaged = text;
        damaged[i] = static_cast<char>(damaged[i] ^ bits);
        try {
          make_tree_ensemble(read_booster(damaged, "m").trees);
        } catch (const Error& error) {
          ++num_refused;
          EXPECT_TRUE(error.code() == ErrorCode::kCorrupt || error.code() == ErrorCode::kUnsupported) << error.what();
        }
      }
    }
  }
  EXPECT_GT(num_refused, 1000);
}

TEST(BoosterReader, RefusesWhatWouldFillTheMemory) {
  const std::string size = {'L', 0x10, 0, 0, 0, 0, 0, 0, 0};  // 2^60
  const auto in_a_tree = [](const std::string& value) {
    std::string text;
    for (const std::string key : {"learner", "gradient_booster", "model"}) {
      text += std::string("{i") + static_cast<char>(key.size()) + key;
    }
    return text + "{i\x05trees[{i\x0d" + "left_children" + value;
  };
  EXPECT_PM_ERROR(read_booster(in_a_tree("[$T#" + size), "m"), ErrorCode::kCorrupt, "more values than bytes");
  EXPECT_PM_ERROR(read_booster(in_a_tree("[$Z#" + size), "m"), ErrorCode::kCorrupt, "more values than bytes");
  EXPECT_PM_ERROR(read_booster(in_a_tree("[$l#" + size), "m"), ErrorCode::kCorrupt, "damaged at byte");
  EXPECT_PM_ERROR(read_booster(in_a_tree("S" + size), "m"), ErrorCode::kCorrupt, "damaged at byte");
  EXPECT_PM_ERROR(read_booster("{i\x01x" + std::string(1000000, '['), "m"), ErrorCode::kCorrupt,
                  "nested deeper than 64 levels");
  EXPECT_PM_ERROR(read_booster(R"({"x": )" + std::string(1000000, '['), "m"), ErrorCode::kCorrupt,
                  "nested deeper than 64 levels");
}

}  // namespace
}  // namespace perfmodel
