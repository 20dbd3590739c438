#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/learner/gaussian_process.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using ::testing::HasSubstr;

ToolRun run(const std::vector<std::string>& arguments) {
  return run_tool(PERFMODEL_MODEL_TOOL, arguments);
}

TEST(ModelTool, ShowsAPredictor) {
  const std::string path = test_folder() + "p.safetensors";
  sum_predictor().save(path);
  const ToolRun shown = run({path});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out,
              HasSubstr("layer-time predictor for device cpu (a processor), framework eager 1.2.3, 1 thread\n"));
  EXPECT_THAT(shown.out, HasSubstr("trained on 100 measured layers (2 more failed), noise floor 4.5 %"));
  EXPECT_THAT(shown.out, HasSubstr("conv2d exe"));
  EXPECT_THAT(shown.out, HasSubstr("matrix_size_squared"));
  EXPECT_THAT(shown.out, HasSubstr("90 % in x0.5 .. x2"));
}

TEST(ModelTool, ShowsAPredictorAsJson) {
  const std::string path = test_folder() + "p.safetensors";
  sum_predictor().save(path);
  const ToolRun shown = run({path, "--json"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  const nlohmann::json json = nlohmann::json::parse(shown.out);
  EXPECT_EQ(json["environment"]["framework"], "eager");
  EXPECT_EQ(json["environment"]["timing"], "phases");
  EXPECT_EQ(json["noise_floor_pct"], 4.5);
  ASSERT_EQ(json["kinds"].size(), 3U);
  EXPECT_EQ(json["kinds"][1]["kind"], "pool2d");
  EXPECT_EQ(json["kinds"][1]["exe"]["features"].size(), 6U);
  EXPECT_EQ(json["kinds"][1]["exe"]["interval_upper_factor"], 2);
  EXPECT_TRUE(json["kinds"][1]["exe"]["held_out"].is_null());
}

TEST(ModelTool, SaysOnceThatATableNamedNoDevice) {
  const std::string path = test_folder() + "p.safetensors";
  Environment environment = test_environment();
  environment.device = environment.device_name = "unknown";
  environment.framework = environment.framework_version = "unknown";
  LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1)}).save(path);
  EXPECT_THAT(run({path}).out, HasSubstr("layer-time predictor for device unknown, framework unknown, 1 thread\n"));
}

// The constants that stand for the other two phases say nothing.
TEST(ModelTool, ShowsWholeCallsAsSuch) {
  const std::string path = test_folder() + "p.safetensors";
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1)}).save(path);
  const ToolRun shown = run({path});
  EXPECT_THAT(shown.out, HasSubstr("times are those of whole calls, not of three phases\n"));
  EXPECT_THAT(shown.out, HasSubstr("dense total"));
  EXPECT_THAT(shown.out, HasSubstr("as learnt for whole calls\n"));
  for (const char* other : {"dense pre", "dense exe", "dense post", "execution"}) {
    EXPECT_THAT(shown.out, ::testing::Not(HasSubstr(other)));
  }
  const nlohmann::json json = nlohmann::json::parse(run({path, "--json"}).out);
  EXPECT_EQ(json["environment"]["timing"], "total");
  EXPECT_TRUE(json["kinds"][0].contains("total"));
  EXPECT_FALSE(json["kinds"][0].contains("exe"));
}

TEST(ModelTool, ShowsHowLayersErrTogether) {
  const std::string path = test_folder() + "p.safetensors";
  sum_predictor().save(path);
  EXPECT_THAT(run({path}).out, HasSubstr("intervals of networks: not fitted"));
  EXPECT_EQ(nlohmann::json::parse(run({path, "--json"}).out)["network_interval"]["num_networks"], 0);
  sum_predictor().with_network_interval({0.25, 1.5, 21}).save(path);
  EXPECT_THAT(run({path}).out, HasSubstr("intervals of networks: fitted to 21, correlation 0.25, scale 1.5\n"));
  const nlohmann::json interval = nlohmann::json::parse(run({path, "--json"}).out)["network_interval"];
  EXPECT_EQ(interval["correlation"], 0.25);
  EXPECT_EQ(interval["scale"], 1.5);
}

TEST(ModelTool, ShowsACorrectionOfNetworks) {
  const std::string path = test_folder() + "c.safetensors";
  ModelInfo info;
  info.kind = "level";
  info.target = "factor";
  info.features = {{"num_layers", "", 1, 3, true}};
  NetworkCorrection(test_environment(), Model(info, make_constant(1, 2))).save(path);
  const ToolRun shown = run({path});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, ::testing::StartsWith(
                             "correction of networks for device cpu (a processor), framework eager 1.2.3, 1 thread\n"));
  EXPECT_THAT(shown.out, HasSubstr("model level for factor"));
  const nlohmann::json json = nlohmann::json::parse(run({path, "--json"}).out);
  EXPECT_EQ(json["environment"]["device_name"], "a processor");
  EXPECT_EQ(json["factor"]["target"], "factor");
  EXPECT_EQ(json["factor"]["features"][0]["name"], "num_layers");
}

