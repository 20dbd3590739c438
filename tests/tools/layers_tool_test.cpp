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

ToolRun run(const std::vector<std::string>& arguments) {
  return run_tool(PERFMODEL_LAYERS_TOOL, arguments);
}

std::string write_predictor(const std::string& folder) {
  const std::string path = folder + "p.safetensors";
  sum_predictor().save(path);
  return path;
}

/// A campaign's export with made-up times, of which each tenth layer was measured twice.
std::string write_campaign(const std::string& folder, std::size_t num_layers) {
  CsvTable csv;
  csv.columns = {"candidate", "pass", "status"};
  for (const auto* columns : {&layer_columns(), &phase_columns(), &environment_columns()}) {
    csv.columns.insert(csv.columns.end(), columns->begin(), columns->end());
  }
  const LayerSampler sampler{SamplerOptions{}};
  for (std::size_t i = 0; i < num_layers; ++i) {
    for (int pass = 0; pass < (i % 10 == 0 ? 2 : 1); ++pass) {
      std::vector<std::string> row = {std::to_string(i), std::to_string(pass), "ok"};
      const LayerSample sample = sampler.sample(i);
      for (const double value : layer_to_values(sample)) row.push_back(format_number(value));
      const double execution_ms = (1e-9 * sample.layer.flops() + 0.1) * (pass == 0 ? 1 : 1.05);
      for (const double ms : {2.0, execution_ms, 0.0001}) row.push_back(format_number(ms));
      for (const char* text : {"cpu", "a processor", "eager", "1.2.3", "1"}) row.emplace_back(text);
      csv.rows.push_back(row);
    }
  }
  const std::string path = folder + "campaign.csv";
  write_csv(csv, path);
  return path;
}

TEST(LayersTool, HelpsAndTellsUsageErrorsApart) {
  for (const char* command : {"measure", "train", "predict", "correct", "evaluate"}) {
    SCOPED_TRACE(command);
    const ToolRun help = run({command, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("--json"));
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{},
        {"dance"},
        {"train"},
        {"predict", "--model", "m"},
        {"measure", "--output", "x.db", "--around", "2"},
        {"measure", "--kinds", "lstm"},
        {"measure"},
        {"predict", "--model", "m", "--network", "lenet", "--layer", "{}"},
        {"predict", "--model", "m", "--layer", "{}"},
        {"predict", "--model", "m", "--layer", "{}", "--shape", "1,1,1,1", "--batch", "2"},
        {"predict", "--model", "m", "--network", "lenet", "--shape", "1,1,1,1"},
        {"predict", "--model", "m", "--network", "lenet", "--reuse-bytes", "1e6"},
        {"train", "--data", "d", "--model", "m", "--learner", "oracle"}}) {
    const ToolRun wrong = run(arguments);
    EXPECT_EQ(wrong.exit_code, 2) << wrong.err;
    EXPECT_THAT(wrong.err, ::testing::StartsWith("perfmodel-layers: "));
    EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1) << wrong.err;
  }
}

TEST(LayersTool, SaysWhichOptionsBelongTogetherAndWhatNumbersAreAllowed) {
  EXPECT_THAT(run({"predict", "--model", "m", "--layer", "{}"}).err, HasSubstr("--layer requires --shape"));
  EXPECT_THAT(run({"predict", "--model", "m", "--layer", "{}", "--shape", "1,1,1,1", "--batch", "2"}).err,
              HasSubstr("--batch excludes --layer"));
  EXPECT_THAT(run({"predict", "--model", "m", "--network", "lenet", "--shape", "1,1,1,1"}).err,
              HasSubstr("--shape excludes --network"));
  EXPECT_THAT(run({"predict", "--model", "m", "--network", "lenet", "--batch", "0"}).err,
              HasSubstr("--batch: 0 is below 1"));
  EXPECT_THAT(run({"measure", "--output", "x.db", "--around", "2"}).err, HasSubstr("--around: 2 is outside 0 to 1"));
}

TEST(LayersTool, FailsWhenStandardOutputCannotBeWritten) {
  const std::string model = write_predictor(test_folder());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"predict", "--model", model, "--network", "lenet"}, {"predict", "--help"}}) {
    const ToolRun full = run_tool_on_full_disk(PERFMODEL_LAYERS_TOOL, arguments);
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_THAT(full.err, ::testing::StartsWith("perfmodel-layers: cannot write standard output"));
    EXPECT_EQ(std::count(full.err.begin(), full.err.end(), '\n'), 1) << full.err;
  }
}

