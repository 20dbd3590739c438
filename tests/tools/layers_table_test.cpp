// perfmodel-layers on tables that others published: one time of a whole call per row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/layer_table.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr double kRounding = 1e-3;  // of what the tool prints

constexpr const char* kDenseTable =
    "batchsize,dim_input,dim_output,activation_fct,gpu_mean_ms,gpu_std_ms\n2,72,10,0,340,34\n2,72,10,0,,\n";

// A pooling of 2 x 8 x 6 x 6 by 2: 0.5 x (2 + 36 + 8 + 2 + 0 + 2) = 25 ms. Each network's layers are measured to take
// 100 ms in all.
constexpr const char* kNetworkTable =
    "device,network,batchsize,layer,op,matsize,poolsize,channels_in,strides,padding,activation_fct,dim_input,dim_"
    "output,"
    "time_median_ms\n"
    "gpu,small,2,1,pool,6,2,8,2,0,,,,40\ngpu,small,2,2,pool,6,2,8,2,0,,,,60\n"
    "gpu,mixed,2,1,pool,6,2,8,2,0,,,,40\ngpu,mixed,2,2,dense,,,,,,0,72,10,60\n"
    "cpu,small,2,1,pool,6,2,8,2,0,,,,100\ngpu,odd,2,1,lrn,6,2,8,2,0,,,,40\n";

class LayersTable : public ::testing::Test {
 protected:
  static ToolRun run(const std::vector<std::string>& arguments) { return run_tool(PERFMODEL_LAYERS_TOOL, arguments); }

  std::string write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder_ + name, text);
    return folder_ + name;
  }

  /// The sum models of `kinds` as those of whole calls.
  std::string write_predictor(const std::string& name, const std::vector<LayerKind>& kinds) const {
    Environment environment = test_environment();
    environment.timing = LayerTiming::kTotal;
    std::vector<LayerTimePredictor::KindModels> models;
    for (const LayerKind kind : kinds) models.push_back(sum_models(kind, kind == LayerKind::kPool2d ? 0.25F : 2.0F));
    LayerTimePredictor(environment, models).save(folder_ + name);
    return folder_ + name;
  }

  /// A table of dense layers, or of pooling, with made-up times.
  std::string write_calls(const std::string& name, LayerKind kind) const {
    const bool is_dense = kind == LayerKind::kDense;
    std::string text = is_dense ? "batchsize,dim_input,dim_output,activation_fct,time_median_ms\n"
                                : "time_median_ms,padding,batchsize,matsize,poolsize,channels_in,strides\n";
    Random random(7);
    for (int i = 0; i < 300; ++i) {
      const std::int64_t a = random.integer(1, 64), b = random.integer(8, 90), c = random.integer(1, 7);
      const std::string ms = format_number(0.1 + 1e-4 * static_cast<double>(a * b));
      const std::string a_text = std::to_string(a), b_text = std::to_string(b), c_text = std::to_string(c);
      text += is_dense ? a_text + "," + b_text + "," + c_text + ",1," + ms + "\n"
                       : ms + ",1," + a_text + "," + b_text + "," + c_text + ",3,2\n";
    }
    return write(name, text);
  }

  const std::string folder_ = test_folder();
};

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
  return lines;
}

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

// The networks of pooling alone take 50 ms in the predictor, the mixed one 25 + 340.
TEST_F(LayersTable, OfNetworksAreSummedUp) {
  const std::string data = write("networks.csv", kNetworkTable);
  const std::string pool = write_predictor("p", {LayerKind::kPool2d}),
                    dense = write_predictor("d", {LayerKind::kDense});
  const ToolRun done = run({"evaluate", "--data", data, "--model", pool, "--model", dense, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("networks.csv: networks: left out: layer kind 'lrn' not known (1)"));
  EXPECT_THAT(done.out,
              StartsWith(R"({"network":"small","batch":2,"measured_ms":100,"predicted_ms":50,"ape_pct":50,)"));
  const std::vector<json> lines = lines_of(done.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NEAR(lines[1]["predicted_ms"].get<double>(), 365, kRounding);
  EXPECT_NEAR(lines[1]["ape_pct"].get<double>(), 265, kRounding);
  EXPECT_EQ(lines[0]["upper_ms"], 100);  // one model's errors, taken to be correlated: twice the mean
  EXPECT_EQ(lines[0]["interval_level"], 0.9);
  EXPECT_EQ(lines[0]["in_domain"], true);
  EXPECT_EQ(lines[2]["device"], "cpu");
  EXPECT_EQ(lines[2]["predicted_ms"], 25);

  const ToolRun people = run({"evaluate", "--data", data, "--model", pool, "--model", dense, "--device", "gpu"});
  EXPECT_THAT(people.out, HasSubstr("sum of measured layers, ms"));
  EXPECT_THAT(people.out, HasSubstr("gpu all"));
  EXPECT_THAT(people.out, ::testing::Not(HasSubstr("cpu")));
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

// The interval of a network whose layers err apart, as one model's do not by default: 50 ms and the root of two times
// 12.5 squared below.
TEST_F(LayersTable, OfNetworksTakeTheIntervalThatIsInTheModelFile) {
  const std::string data = write("networks.csv", kNetworkTable), model = write_predictor("p", {LayerKind::kPool2d});
  const auto lower_ms = [&] {
    const ToolRun done = run({"evaluate", "--data", data, "--model", model, "--device", "gpu", "--json"});
    return lines_of(done.out).at(0)["lower_ms"].get<double>();
  };
  EXPECT_NEAR(lower_ms(), 25, kRounding);
  LayerTimePredictor::load(model).with_network_interval({0, 1, 21}).save(model);
  EXPECT_NEAR(lower_ms(), 50 - std::sqrt(2) * 12.5, kRounding);
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
