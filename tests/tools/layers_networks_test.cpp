// perfmodel-layers on tables of networks, layer by layer, and the intervals of such sums.
#include <gmock/gmock.h>

#include <cmath>

#include "layers_table.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr double kRounding = 1e-3;  // of what the tool prints

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
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_NEAR(lines[1]["predicted_ms"].get<double>(), 365, kRounding);
  EXPECT_NEAR(lines[1]["ape_pct"].get<double>(), 265, kRounding);
  EXPECT_EQ(lines[0]["upper_ms"], 100);  // one model's errors, taken to be correlated: twice the mean
  EXPECT_EQ(lines[0]["interval_level"], 0.9);
  EXPECT_EQ(lines[0]["in_domain"], true);
  EXPECT_EQ(lines[2]["device"], "cpu");
  EXPECT_EQ(lines[2]["predicted_ms"], 25);
  EXPECT_EQ(lines[3]["networks"], 3);
  EXPECT_NEAR(lines[3]["mape_pct"].get<double>(), (50 + 265 + 75) / 3.0, kRounding);
  EXPECT_EQ(lines[3]["skipped"], json({{"layer kind 'lrn' not known", 1}}));

  const ToolRun people = run({"evaluate", "--data", data, "--model", pool, "--model", dense, "--device", "gpu"});
  EXPECT_THAT(people.out, HasSubstr("sum of measured layers, ms"));
  EXPECT_THAT(people.out, HasSubstr("gpu all"));
  EXPECT_THAT(people.out, ::testing::Not(HasSubstr("cpu")));
}

// The test's predictor was fitted on "a processor", which the table does not know; then on the table's "cpu".
TEST_F(LayersTable, OfAForeignDeviceAreNotComparedWithoutAWord) {
  const std::string data = write("networks.csv", kNetworkTable), model = write_predictor("p", {LayerKind::kPool2d});
  const ToolRun foreign = run({"evaluate", "--data", data, "--model", model, "--json"});
  ASSERT_EQ(foreign.exit_code, 0) << foreign.err;
  EXPECT_THAT(foreign.err, HasSubstr(data + ": measured on cpu, gpu, the predictor's device is 'a processor'\n"));
  EXPECT_EQ(lines_of(foreign.out).back()["networks"], 2);

  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  environment.device_name = "cpu";
  LayerTimePredictor(environment, {sum_models(LayerKind::kPool2d, 0.25F)}).save(model);
  const ToolRun own = run({"evaluate", "--data", data, "--model", model, "--json"});
  EXPECT_THAT(own.err, HasSubstr("compared are networks of 'cpu', the predictor's device; --device takes: cpu, gpu\n"));
  EXPECT_EQ(lines_of(own.out).back()["networks"], 1);
  EXPECT_EQ(lines_of(own.out).front()["device"], "cpu");
  const ToolRun asked = run({"evaluate", "--data", data, "--model", model, "--json", "--device", "gpu"});
  EXPECT_THAT(asked.err, HasSubstr("measured on gpu, the predictor's device is 'cpu'\n"));
  EXPECT_EQ(lines_of(asked.out).front()["device"], "gpu");
  EXPECT_EQ(run({"evaluate", "--data", data, "--model", model, "--device", "cpu"}).err, "");
}

TEST_F(LayersTable, OfNetworksAreComparedAtTheBatchSizesAskedFor) {
  std::string text = kNetworkTable;
  text += "gpu,small,4,1,pool,6,2,8,2,0,,,,40\n";
  const std::string data = write("networks.csv", text), model = write_predictor("p", {LayerKind::kPool2d});
  const auto run_with = [&](const std::string& batches) {
    return run({"evaluate", "--data", data, "--model", model, "--device", "gpu", "--json", "--batches", batches});
  };
  EXPECT_EQ(lines_of(run_with("2,4").out).back()["networks"], 2);
  const std::vector<json> lines = lines_of(run_with("4").out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["batch"], 4);
  const ToolRun none = run_with("3");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("networks.csv: no network of batch size 3 (there are: 2, 4)"));
}

// Layers' times are made up without noise: errors of the median, whose intervals the held-out layers narrow.
TEST_F(LayersTable, GiveIntervalsOfNetworks) {
  const std::string data = write_calls("dense.csv", LayerKind::kDense), model = folder_ + "m.safetensors";
  const std::vector<std::string> train = {"train",  "--layer",    "dense",   "--data",  data,  "--learner",
                                          "forest", "--features", "physics", "--model", model, "--json"};
  const auto with = [&train](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = train;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  const ToolRun cautious = with({});
  ASSERT_EQ(cautious.exit_code, 0) << cautious.err;
  EXPECT_EQ(json::parse(cautious.out)["network_interval"]["num_networks"], 0);
  EXPECT_EQ(LayerTimePredictor::load(model).network_interval().num_networks, 0U);

  const ToolRun fitted = with({"--network-intervals", "held-out"});
  ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  EXPECT_EQ(json::parse(fitted.out)["network_interval"]["num_networks"], 1000);
  const NetworkInterval kept = LayerTimePredictor::load(model).network_interval();
  EXPECT_EQ(kept.num_networks, 1000U);
  EXPECT_LT(kept.correlation, 1);

  std::string networks = "device,network,batchsize,layer,op,dim_input,dim_output,activation_fct,time_median_ms\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = (i < 10 ? "gpu,net" : "cpu,net") + std::to_string(i);
    for (const char* layer : {",8,1,dense,", ",8,2,dense,"}) {
      networks += name + layer + std::to_string(8 + 5 * i) + ",4,1,0.1\n";
    }
  }
  const std::string table = write("networks.csv", networks);
  const ToolRun measured = with({"--interval-networks", table, "--device", "gpu"});
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  EXPECT_EQ(LayerTimePredictor::load(model).network_interval().num_networks, 10U);

  const struct {
    std::vector<std::string> more;
    int exit_code;
    const char* says;
  } bads[] = {
      {{"--interval-networks", table}, 1, "networks of several devices (cpu, gpu); --device names that"},
      {{"--interval-networks", table, "--device", "cpu"},
       1,
       "2 networks are too few for intervals at level 0.9, it takes 9; '"},
      {{"--interval-networks", data}, 1, "holds layers as whole calls, where networks layer by layer are wanted"},
      {{"--network-intervals", "held-out", "--held-out", "0"}, 2, "held-out, but --held-out is 0"},
      {{"--network-intervals", "held-out", "--interval-networks", table}, 2, "excludes"},
      {{"--network-intervals", "narrow"}, 2, "narrow"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    const ToolRun failed = with(bad.more);
    EXPECT_EQ(failed.exit_code, bad.exit_code);
    EXPECT_THAT(failed.err, HasSubstr(bad.says));
    EXPECT_EQ(failed.out, "");
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

}  // namespace
}  // namespace perfmodel
