// perfmodel-layers on networks that were timed from end to end, and with what another device answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/network_correction.h"
#include "run_tool.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// In percent. Answers are sums in float32, and the fit of costs stops at 1e-6 of its optimum.
constexpr double kFitError = 0.1;

class LayersCorrect : public ::testing::Test {
 protected:
  static ToolRun run(const std::vector<std::string>& arguments) { return run_tool(PERFMODEL_LAYERS_TOOL, arguments); }

  LayersCorrect() { sum_predictor().save(model_); }

  /// Networks of one to four dense layers on a device that needs 500 ms for a run, 20 for each layer and half of what
  /// the layers take alone. The last line has no time.
  void write_networks(std::size_t count) const {
    CsvTable csv;
    csv.columns = {"net_id", "batchsize", "layers", "time_median_ms"};
    Random random(3);
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t width = random.integer(1, 200);
      std::string list = "IN:2 1 " + std::to_string(width);
      std::vector<LayerSpec> layers;
      for (std::int64_t left = random.integer(1, 4); left > 0; --left) {
        const std::int64_t units = random.integer(1, 200);
        list += ";FC:2 1 " + std::to_string(width) + " " + std::to_string(units) + " 0 1";
        layers.push_back(dense(2, width, units));
        width = units;
      }
      const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
      const double time_ms = 500 + 20 * static_cast<double>(layers.size()) + 0.5 * sum_ms;
      csv.rows.push_back({std::to_string(i), "2", list, format_number(time_ms)});
    }
    csv.rows.push_back({"untimed", "2", "IN:2 1 3;FC:2 1 3 4 0 1", ""});
    write_csv(csv, data_);
  }

  std::vector<std::string> correct(const std::string& output, const std::string& seed = "0") const {
    return {"correct", "--model", model_,      "--data",        data_,    "--output",
            output,    "--json",  "--learner", "additive_cost", "--seed", seed};
  }

  const std::string folder_ = test_folder();
  const std::string model_ = folder_ + "p.safetensors", data_ = folder_ + "networks.csv",
                    correction_ = folder_ + "c.safetensors";
};

TEST_F(LayersCorrect, LearnsWhatARunCostsBesidesItsLayers) {
  write_networks(150);
  const ToolRun done = run(correct(correction_));
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.err, data_ + ": networks: left out: no time (1)\n");
  const json report = json::parse(done.out), held_out = report["held_out"];
  EXPECT_EQ(report["learner"], "additive_cost");
  EXPECT_EQ(report["num_networks"], 100);
  EXPECT_EQ(held_out["networks"], 50);
  EXPECT_LT(held_out["mape_pct"], kFitError);
  EXPECT_GT(held_out["one_factor_mape_pct"], 2);
  EXPECT_GT(held_out["sum_mape_pct"], held_out["one_factor_mape_pct"]);
  EXPECT_EQ(held_out["interval_level"], 0.9);
  EXPECT_GE(held_out["interval_coverage_pct"], 50);
  EXPECT_LT(held_out["interval_width_pct"], kFitError);
  const NetworkCorrection correction = NetworkCorrection::load(correction_);
  const std::vector<LayerSpec> layers = {dense(2, 72, 10)};
  const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
  EXPECT_NEAR(correction.predict(sum_predictor(), layers).total.mean_ms, 520 + 0.5 * sum_ms, 2);
}

TEST_F(LayersCorrect, HoldsOutByItsSeed) {
  write_networks(60);
  const std::string again = folder_ + "again", other = folder_ + "other";
  const json first = json::parse(run(correct(correction_)).out)["held_out"];
  EXPECT_EQ(json::parse(run(correct(again)).out)["held_out"], first);
  EXPECT_EQ(read_file(again), read_file(correction_));
  EXPECT_NE(json::parse(run(correct(other, "1")).out)["held_out"]["sum_mape_pct"], first["sum_mape_pct"]);
}

TEST_F(LayersCorrect, PrintsATableForPeople) {
  write_networks(60);
  std::vector<std::string> arguments = correct(correction_);
  arguments.erase(std::find(arguments.begin(), arguments.end(), "--json"));
  const ToolRun done = run(arguments);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, ::testing::StartsWith("additive_cost on 40 networks, "));
  for (const char* says : {"20 held-out networks", "sum of layers", "sum x ", "corrected"}) {
    EXPECT_THAT(done.out, HasSubstr(says));
  }
}

