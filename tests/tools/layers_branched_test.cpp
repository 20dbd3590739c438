// perfmodel-layers on kinds of layers that networks with branches and attention have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/network/layer_sampler.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

ToolRun run(const std::vector<std::string>& arguments) {
  return run_tool(PERFMODEL_LAYERS_TOOL, arguments);
}

std::string write_predictor(const std::string& folder, const std::vector<LayerKind>& kinds) {
  std::vector<LayerTimePredictor::KindModels> models;
  for (const LayerKind kind : kinds) models.push_back(sum_models(kind, 1));
  const std::string path = folder + "p.safetensors";
  LayerTimePredictor(test_environment(), std::move(models)).save(path);
  return path;
}

/// A campaign's export of layers of these kinds, each of which takes 2 microseconds and 0.1 ms per megabyte.
std::string write_campaign(const std::string& path, std::vector<LayerKind> kinds, const std::string& device_name) {
  CsvTable csv;
  csv.columns = {"candidate", "pass", "status"};
  for (const auto* columns : {&layer_columns(), &phase_columns(), &environment_columns()}) {
    csv.columns.insert(csv.columns.end(), columns->begin(), columns->end());
  }
  SamplerOptions options;
  options.kinds = std::move(kinds);
  const LayerSampler sampler(options);
  for (std::size_t i = 0; i < 100; ++i) {
    std::vector<std::string> row = {std::to_string(i), "0", "ok"};
    const LayerSample sample = sampler.sample(i);
    for (const double value : layer_to_values(sample)) row.push_back(format_number(value));
    const double ms = 0.002 + 0.1e-6 * (sample.layer.input_bytes() + sample.layer.output_bytes());
    for (int phase = 0; phase < kNumPhases; ++phase) row.push_back(format_number(ms));
    for (const std::string& text : {std::string("cpu"), device_name, std::string("eager"), std::string("1.2.3")}) {
      row.push_back(text);
    }
    row.emplace_back("1");
    csv.rows.push_back(row);
  }
  write_csv(csv, path);
  return path;
}

TEST(LayersToolBranched, RefusesUnknownKindsUnlessAPartIsAskedFor) {
  const std::string model = write_predictor(test_folder(), {LayerKind::kConv2d, LayerKind::kPool2d});
  const ToolRun refused = run({"predict", "--model", model, "--network", "squeezenet"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("node 'fire2' of network 'squeezenet': no model for layer kind 'concat'"));

  const ToolRun text = run({"predict", "--model", model, "--network", "squeezenet", "--partial"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("no model"));
  EXPECT_THAT(text.out, Not(HasSubstr("0.000 ")));
  EXPECT_THAT(text.out, HasSubstr("covered of layers, flops, bytes: 76.3 %, "));  // 26 + 3 of 38 layers
  const json line =
      json::parse(run({"predict", "--model", model, "--network", "squeezenet", "--partial", "--json"}).out);
  EXPECT_NEAR(line["coverage"]["layers"].get<double>(), 29.0 / 38, 1e-4);
  EXPECT_GT(line["coverage"]["flops"], 0.99);
  EXPECT_LT(line["coverage"]["bytes"], 0.9);
  EXPECT_EQ(line["in_domain"], false);
}

TEST(LayersToolBranched, TellsThatAllIsCovered) {
  const std::string model = write_predictor(test_folder(), {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense});
  const json line = json::parse(run({"predict", "--model", model, "--network", "lenet", "--json"}).out);
  EXPECT_EQ(line["coverage"], json::parse(R"({"layers": 1, "flops": 1, "bytes": 1})"));
  EXPECT_EQ(run({"predict", "--model", model, "--network", "lenet"}).out.find("covered"), std::string::npos);
}

// 2 x 3 pictures of 4 x 4: batch 2, 16 positions, 3 channels, 768 bytes of two inputs, no activation: 1.
TEST(LayersToolBranched, PredictsALayerThatTakesSeveralTensors) {
  const std::string model = write_predictor(test_folder(), {LayerKind::kAdd});
  const ToolRun done = run({"predict", "--model", model, "--layer", R"({"kind":"add","inputs":["input","input"]})",
                            "--shape", "2,3,4,4", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["layer"], "add 2x3x4x4");
  EXPECT_GT(json::parse(done.out)["exe"]["mean_ms"], 2 * (2 + 16 + 3 + 768 + 1));
}

TEST(LayersToolBranched, TrainsOnSeveralCampaigns) {
  const std::string folder = test_folder(), model = folder + "m.safetensors";
  const std::string images = write_campaign(folder + "a.csv", {LayerKind::kAdd, LayerKind::kConcat}, "a processor");
  const std::string tokens = write_campaign(folder + "b.csv", {LayerKind::kMatMul, LayerKind::kSoftmax}, "a processor");
  const ToolRun done =
      run({"train", "--data", images, "--data", tokens, "--model", model, "--learner", "constant", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(done.out)["num_layers"], 200);
  const LayerTimePredictor predictor = LayerTimePredictor::load(model);
  EXPECT_THAT(predictor.kinds(), ::testing::UnorderedElementsAre(LayerKind::kAdd, LayerKind::kConcat,
                                                                 LayerKind::kMatMul, LayerKind::kSoftmax));
  EXPECT_EQ(predictor.model(LayerKind::kAdd, Phase::kExecution).info().kind, "additive_cost");
  EXPECT_EQ(predictor.model(LayerKind::kMatMul, Phase::kExecution).info().kind, "constant");

  ASSERT_EQ(run({"train", "--data", images, "--model", model, "--learner", "constant", "--memory-bound-by-learner"})
                .exit_code,
            0);
  EXPECT_EQ(LayerTimePredictor::load(model).model(LayerKind::kAdd, Phase::kExecution).info().kind, "constant");
}

TEST(LayersToolBranched, RefusesCampaignsOfDifferentMachines) {
  const std::string folder = test_folder();
  const std::string here = write_campaign(folder + "a.csv", {LayerKind::kAdd}, "a processor");
  const std::string there = write_campaign(folder + "b.csv", {LayerKind::kSoftmax}, "another processor");
  const ToolRun failed = run({"train", "--data", here, "--data", there, "--model", folder + "m.safetensors"});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.err, HasSubstr("a.csv' was measured with device name 'a processor', '"));
  EXPECT_THAT(failed.err, HasSubstr("b.csv' with 'another processor'"));
  EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1) << failed.err;
}

}  // namespace
}  // namespace perfmodel