// The data and model do not exist: the path of the result is looked at first.
TEST(LayersTool, ChecksWhereResultsGoBeforeTheWork) {
  const std::string result = "/nowhere/result", other = test_folder() + "m.safetensors";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"train", "--data", "none.csv", "--model", result},
        {"train", "--data", "none.csv", "--model", other, "--report", result},
        {"train", "--data", "none.csv", "--model", other, "--plot", result},
        {"evaluate", "--model", "none.safetensors", "--plot", result},
        {"measure", "--output", other, "--csv", result, "--layers", "1"}}) {
    const ToolRun failed = run(arguments);
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_THAT(last_line(failed.err),
                "perfmodel-layers: cannot write '/nowhere/result': there is no folder '/nowhere'");
  }
}

TEST(LayersTool, NamesTheLevelOfIntervals) {
  const std::string model = write_predictor(test_folder());
  const ToolRun text = run({"predict", "--model", model, "--network", "lenet"});
  EXPECT_THAT(text.out, HasSubstr("exe 90 % interval ms"));
  EXPECT_THAT(text.out, HasSubstr("ms (90 % interval: "));
  const json line = json::parse(run({"predict", "--model", model, "--network", "lenet", "--json"}).out);
  EXPECT_EQ(line["total"]["interval_level"], 0.9);
  EXPECT_GT(line["total"]["upper_ms"], line["total"]["mean_ms"]);
}

// The dense layers' last phase alone has no interval: it goes into a network's total, and into no other phase.
TEST(LayersTool, ShowsNoIntervalWhereOneModelHasNone) {
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 2.0F);
  ModelInfo info = models.phases[2].info();
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
  models.phases[2] = models.phases[2].with_info(info);
  const std::string folder = test_folder(), model = folder + "p.safetensors", network = folder + "one.json";
  LayerTimePredictor(test_environment(), {models}).save(model);
  write_file_atomically(network, R"({"name":"one","inputs":[{"name":"x","shape":[2,72,1,1]}],)"
                                 R"("nodes":[{"name":"d","kind":"dense","input":"x","channels_out":10}]})");
  EXPECT_THAT(run({"predict", "--model", model, "--network", network}).out,
              HasSubstr("one, batch 2: 1020. ms (interval: -)"));
  const json line = json::parse(run({"predict", "--model", model, "--network", network, "--json"}).out);
  for (const json& estimate : {line["total"], line["layers"][0]["post"]}) {
    EXPECT_TRUE(estimate["lower_ms"].is_null());
    EXPECT_TRUE(estimate["upper_ms"].is_null());
    EXPECT_EQ(estimate["interval_level"], 0);
    EXPECT_GT(estimate["mean_ms"], 0);
  }
  EXPECT_EQ(line["layers"][0]["exe"]["interval_level"], 0.9);
  EXPECT_FALSE(line["layers"][0]["exe"]["lower_ms"].is_null());
}

