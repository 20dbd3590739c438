// Files that XGBoost wrote, and what it answers with them.

#include "perfmodel/learner/xgboost_import.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>
#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "perfmodel/core/random.h"
#include "predict/simd/instruction_set.h"

namespace perfmodel {
namespace {

void check(int status) {
  ASSERT_EQ(status, 0) << XGBGetLastError();
}

/// Rows of features of five scales, some values missing, and positive targets that depend on them.
struct Table {
  std::size_t num_rows, num_features;
  std::vector<float> values, targets;
};

Table random_table(std::size_t num_rows, std::size_t num_features, double missing_share, std::uint64_t seed) {
  Random random(seed);
  Table table{num_rows, num_features, {}, {}};
  for (std::size_t i = 0; i < num_rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < num_features; ++j) {
      const double value = random.uniform(-1, 1);
      const bool missing = random.chance(missing_share);
      const auto scale = static_cast<double>(j % 5);
      sum += missing ? 0.7 : value * (scale + 1);
      const float scaled = static_cast<float>(value * std::pow(10.0, scale));
      table.values.push_back(missing ? std::numeric_limits<float>::quiet_NaN() : scaled);
    }
    table.targets.push_back(static_cast<float>(std::exp(0.3 * sum + 0.1 * random.normal())));
  }
  return table;
}

class XGBoost {
 public:
  explicit XGBoost(const Table& table) {
    constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
    check(XGDMatrixCreateFromMat(table.values.data(), table.num_rows, table.num_features, kMissing, &rows_));
    check(XGDMatrixSetFloatInfo(rows_, "label", table.targets.data(), table.targets.size()));
    check(XGBoosterCreate(&rows_, 1, &booster_));
    set("nthread", "1");
  }
  ~XGBoost() {
    XGBoosterFree(booster_);
    XGDMatrixFree(rows_);
  }
  XGBoost(const XGBoost&) = delete;
  XGBoost& operator=(const XGBoost&) = delete;

  void set(const char* parameter, const std::string& value) {
    check(XGBoosterSetParam(booster_, parameter, value.c_str()));
  }
  void grow(int num_trees) {
    for (int i = 0; i < num_trees; ++i) check(XGBoosterUpdateOneIter(booster_, i, rows_));
  }
  void name_features(std::vector<const char*> names) {
    check(XGBoosterSetStrFeatureInfo(booster_, "feature_name", names.data(), names.size()));
  }
  void save(const std::string& path) const { check(XGBoosterSaveModel(booster_, path.c_str())); }
  void load(const std::string& path) { check(XGBoosterLoadModel(booster_, path.c_str())); }

  std::vector<float> predict(const Table& table) const {
    const XGBoost other(table);
    bst_ulong length = 0;
    const float* answers = nullptr;
    check(XGBoosterPredict(booster_, other.rows_, 0, 0, 0, &length, &answers));
    return {answers, answers + length};
  }