TEST_F(LayersCorrect, EvaluatesACorrection) {
  write_networks(60);
  ASSERT_EQ(run(correct(correction_)).exit_code, 0);
  const std::vector<std::string> evaluate = {"evaluate", "--data",       data_,      "--model",
                                             model_,     "--correction", correction_};
  std::vector<std::string> as_json = evaluate;
  as_json.emplace_back("--json");
  const ToolRun done = run(as_json);
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("left out: no time (1)"));
  EXPECT_EQ(std::count(done.out.begin(), done.out.end(), '\n'), 61);
  EXPECT_THAT(done.out, ::testing::StartsWith(R"({"network":"0","batch":2,"measured_ms":)"));
  const json network = json::parse(done.out.substr(0, done.out.find('\n')));
  EXPECT_LT(network["ape_pct"], kFitError);
  EXPECT_GT(std::abs(network["sum_ms"].get<double>() / network["measured_ms"].get<double>() - 1), 0.1);
  EXPECT_LE(network["lower_ms"], network["predicted_ms"]);
  EXPECT_EQ(network["coverage"]["layers"], 1);
  const json line = json::parse(last_line(done.out));
  EXPECT_EQ(line["networks"], 60);
  EXPECT_EQ(line["corrected"], true);
  EXPECT_LT(line["mape_pct"], kFitError);
  EXPECT_TRUE(line["one_factor_mape_pct"].is_null());
  EXPECT_EQ(line["skipped"], json({{"no time", 1}}));
  EXPECT_THAT(run(evaluate).out, ::testing::StartsWith("60 networks"));
}