// Equation 2 by hand for the sum predictor (test fixture) on one dense layer of 2 x 72 -> 10: 2 + 72 + 10 + 1 = 85
// times 2, 4 and 6 for the three phases.
TEST(LayersTool, PredictsANetworkFromAFile) {
  const std::string folder = test_folder();
  write_file_atomically(folder + "one.json", R"({"name":"one","inputs":[{"name":"x","shape":[2,72,1,1]}],)"
                                             R"("nodes":[{"name":"d","kind":"dense","input":"x","channels_out":10}]})");
  const ToolRun done = run({"predict", "--model", write_predictor(folder), "--network", folder + "one.json", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json line = json::parse(done.out);
  EXPECT_EQ(line["network"], "one");
  EXPECT_EQ(line["batch"], 2);
  EXPECT_FLOAT_EQ(line["total"]["mean_ms"].get<float>(), 85 * 12);
  ASSERT_EQ(line["layers"].size(), 1U);
  EXPECT_FLOAT_EQ(line["layers"][0]["exe"]["mean_ms"].get<float>(), 85 * 4);
  EXPECT_EQ(line["layers"][0]["in_domain"], true);
}

TEST(LayersTool, PredictsABuiltInNetworkAsATable) {
  const ToolRun done =
      run({"predict", "--model", write_predictor(test_folder()), "--network", "lenet", "--batch", "4"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("lenet, batch 4: "));
}

TEST(LayersTool, PredictsOneLayer) {
  const std::string model = write_predictor(test_folder());
  const ToolRun done = run({"predict", "--model", model, "--layer", R"({"kind":"dense","channels_out":10})", "--shape",
                            "2,72,1,1", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_FLOAT_EQ(json::parse(done.out)["exe"]["mean_ms"].get<float>(), 85 * 4);
  const ToolRun wrong =
      run({"predict", "--model", model, "--layer", R"({"kind":"dense","colour":1})", "--shape", "2,72,1,1"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("colour"));
}

TEST(LayersTool, FailsWithOneLine) {
  const std::string folder = test_folder();
  const std::string model = write_predictor(folder), csv = write_campaign(folder, 30);
  const std::vector<std::vector<std::string>> commands = {
      {"predict", "--model", folder + "none.safetensors", "--network", "lenet"},
      {"predict", "--model", csv, "--network", "lenet"},
      {"predict", "--model", model, "--network", "skynet"},
      {"train", "--data", folder + "none.csv", "--model", folder + "m.safetensors"},
      {"train", "--data", model, "--model", folder + "m.safetensors"},
      {"train", "--data", csv, "--model", folder + "m.safetensors", "--learner", "constant"}};
  for (const std::vector<std::string>& arguments : commands) {
    const ToolRun failed = run(arguments);
    EXPECT_EQ(failed.exit_code, 1) << failed.err;
    EXPECT_EQ(failed.out, "");
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1) << failed.err;
  }
}

TEST(LayersTool, TrainsFromATableAndReports) {
  const std::string folder = test_folder();
  const std::string model = folder + "m.safetensors";
  const ToolRun done = run({"train", "--data", write_campaign(folder, 300), "--model", model, "--learner", "constant",
                            "--report", folder + "report.json", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_EQ(json::parse(read_file(folder + "report.json")), report);
  EXPECT_EQ(report["num_layers"], 300);
  EXPECT_EQ(report["noise_floor_pct"], 5);
  ASSERT_EQ(report["held_out"].size(), 9U);
  EXPECT_EQ(report["held_out"][0]["phase"], "pre");
  EXPECT_EQ(report["held_out"][0]["mape_pct"], 0);  // every layer takes 2 ms, as the constant says
  EXPECT_TRUE(report["held_out"][2]["mape_pct"].is_null());
  EXPECT_EQ(report["held_out"][2]["constant"], true);
  EXPECT_EQ(report["held_out"][0]["interval_level"], 0.9);
  EXPECT_EQ(report["held_out"][2]["rows"], report["held_out"][0]["rows"]);
  EXPECT_EQ(report["held_out"][2]["num_below_clock"], report["held_out"][0]["rows"]);
  EXPECT_EQ(LayerTimePredictor::load(model).training().num_layers, 300U);
  EXPECT_EQ(run({"predict", "--model", model, "--network", "alexnet"}).exit_code, 0);
}

// Few layers leave fewer rows than an interval is calibrated on.
TEST(LayersTool, SaysWhichModelsHaveNoInterval) {
  const std::string folder = test_folder();
  const ToolRun done = run(
      {"train", "--data", write_campaign(folder, 150), "--model", folder + "m.safetensors", "--learner", "constant"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("no interval, too few layers to calibrate one: "));
  EXPECT_THAT(done.out, HasSubstr("pool exe"));
}

TEST(LayersTool, TrainsAnyRegisteredLearner) {
  const std::string folder = test_folder();
  const ToolRun done =
      run({"train", "--data", write_campaign(folder, 300), "--model", folder + "m.safetensors", "--learner", "forest"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, ::testing::StartsWith("forest on 300 layers"));
}

TEST(LayersTool, DrawsHeldOutLayers) {
  const std::string folder = test_folder();
  const ToolRun done = run({"train", "--data", write_campaign(folder, 300), "--model", folder + "m.safetensors",
                            "--learner", "constant", "--plot", folder + "held_out.svg"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("conv exe"));
  EXPECT_THAT(done.out, HasSubstr("below 1 us"));
  if (done.err.find("gnuplot is not installed") != std::string::npos) GTEST_SKIP() << done.err;
  EXPECT_THAT(read_file(folder + "held_out.svg"), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace perfmodel
