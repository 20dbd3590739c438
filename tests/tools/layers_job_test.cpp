#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "perfmodel/core/build_info.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

ToolRun run(const std::vector<std::string>& arguments) {
  return run_tool(PERFMODEL_LAYERS_TOOL, arguments);
}

/// Enough small layers that each kind has the 20 that a fit takes.
ToolRun measure(const std::string& folder, const std::string& seed) {
  return run({"measure", "--output", folder + "layers.db", "--csv", folder + "layers.csv", "--layers", "150",
              "--max-layer-seconds", "0.005", "--max-flops", "1e7", "--max-bytes", "4e6", "--max-retry-seconds", "0",
              "--seed", seed, "--json"});
}

void expect_networks(const json& networks, const std::vector<std::string>& names) {
  ASSERT_EQ(networks.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(networks[i]["network"], names[i]);
    EXPECT_EQ(networks[i]["batch"], 1);
    for (const char* number : {"measured_ms", "predicted_ms", "ape_pct"}) EXPECT_GE(networks[i][number], 0) << number;
    EXPECT_GT(networks[i]["measured_ms"], 0);
  }
}

// What examples/run.sh does, on few layers: times vary, the shape of what comes out does not.
TEST(LayersJob, MeasuresTrainsAndEvaluates) {
  if (!has_feature("torch")) GTEST_SKIP() << "this build has no LibTorch: it measures no layers";
  if (!has_feature("sqlite")) GTEST_SKIP() << "this build has no SQLite: campaigns do not resume";
  const std::string folder = test_folder(), model = folder + "p.safetensors";

  const ToolRun first = measure(folder, "0");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const json measured = json::parse(first.out);
  EXPECT_EQ(measured["num_layers"], 150);
  EXPECT_EQ(measured["num_measured"], 158);  // one in 20 twice
  EXPECT_EQ(measured["num_resumed"], 0);
  EXPECT_EQ(measured["num_failed"], 0);
  EXPECT_EQ(measured["complete"], true);
  EXPECT_GT(measured["noise_floor_pct"], 0);

  const auto exported = std::filesystem::last_write_time(folder + "layers.csv");
  const ToolRun again = measure(folder, "0");
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out)["num_resumed"], 158);
  EXPECT_EQ(json::parse(again.out)["num_measured"], 0);
  EXPECT_EQ(std::filesystem::last_write_time(folder + "layers.csv"), exported);

  const ToolRun other = measure(folder, "1");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("identity 'seed' is '0' there and '1' here"));
  EXPECT_EQ(std::count(other.err.begin(), other.err.end(), '\n'), 1) << other.err;

  const ToolRun trained = run({"train", "--data", folder + "layers.db", "--model", model, "--learner", "constant"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;

  const std::string file = folder + "mine.json";
  write_file_atomically(file, R"({"name":"mine","inputs":[{"name":"x","shape":[1,72,1,1]}],)"
                              R"("nodes":[{"name":"d","kind":"dense","input":"x","channels_out":10}]})");
  const ToolRun evaluated = run({"evaluate", "--model", model, "--networks", "lenet," + file, "--batches", "1",
                                 "--rounds", "1", "--max-seconds", "0.1"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, HasSubstr("mine (steered no drawing)"));
  EXPECT_THAT(evaluated.out, HasSubstr("network MAPE (steered no drawing): "));
  const json line = json::parse(last_line(evaluated.out));
  EXPECT_GT(line["noise_floor_pct"], 0);
  for (const char* kind : {"conv", "pool", "dense"}) {
    for (const char* phase : {"pre", "exe", "post"}) EXPECT_TRUE(line["layer_mape_pct"][kind].contains(phase));
    EXPECT_GT(line["layer_mape_pct"][kind]["exe"], 0);
  }
  EXPECT_GE(line["network_mape_pct"], 0);
  expect_networks(line["networks"], {"lenet"});
  expect_networks(line["unsteered"]["networks"], {"mine", "cifarnet"});
}

// What examples/run.sh --all-networks does besides, on few layers.
TEST(LayersJob, MeasuresKindsOfNetworksWithBranches) {
  if (!has_feature("torch")) GTEST_SKIP() << "this build has no LibTorch: it measures no layers";
  if (!has_feature("sqlite")) GTEST_SKIP() << "this build has no SQLite: campaigns do not resume";
  const std::string folder = test_folder(), model = folder + "p.safetensors";
  const std::vector<std::string> measure = {"measure",
                                            "--output",
                                            folder + "more.db",
                                            "--layers",
                                            "300",
                                            "--max-layer-seconds",
                                            "0.005",
                                            "--max-flops",
                                            "1e8",
                                            "--max-bytes",
                                            "4e6",
                                            "--max-retry-seconds",
                                            "0",
                                            "--json",
                                            "--kinds",
                                            "conv2d,dense,batch_norm2d,layer_norm,add,concat,softmax,matmul"};
  const ToolRun measured = run(measure);
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  EXPECT_EQ(json::parse(measured.out)["num_failed"], 0);
  EXPECT_EQ(json::parse(run(measure).out)["num_resumed"], 315);  // one in 20 twice

  const ToolRun trained = run({"train", "--data", folder + "more.db", "--model", model, "--learner", "constant"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const ToolRun refused = run({"evaluate", "--model", model, "--networks", "squeezenet", "--batches", "1"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("no model for layer kind 'pool2d'"));

  const ToolRun evaluated = run({"evaluate", "--model", model, "--networks", "transformer_encoder", "--batches", "1",
                                 "--rounds", "1", "--max-seconds", "0.1", "--partial"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const json line = json::parse(last_line(evaluated.out));
  for (const char* kind : {"matmul", "softmax", "layer_norm"}) EXPECT_GT(line["layer_mape_pct"][kind]["exe"], 0);
  expect_networks(line["unsteered"]["networks"], {"transformer_encoder", "cifarnet"});
  EXPECT_EQ(line["unsteered"]["networks"][0]["coverage"]["layers"], 1);
  EXPECT_EQ(line["unsteered"]["networks"][1]["coverage"]["layers"], 0.75);  // two poolings of eight layers
}

// The whole of it: two campaigns, one predictor of both, all nine networks, on few small layers and by a cheap learner.
TEST(LayersJob, EvaluatesAllNetworksByTwoCampaigns) {
  if (!has_feature("torch")) GTEST_SKIP() << "this build has no LibTorch: it measures no layers";
  if (!has_feature("sqlite")) GTEST_SKIP() << "this build has no SQLite: campaigns do not resume";
  const std::string folder = test_folder(), model = folder + "all.safetensors", report = folder + "all.json";
  ASSERT_EQ(measure(folder, "0").exit_code, 0);
  const std::string kinds =
      "conv2d,dense,matmul,batch_norm2d,layer_norm,add,concat,activation,global_pool2d,global_pool2d,softmax";
  const ToolRun more =
      run({"measure", "--output", folder + "more.db", "--layers", "400", "--max-layer-seconds", "0.002", "--max-flops",
           "1e8", "--max-bytes", "4e6", "--max-retry-seconds", "0", "--json", "--kinds", kinds});
  ASSERT_EQ(more.exit_code, 0) << more.err;
  const ToolRun trained = run({"train", "--data", folder + "layers.db", "--data", folder + "more.db", "--model", model,
                               "--learner", "additive_cost", "--report", report});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_EQ(json::parse(read_file(report))["num_layers"], 550);
  const std::vector<std::string> steering = {"lenet", "alexnet", "vgg16", "resnet18", "resnet50", "mobilenetv2"};
  const std::vector<std::string> others = {"cifarnet", "squeezenet", "transformer_encoder"};
  const ToolRun evaluated =
      run({"evaluate", "--model", model, "--batches", "1", "--rounds", "1", "--max-seconds", "0.01", "--skip-layers",
           "--networks", "lenet,alexnet,vgg16,cifarnet,resnet18,resnet50,mobilenetv2,squeezenet,transformer_encoder",
           "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const json line = json::parse(last_line(evaluated.out));
  expect_networks(line["networks"], steering);
  expect_networks(line["unsteered"]["networks"], others);
  for (const json& networks : {line["networks"], line["unsteered"]["networks"]}) {
    for (const json& network : networks) EXPECT_EQ(network["coverage"]["layers"], 1) << network["network"];
  }
}

}  // namespace
}  // namespace perfmodel