TEST(ModelTool, ShowsASingleModel) {
  const std::string path = test_folder() + "m.safetensors";
  sum_model(FeatureSet::kPaper, LayerKind::kDense, 1).save(path);
  EXPECT_THAT(run({path}).out, HasSubstr("model sum for time_ms"));
  EXPECT_EQ(nlohmann::json::parse(run({path, "--json"}).out)["target"], "time_ms");
}

TEST(ModelTool, SaysWhereTheIntervalDependsOnTheAnswer) {
  const std::string path = test_folder() + "m.safetensors";
  Dataset rows({"batch"}, "time_ms");
  for (double batch = 1; batch <= 12; ++batch) rows.add_row(std::vector<double>{batch}, 3 + 2 * batch);
  make_gaussian_process_learner()->fit(rows, {}).save(path);
  EXPECT_THAT(run({path}).out, HasSubstr("interval: 90 %, as wide as the model's own deviation of each answer says\n"));
  EXPECT_EQ(nlohmann::json::parse(run({path, "--json"}).out)["interval_width"], "by_deviation");
  sum_model(FeatureSet::kPaper, LayerKind::kDense, 1).save(path);
  EXPECT_EQ(nlohmann::json::parse(run({path, "--json"}).out)["interval_width"], "by_factors");
  Model(ModelInfo{"level", "", "time_ms", {}, 0, "", 0, 1, 1, {}}, make_constant(0, 5)).save(path);
  EXPECT_EQ(nlohmann::json::parse(run({path, "--json"}).out)["interval_width"], "none");
}

TEST(ModelTool, TellsConstantFeaturesFromThoseThatVaryAndAreNotUsed) {
  ModelInfo info;
  info.kind = "level";
  info.target = "time_ms";
  for (const double maximum : {1.0, 2.0, 3.0}) {
    FeatureInfo feature;
    feature.name = "up_to_" + std::to_string(static_cast<int>(maximum));
    feature.minimum = 1;
    feature.maximum = maximum;
    feature.used = maximum == 3;
    info.features.push_back(feature);
  }
  const std::string path = test_folder() + "m.safetensors";
  Model(info, make_constant(info.features.size(), 5)).save(path);
  const std::string shown = run({path}).out;
  EXPECT_THAT(shown, ::testing::ContainsRegex("up_to_1 .*constant, left out"));
  EXPECT_THAT(shown, ::testing::ContainsRegex("up_to_2 .*not used"));
  EXPECT_THAT(shown, ::testing::Not(::testing::ContainsRegex("up_to_3 .*(left out|not used)")));
}

// size_mb < 0.5 ? -2 : 3 on a base of 0.5, in XGBoost's form.
constexpr const char* kStump = R"({"learner": {"feature_names": ["size_mb"], "objective": {"name": "reg:squarederror"},
  "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "1"},
  "gradient_booster": {"name": "gbtree", "model": {"gbtree_model_param": {"num_trees": "1"}, "trees": [
    {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0], "split_type": [0, 0, 0],
     "split_conditions": [0.5, -2, 3], "loss_changes": [6, 0, 0], "default_left": [1, 0, 0]}]}}}})";

TEST(ModelTool, ImportsWhatXGBoostSaved) {
  const std::string folder = test_folder(), from = folder + "xgboost.json", to = folder + "m.safetensors";
  write_file_atomically(from, kStump);
  const ToolRun imported = run({"import", from, "--model", to, "--target", "time_ms"});
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  const Model model = Model::load(to);
  EXPECT_EQ(model.info().target, "time_ms");
  const double row = 0.25;
  Prediction answer;
  Workspace workspace(model.workspace_bytes(1));
  ASSERT_TRUE(model.predict({&row, 1, 1}, {&answer, 1}, workspace).ok());
  EXPECT_EQ(answer.mean, -1.5);
  const std::string shown = run({to}).out;
  EXPECT_THAT(shown, HasSubstr("model xgboost for time_ms, imported\n"));
  EXPECT_THAT(shown, ::testing::ContainsRegex("size_mb +mb +any +any"));

  write_file_atomically(from, "not a model");
  const ToolRun refused = run({"import", from, "--model", to});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("neither JSON nor UBJSON"));
  EXPECT_EQ(run({"import", from}).exit_code, 2);
}

TEST(ModelTool, FailsWithOneLine) {
  const std::string path = test_folder() + "damaged.safetensors";
  write_file_atomically(path, "this is not a model");
  const ToolRun damaged = run({path});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_EQ(damaged.out, "");
  EXPECT_THAT(damaged.err, ::testing::StartsWith("perfmodel-model: "));
  EXPECT_EQ(std::count(damaged.err.begin(), damaged.err.end(), '\n'), 1);
  EXPECT_EQ(run({"/nowhere/m.safetensors"}).exit_code, 1);
}

TEST(ModelTool, TellsUsageErrorsApart) {
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"--nonsense", "x"}).exit_code, 2);
  const ToolRun help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--json"));
  EXPECT_THAT(run({"--version"}).out, HasSubstr("perfmodel "));
}

}  // namespace
}  // namespace perfmodel