 private:
  DMatrixHandle rows_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

std::vector<double> predict_here(const Model& model, const Table& table) {
  const std::vector<double> values(table.values.begin(), table.values.end());
  std::vector<Prediction> predictions(table.num_rows);
  Workspace workspace(model.workspace_bytes(table.num_rows));
  model.predict({values.data(), table.num_rows, table.num_features}, predictions, workspace, MissingValues::kAsLearnt)
      .throw_if_error();
  std::vector<double> means;
  for (const Prediction& prediction : predictions) means.push_back(prediction.mean);
  return means;
}

/// A file of the running test that is removed at its end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& ending) : path_(folder_.file("model" + ending)) {}
  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

/// Gives the leaves of a JSON model whole numbers, sums of which differ where a row takes another way.
void make_leaves_whole(const std::string& path, Random& random) {
  nlohmann::json model = nlohmann::json::parse(read_file(path));
  for (nlohmann::json& tree : model["learner"]["gradient_booster"]["model"]["trees"]) {
    for (std::size_t node = 0; node < tree["left_children"].size(); ++node) {
      if (tree["left_children"][node] == -1)
        tree["split_conditions"][node] = static_cast<double>(random.integer(-9999, 9999));
    }
  }
  write_file_atomically(path, model.dump());
}

TEST(XGBoostImport, EveryRowTakesXGBoostsWay) {
  Random random(1);
  for (const int depth : {1, 3, 6, 9}) {
    for (const double missing_share : {0.0, 0.3}) {
      SCOPED_TRACE(depth);
      const Table training = random_table(2000, 5, missing_share, random.bits());
      const Table fresh = random_table(500, 5, 0.3, random.bits());
      XGBoost xgboost(training);
      xgboost.set("max_depth", std::to_string(depth));
      xgboost.set("tree_method", random.chance(0.5) ? "exact" : "hist");
      xgboost.grow(30);
      const TemporaryFile json(".json"), ubjson(".ubj");
      xgboost.save(json.path());
      make_leaves_whole(json.path(), random);
      xgboost.load(json.path());
      xgboost.save(ubjson.path());
      for (const Table& rows : {training, fresh}) {
        const std::vector<float> expected = xgboost.predict(rows);
        const std::vector<double> from_json = predict_here(import_xgboost(json.path()), rows);
        const std::vector<double> from_ubjson = predict_here(import_xgboost(ubjson.path()), rows);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          ASSERT_EQ(from_json[i], static_cast<double>(expected[i]));
          ASSERT_EQ(from_ubjson[i], from_json[i]);
        }
      }
    }
  }
}

bool takes_exponential(const std::string& objective) {
  return objective == "reg:gamma" || objective == "reg:tweedie" || objective == "count:poisson";
}

class XGBoostImportObjective : public ::testing::TestWithParam<const char*> {};

TEST_P(XGBoostImportObjective, AnswersAsXGBoost) {
  constexpr double kExponential = 2e-7;  // XGBoost's is in float32, ours in double precision
  const Table training = random_table(1500, 4, 0.2, 3), fresh = random_table(400, 4, 0.2, 4);
  for (const char* base_score : {"", "1.7"}) {
    SCOPED_TRACE(base_score);
    XGBoost xgboost(training);
    xgboost.set("objective", GetParam());
    if (*base_score != '\0') xgboost.set("base_score", base_score);
    xgboost.grow(60);
    const TemporaryFile json(".json"), ubjson(".ubj");
    xgboost.save(json.path());
    xgboost.save(ubjson.path());
    const std::vector<float> expected = xgboost.predict(fresh);
    const bool is_exponential = takes_exponential(GetParam());
    for (const TemporaryFile* file : {&json, &ubjson}) {
      const std::vector<double> answers = predict_here(import_xgboost(file->path()), fresh);
      for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto answer = static_cast<double>(expected[i]);
        if (is_exponential) {
          ASSERT_NEAR(answers[i], answer, kExponential * answer);
        } else {
          ASSERT_EQ(answers[i], answer);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Objectives, XGBoostImportObjective,
                         testing::Values("reg:squarederror", "reg:squaredlogerror", "reg:absoluteerror",
                                         "reg:pseudohubererror", "reg:gamma", "reg:tweedie", "count:poisson"),
                         [](const auto& info) {
                           std::string name = info.param;
                           name.erase(name.find(':'), 1);
                           return name;
                         });

/// Grows up to 250 trees of up to 9 levels in a random way.
void grow_at_random(XGBoost& xgboost, Random& random) {
  static constexpr const char* kObjectives[] = {"reg:squarederror", "reg:squaredlogerror", "reg:absoluteerror",
                                                "reg:pseudohubererror"};
  xgboost.set("objective", kObjectives[random.integer(0, 3)]);
  xgboost.set("tree_method", random.chance(0.5) ? "exact" : "hist");
  xgboost.set("max_depth", std::to_string(random.integer(1, 9)));
  xgboost.set("eta", std::to_string(random.log_uniform(0.02, 1)));
  xgboost.set("base_score", std::to_string(random.uniform(0, 100)));
  xgboost.grow(static_cast<int>(random.integer(1, 250)));
}

// One row and many, by the kernels of every instruction set: shallow trees of few and many features, deep ones.
TEST(XGBoostImport, AnswersRandomModelsBitForBit) {
  Random random(8);
  for (int trial = 0; trial < 24; ++trial) {
    const auto num_features = static_cast<std::size_t>(random.integer(1, 40));
    XGBoost xgboost(random_table(400, num_features, random.chance(0.5) ? 0.2 : 0, random.bits()));
    grow_at_random(xgboost, random);
    const TemporaryFile json(".json");
    xgboost.save(json.path());
    for (const std::size_t num_rows : {std::size_t{1}, std::size_t{5}, std::size_t{150}}) {
      for (const double missing_share : {0.0, 0.1}) {
        const Table rows = random_table(num_rows, num_features, missing_share, random.bits());
        const std::vector<float> expected = xgboost.predict(rows);
        for (const simd::InstructionSet set : simd::available_instruction_sets()) {
          const simd::ForcedInstructionSet forced(set);
          SCOPED_TRACE("trial " + std::to_string(trial) + ", " + simd::instruction_set_name(set));
          const std::vector<double> answers = predict_here(import_xgboost(json.path()), rows);
          for (std::size_t i = 0; i < num_rows; ++i) ASSERT_EQ(answers[i], static_cast<double>(expected[i])) << i;
        }
      }
    }
  }
}

TEST(XGBoostImport, KnowsFeatureNames) {
  XGBoost xgboost(random_table(100, 2, 0, 7));
  xgboost.grow(2);
  xgboost.name_features({"batch", "size_mb"});
  const TemporaryFile json(".json"), ubjson(".ubj");
  xgboost.save(json.path());
  xgboost.save(ubjson.path());
  EXPECT_EQ(import_xgboost(json.path()).info().features[1].name, "size_mb");
  EXPECT_EQ(import_xgboost(ubjson.path()).info().features[1].name, "size_mb");
}

}  // namespace
}  // namespace perfmodel
