// perfmodel-layers on tables that others published: one time of a whole call per row.
#include <gmock/gmock.h>

#include <algorithm>

#include "layers_table.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(LayersTable, AreTrainedOnAndEvaluated) {
  const std::string data = write_calls("dense.csv", LayerKind::kDense), model = folder_ + "m.safetensors";
  const ToolRun trained = run({"train", "--layer", "dense", "--data", data, "--learner", "forest", "--features",
                               "physics", "--model", model, "--device", "gtx1080ti", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const json report = json::parse(trained.out);
  ASSERT_EQ(report["held_out"].size(), 1U);
  EXPECT_EQ(report["held_out"][0]["kind"], "dense");
  EXPECT_EQ(report["held_out"][0]["phase"], "total");
  const LayerTimePredictor predictor = LayerTimePredictor::load(model);
  EXPECT_EQ(predictor.environment().timing, LayerTiming::kTotal);
  EXPECT_EQ(predictor.environment().device_name, "gtx1080ti");

  const ToolRun evaluated = run({"evaluate", "--data", data, "--model", model, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, StartsWith(R"({"layer":"dense","phase":"total","learner":"forest","features":"physics",)"
                                        R"("rows":300,"mape_pct":)"));
  ASSERT_EQ(lines_of(evaluated.out).size(), 1U);
  EXPECT_LT(lines_of(evaluated.out)[0]["mape_pct"], 20);
}

// An empty time, one of 0 and a window larger than its input.
TEST_F(LayersTable, SayWhichRowsAreLeftOut) {
  const std::string rows =
      "batchsize,matsize,poolsize,channels_in,strides,padding,time_median_ms\n"
      "2,6,2,8,2,0,25\n2,6,2,8,2,0,\n2,6,2,8,2,0,\n2,6,2,8,2,0,0\n2,6,9,8,2,0,25\n";
  const std::string data = write("pool.csv", rows), model = write_predictor("m", {LayerKind::kPool2d});
  const ToolRun evaluated = run({"evaluate", "--data", data, "--model", model, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_EQ(evaluated.err, data + ": left out: no time (2), a time not above 0 (1), an empty output (1)\n");
  EXPECT_EQ(lines_of(evaluated.out).at(0)["rows"], 1);
  const json skipped = {{"no time", 2}, {"a time not above 0", 1}, {"an empty output", 1}};
  EXPECT_EQ(lines_of(evaluated.out).at(0)["skipped"], skipped);
}

TEST_F(LayersTable, SayWhichRowsTrainingLeavesOut) {
  const std::string data = write_calls("dense.csv", LayerKind::kDense);
  write("dense.csv", read_file(data) + "2,72,10,0,\n");
  const ToolRun trained =
      run({"train", "--layer", "dense", "--data", data, "--learner", "constant", "--model", folder_ + "m", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_EQ(json::parse(trained.out)["num_layers"], 300);
  EXPECT_EQ(json::parse(trained.out)["skipped"], json({{"no time", 1}}));
}

// A campaign's copies take 0.9 us: for a clock they take no time.
TEST_F(LayersTable, OfCampaignsSayWhichPhasesAreTooShort) {
  CsvTable csv;
  csv.columns = {"candidate", "pass", "status"};
  for (const auto* columns : {&layer_columns(), &phase_columns(), &environment_columns()}) {
    csv.columns.insert(csv.columns.end(), columns->begin(), columns->end());
  }
  csv.rows = {{"0", "0", "ok"}};
  for (const double value : layer_to_values({dense(2, 72, 10), {}})) csv.rows[0].push_back(format_number(value));
  for (const char* text : {"0.0009", "340", "0.0009", "cpu", "a processor", "eager", "1.2.3", "1"}) {
    csv.rows[0].emplace_back(text);
  }
  const std::string data = folder_ + "campaign.csv", model = folder_ + "p";
  write_csv(csv, data);
  sum_predictor().save(model);
  const ToolRun evaluated = run({"evaluate", "--data", data, "--model", model, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_EQ(evaluated.err, data + ": left out: dense pre below 1 us (1), dense post below 1 us (1)\n");
  EXPECT_EQ(lines_of(evaluated.out).size(), 1U);
}

TEST_F(LayersTable, OfSeveralKindsMakeOneModel) {
  const std::string dense = write_calls("dense.csv", LayerKind::kDense),
                    pool = write_calls("p.csv", LayerKind::kPool2d);
  const std::string model = folder_ + "m.safetensors";
  const ToolRun trained = run({"train", "--layer", "dense", "--data", dense, "--layer", "pool", "--data", pool,
                               "--learner", "constant", "--model", model});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("constant on 600 layers (times of whole calls)"));
  EXPECT_THAT(trained.out, HasSubstr("pool total"));
  const LayerTimePredictor predictor = LayerTimePredictor::load(model);
  EXPECT_THAT(predictor.kinds(), ::testing::UnorderedElementsAre(LayerKind::kPool2d, LayerKind::kDense));
}

// What is given, and what takes it.
TEST_F(LayersTable, AreToldApart) {
  const std::string calls = write("calls.csv", kDenseTable), networks = write("networks.csv", kNetworkTable);
  const std::string campaign = write("campaign.csv", "candidate,pass,status\n0,0,ok\n");
  const std::string timed = write("timed.csv", "net_id,batchsize,layers,time_median_ms\n");
  const std::string model = folder_ + "m";
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } bads[] = {
      {{"train", "--data", calls, "--model", model},
       "calls.csv: holds layers as whole calls, where a campaign's layers in three phases are wanted; train takes it "
       "by "
       "--data with --layer conv, pool or dense"},
      {{"train", "--data", networks, "--model", model}, "networks.csv: holds networks layer by layer, where"},
      {{"train", "--data", timed, "--model", model}, "correct and evaluate take it by --data"},
      {{"train", "--layer", "conv", "--data", networks, "--model", model},
       "networks.csv: holds networks layer by layer, where layers as whole calls are wanted; evaluate takes it by "
       "--data"},
      {{"train", "--layer", "conv", "--data", campaign, "--model", model}, "take it by --data without --layer"},
      {{"correct", "--data", calls, "--model", write_predictor("p", {LayerKind::kDense}), "--output", model},
       "calls.csv: holds layers as whole calls, where networks timed from end to end are wanted"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    const ToolRun failed = run(bad.arguments);
    EXPECT_EQ(failed.exit_code, 1) << failed.err;
    EXPECT_THAT(failed.err, HasSubstr(bad.says));
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1) << failed.err;
  }
}

TEST_F(LayersTable, FailWithOneLine) {
  const std::string dense = write("dense.csv", kDenseTable), networks = write("networks.csv", kNetworkTable);
  const std::string calls = write_predictor("m", {LayerKind::kDense});
  const std::string empty = write("empty.csv",
                                  "batchsize,dim_input,dim_output,activation_fct,time_median_ms\n"
                                  "2,72,10,0,\n2,72,10,0,-1\n");
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } bads[] = {
      {{"train", "--layer", "dense", "--data", empty, "--model", folder_ + "n"},
       "empty.csv: no measured layer in 2 rows; left out: no time (1), a time not above 0 (1)"},
      {{"evaluate", "--data", dense, "--model", calls, "--layer", "dense"},
       "dense.csv: no time column 'time_median_ms' (columns of times: gpu_mean_ms, gpu_std_ms)"},
      {{"train", "--layer", "conv", "--data", dense, "--model", folder_ + "n", "--time-column", "gpu_mean_ms"},
       "dense.csv: no column 'matsize'"},
      {{"evaluate", "--data", networks, "--model", calls, "--device", "tpu"}, "no device 'tpu' (there are: cpu, gpu)"},
      {{"evaluate", "--data", dense, "--model", calls, "--model", calls}, "layer kind 'dense' is there twice"},
      {{"evaluate", "--model", calls}, "predicts whole calls that others measured; there is nothing to time here"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    const ToolRun failed = run(bad.arguments);
    EXPECT_EQ(failed.exit_code, 1) << failed.err;
    EXPECT_EQ(failed.out, "");
    EXPECT_THAT(failed.err, StartsWith("perfmodel-layers: "));
    EXPECT_THAT(failed.err, HasSubstr(bad.says));
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1) << failed.err;
  }
}

TEST_F(LayersTable, RefuseOptionsThatDoNotBelongTogether) {
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } bads[] = {
      {{"train", "--layer", "conv", "--data", "a.csv", "--data", "b.csv", "--model", "m"},
       "--data: given 2 times, --layer 1 times"},
      {{"train", "--data", "a.csv", "--model", "m", "--time-column", "x_ms"}, "--time-column requires --layer"},
      {{"evaluate", "--model", "m", "--data", "a.csv", "--networks", "lenet"}, "--networks excludes --data"},
      {{"evaluate", "--model", "m", "--model", "n"}, "--model: several take part with --data only"},
  };
  for (const auto& bad : bads) {
    const ToolRun wrong = run(bad.arguments);
    EXPECT_EQ(wrong.exit_code, 2) << wrong.err;
    EXPECT_THAT(wrong.err, HasSubstr(bad.says));
    EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1) << wrong.err;
  }
}

// What kind of table it is the tool sees when it reads it.
TEST_F(LayersTable, RefuseOptionsTheyHaveNoUseFor) {
  const std::string calls = write("calls.csv", kDenseTable), networks = write("networks.csv", kNetworkTable);
  const std::string campaign = write("campaign.csv", "candidate,pass,status\n0,0,ok\n");
  const std::string model = write_predictor("m", {LayerKind::kDense});
  const struct {
    std::string data;
    std::vector<std::string> option;
    const char* says;
  } bads[] = {
      {calls, {"--device", "tpu"}, "--device: 'tpu' takes no part, '"},
      {calls, {"--batches", "1,2"}, "--batches: '1, 2' takes no part, '"},
      {networks, {"--correction", "c"}, "holds no networks timed from end to end"},
      {networks, {"--layer", "conv"}, "--layer: 'conv' takes no part, '"},
      {campaign, {"--device", "tpu"}, "holds layers, which name no device"},
      {campaign, {"--layer", "conv"}, "holds a campaign, which tells the kind and the phases of each layer"},
      {campaign, {"--time-column", "x_ms"}, "--time-column: 'x_ms' takes no part, '"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    const ToolRun wrong = run({"evaluate", "--model", model, "--data", bad.data, bad.option[0], bad.option[1]});
    EXPECT_EQ(wrong.exit_code, 2) << wrong.err;
    EXPECT_EQ(wrong.out, "");
    EXPECT_THAT(wrong.err, HasSubstr(bad.says));
    EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1) << wrong.err;
  }
}

TEST_F(LayersTable, MakeModelsThatPredictWholeCalls) {
  const std::string model = write_predictor("m", {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense});
  const ToolRun people = run({"predict", "--model", model, "--network", "lenet"});
  ASSERT_EQ(people.exit_code, 0) << people.err;
  EXPECT_THAT(people.out, HasSubstr("total 90 % interval ms"));
  EXPECT_THAT(people.out, ::testing::Not(HasSubstr("post ms")));
  const json line = json::parse(run({"predict", "--model", model, "--network", "lenet", "--json"}).out);
  EXPECT_FALSE(line["layers"][0].contains("pre"));
  EXPECT_GT(line["layers"][0]["total"]["mean_ms"], 0);
}

}  // namespace
}  // namespace perfmodel