TEST_F(LayersCorrect, EvaluatesTheSumWithoutACorrection) {
  write_networks(30);
  const ToolRun done = run({"evaluate", "--data", data_, "--model", model_, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json network = json::parse(done.out.substr(0, done.out.find('\n')));
  EXPECT_EQ(network["predicted_ms"], network["sum_ms"]);
  const json line = json::parse(last_line(done.out));
  EXPECT_EQ(line["corrected"], false);
  EXPECT_EQ(line["mape_pct"], line["sum_mape_pct"]);
  EXPECT_EQ(line["interval_level"], 0.9);
  const ToolRun people = run({"evaluate", "--data", data_, "--model", model_});
  EXPECT_THAT(people.out, HasSubstr("sum of layers"));
  EXPECT_THAT(people.out, ::testing::Not(HasSubstr("corrected")));
}

TEST_F(LayersCorrect, ComparesTheBatchSizesAskedFor) {
  write_networks(30);
  const ToolRun done = run({"evaluate", "--data", data_, "--model", model_, "--json", "--batches", "1,2"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json::parse(last_line(done.out))["networks"], 30);
  const ToolRun none = run({"evaluate", "--data", data_, "--model", model_, "--batches", "4"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("networks.csv: no network of batch size 4 (there are: 2)"));
}

// Two networks begin with a pooling, which the predictor of dense layers does not know.
TEST_F(LayersCorrect, LeavesOutNetworksOfUnknownKinds) {
  write_networks(60);
  CsvTable csv = read_csv(data_);
  for (const char* name : {"pooled", "pooled too"}) {
    csv.rows.push_back({name, "2", "IN:2 8 3;P:2 8 3 2 2 0;FC:2 16 3 4 0 1", "100"});
  }
  write_csv(csv, data_);
  const std::string dense = folder_ + "dense.safetensors";
  LayerTimePredictor(test_environment(), {sum_models(LayerKind::kDense, 2)}).save(dense);
  const std::string says = data_ + ": networks: left out: no time (1), no model for layer kind 'pool' (2)\n" + data_ +
                           ": networks without a model for a layer: pooled, pooled too\n";
  std::vector<std::string> arguments = correct(correction_);
  arguments[2] = dense;
  const ToolRun corrected = run(arguments);
  ASSERT_EQ(corrected.exit_code, 0) << corrected.err;
  EXPECT_EQ(corrected.err, says);
  const json skipped = {{"no time", 1}, {"no model for layer kind 'pool'", 2}};
  EXPECT_EQ(json::parse(corrected.out)["held_out"]["skipped"], skipped);
  const ToolRun evaluated = run({"evaluate", "--data", data_, "--model", dense, "--correction", correction_, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_EQ(evaluated.err, says);
  EXPECT_EQ(json::parse(last_line(evaluated.out))["networks"], 60);
  EXPECT_EQ(json::parse(last_line(evaluated.out))["skipped"], skipped);

  LayerTimePredictor(test_environment(), {sum_models(LayerKind::kPool2d, 2)}).save(dense);
  for (const std::vector<std::string>& none :
       {arguments, {"evaluate", "--data", data_, "--model", dense, "--correction", correction_}}) {
    const ToolRun failed = run(none);
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_THAT(failed.err,
                HasSubstr("none of the table's networks can be predicted: no model for layer kind 'dense'"));
    EXPECT_EQ(std::count(failed.err.begin(), failed.err.end(), '\n'), 1) << failed.err;
  }
}

TEST_F(LayersCorrect, SaysWhatATableOfTimedNetworksTakes) {
  write_networks(30);
  const std::string layers = folder_ + "dense.csv";
  write_file_atomically(layers, "batchsize,dim_input,dim_output,activation_fct,time_median_ms\n2,72,10,0,340\n");
  const struct {
    std::vector<std::string> arguments;
    const char* says;
  } bads[] = {
      {{"--data", data_, "--device", "tpu"}, "--device: 'tpu' takes no part"},
      {{"--data", data_, "--layer", "conv"}, "--layer: 'conv' takes no part"},
      {{"--data", layers, "--correction", "c"}, "holds no networks timed from end to end"},
      {{"--correction", "c"}, "--correction requires --data"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    std::vector<std::string> arguments = {"evaluate", "--model", model_};
    arguments.insert(arguments.end(), bad.arguments.begin(), bad.arguments.end());
    const ToolRun wrong = run(arguments);
    EXPECT_EQ(wrong.exit_code, 2) << wrong.err;
    EXPECT_THAT(wrong.err, HasSubstr(bad.says));
    EXPECT_EQ(std::count(wrong.err.begin(), wrong.err.end(), '\n'), 1) << wrong.err;
  }
}

TEST_F(LayersCorrect, FailsWithOneLine) {
  write_networks(30);
  const std::string nowhere = "/nowhere/c.safetensors";
  const ToolRun failed = run(correct(nowhere));
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_EQ(failed.err, "perfmodel-layers: cannot write '" + nowhere + "': there is no folder '/nowhere'\n");
  const ToolRun other = run({"evaluate", "--data", data_, "--model", model_, "--correction", model_});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("the file holds no 'network_correction', but 'predictor'"));
}

/// Dense layers that take three times what the source says.
std::string layers_of_slower_device(std::size_t count) {
  std::string text = "batchsize,dim_input,dim_output,activation_fct,time_median_ms\n";
  Random random(5);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t inputs = random.integer(1, 2000), outputs = random.integer(1, 2000);
    const double ms = 3 * 4 * static_cast<double>(2 + inputs + outputs + 1);
    text += "2," + std::to_string(inputs) + "," + std::to_string(outputs) + ",0," + format_number(ms) + "\n";
  }
  return text;
}

// The paper's features hold no costs: what the source answers is all that additive_cost has.
TEST_F(LayersCorrect, TrainsOnWhatAnotherDeviceAnswers) {
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  const std::string source = folder_ + "source", data = folder_ + "dense.csv", model = folder_ + "m";
  LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 2)}).save(source);
  write_file_atomically(data, layers_of_slower_device(60));
  std::vector<std::string> train = {"train", "--layer",    "dense", "--data", data,        "--model",
                                    model,   "--features", "paper", "--json", "--learner", "additive_cost"};
  const auto mape_pct = [&] {
    const ToolRun trained = run(train);
    EXPECT_EQ(trained.exit_code, 0) << trained.err;
    return json::parse(trained.out)["held_out"][0]["mape_pct"].get<double>();
  };
  EXPECT_EQ(run(train).exit_code, 1);
  train.insert(train.end(), {"--source", source});
  EXPECT_LT(mape_pct(), kFitError);
  train.back() = model_;
  const ToolRun refused = run(train);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("the source's times are 'phases', those of the table 'total'"));
}

TEST_F(LayersCorrect, SaysWhichKindsASourceDoesNotKnow) {
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  const std::string source = folder_ + "source", data = folder_ + "dense.csv", pool = folder_ + "pool.csv";
  LayerTimePredictor(environment, {sum_models(LayerKind::kPool2d, 2)}).save(source);
  write_file_atomically(data, layers_of_slower_device(60));
  std::string rows = "batchsize,matsize,poolsize,channels_in,strides,padding,time_median_ms\n";
  for (int i = 1; i <= 60; ++i) rows += "2," + std::to_string(8 + i) + ",2,8,2,0," + std::to_string(i) + "\n";
  write_file_atomically(pool, rows);
  std::vector<std::string> train = {"train",   "--layer",     "dense",      "--data", data,
                                    "--model", folder_ + "m", "--features", "paper",  "--source",
                                    source,    "--learner",   "constant"};
  const ToolRun useless = run(train);
  EXPECT_EQ(useless.exit_code, 1);
  EXPECT_THAT(useless.err, HasSubstr("the source knows none of the table's layer kinds; it knows: pool2d"));
  train.insert(train.end(), {"--layer", "pool", "--data", pool});
  const ToolRun partly = run(train);
  EXPECT_EQ(partly.exit_code, 0) << partly.err;
  EXPECT_THAT(partly.err, HasSubstr("--source: knows no dense, which is fitted without\n"));
}

}  // namespace
}  // namespace perfmodel
