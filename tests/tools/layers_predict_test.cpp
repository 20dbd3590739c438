// perfmodel-layers predict: predictors put together, corrections, and what lies outside of what was learnt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/network/layer_makers.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class LayersPredict : public ::testing::Test {
 protected:
  static ToolRun run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "predict");
    return run_tool(PERFMODEL_LAYERS_TOOL, arguments);
  }

  LayersPredict() {
    sum_predictor().save(model_);
    write_file_atomically(network_, R"({"name":"one","inputs":[{"name":"x","shape":[2,72,1,1]}],)"
                                    R"("nodes":[{"name":"d","kind":"dense","input":"x","channels_out":10}]})");
  }

  /// A predictor of one kind, as LeNet's layers are learnt apart.
  std::string predictor_of(LayerKind kind, double largest_feature = 1e12) const {
    const std::string path = folder_ + "predictor_" + std::to_string(static_cast<int>(kind));
    LayerTimePredictor(test_environment(), {sum_models(kind, 1, largest_feature)}).save(path);
    return path;
  }

  /// Learnt from networks of one dense layer, whose time from end to end is a second more than the sum.
  std::string correction() const {
    std::string csv = "net_id,batchsize,layers,time_median_ms\n";
    for (int i = 1; i <= 40; ++i) {
      const std::vector<LayerSpec> layers = {dense(2, 20 + i, 100 - i)};
      const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
      csv += std::to_string(i) + ",2,IN:2 1 " + std::to_string(20 + i) + ";FC:2 1 " + std::to_string(20 + i) + " " +
             std::to_string(100 - i) + " 0 1," + std::to_string(sum_ms + 1000) + "\n";
    }
    write_file_atomically(folder_ + "networks.csv", csv);
    std::string path = folder_ + "correction";
    const ToolRun done =
        run_tool(PERFMODEL_LAYERS_TOOL, {"correct", "--model", model_, "--data", folder_ + "networks.csv", "--output",
                                         path, "--learner", "additive_cost"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return path;
  }

  const std::string folder_ = test_folder(), model_ = folder_ + "p.safetensors", network_ = folder_ + "one.json";
};

TEST_F(LayersPredict, TakesPredictorsOfDifferentKindsTogether) {
  std::vector<std::string> arguments = {"--network", "lenet", "--json"};
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    arguments.insert(arguments.end(), {"--model", predictor_of(kind)});
  }
  const ToolRun done = run(arguments);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["coverage"]["layers"], 1);
}

TEST_F(LayersPredict, TellsTheTimeFromEndToEndBesideTheSumOfLayers) {
  const std::string corrected = correction();
  const ToolRun done = run({"--model", model_, "--network", network_, "--correction", corrected, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json line = json::parse(done.out);
  const std::vector<LayerSpec> layers = {dense(2, 72, 10)};
  EXPECT_EQ(line["sum_of_layers"]["mean_ms"], sum_predictor().predict_sequence(layers).total.mean_ms);
  const double expected_ms = NetworkCorrection::load(corrected).predict(sum_predictor(), layers).total.mean_ms;
  EXPECT_EQ(line["total"]["mean_ms"], expected_ms);
  EXPECT_GT(expected_ms, 900 + line["sum_of_layers"]["mean_ms"].get<double>());
  const ToolRun text = run({"--model", model_, "--network", network_, "--correction", corrected});
  EXPECT_THAT(text.out, HasSubstr("one, batch 2, from end to end: "));
  EXPECT_THAT(text.out, HasSubstr("sum of its layers: 1020. ms\n"));
}

TEST_F(LayersPredict, RefusesACorrectionOfWhatIsNoNetwork) {
  const ToolRun layer = run({"--model", model_, "--correction", "c", "--layer", "{}", "--shape", "1,1,1,1"});
  EXPECT_EQ(layer.exit_code, 2);
  EXPECT_THAT(layer.err, HasSubstr("excludes"));
  EXPECT_EQ(run({"--model", model_, "--correction", "c", "--partial", "--network", network_}).exit_code, 2);
  const ToolRun other = run({"--model", model_, "--correction", model_, "--network", network_});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("the file holds no 'network_correction', but 'predictor'"));
}

TEST_F(LayersPredict, SaysInWhatALayerLiesOutside) {
  const std::string small = predictor_of(LayerKind::kDense, 50);
  EXPECT_THAT(run({"--model", small, "--network", network_}).out, HasSubstr("outside: inputs 72, learnt from 0 to 50"));
  const json layer = json::parse(run({"--model", small, "--network", network_, "--json"}).out)["layers"][0];
  EXPECT_EQ(layer["in_domain"], false);
  EXPECT_EQ(layer["outside"], json::parse(R"([{"feature":"inputs","value":72,"minimum":0,"maximum":50}])"));
  EXPECT_FALSE(
      json::parse(run({"--model", model_, "--network", network_, "--json"}).out)["layers"][0].contains("outside"));
}

TEST_F(LayersPredict, SaysWhichLayersHaveNoModel) {
  const std::string conv = predictor_of(LayerKind::kConv2d);
  const ToolRun done = run({"--model", conv, "--network", "lenet", "--partial", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json layers = json::parse(done.out)["layers"];
  EXPECT_EQ(layers[0]["has_model"], true);
  EXPECT_EQ(layers[1]["has_model"], false);
  EXPECT_FALSE(layers[1].contains("outside"));
}

}  // namespace
}  // namespace perfmodel
