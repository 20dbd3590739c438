#include "table_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "layer_time/predictor_fixture.h"

namespace perfmodel::tools {
namespace {

using nlohmann::json;

// The sum models compute in float32; what is printed is rounded.
constexpr double kRounding = 1e-3;

/// Knows pooling and dense layers as whole calls; `level` is that of its intervals.
LayerTimePredictor call_predictor(const std::vector<LayerKind>& kinds, double level = 0.9) {
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  std::vector<LayerTimePredictor::KindModels> models;
  for (const LayerKind kind : kinds) {
    models.push_back(sum_models(kind, kind == LayerKind::kPool2d ? 0.25F : 2.0F));
    ModelInfo info = models.back().phases[1].info();
    info.interval_level = level;
    models.back().phases[1] = models.back().phases[1].with_info(info);
  }
  return LayerTimePredictor(environment, models);
}

std::vector<LayerErrors> evaluate(const LayerTimePredictor& predictor, const LayerTable& table) {
  std::vector<Skipped> skipped;
  return evaluate_layers(predictor, table, skipped);
}

LayerRow call(const LayerSpec& layer, double ms, double spread_ms) {
  LayerRow row;
  row.sample.layer = layer;
  row.phase_ms[1] = ms;
  row.spread_ms = spread_ms;
  return row;
}

// A dense layer of 2 x 72 -> 10 takes 4 x (2 + 72 + 10 + 1) = 340 ms in the predictor, its interval is 170 to 680 ms.
LayerTable call_table() {
  LayerTable table;
  table.environment.timing = LayerTiming::kTotal;
  table.rows = {call(dense(2, 72, 10), 340, 34), call(dense(2, 72, 10), 680, 136)};
  return table;
}

TEST(TableReport, TellsTheErrorsOfWholeCalls) {
  const LayerTimePredictor predictor = call_predictor({LayerKind::kDense});
  const std::vector<LayerErrors> errors = evaluate(predictor, call_table());
  ASSERT_EQ(errors.size(), 1U);
  const std::string text = layer_errors_json(predictor, errors[0]);
  EXPECT_THAT(text, ::testing::StartsWith(R"({"layer":"dense","phase":"total","learner":"sum","features":"paper",)"
                                          R"("rows":2,"mape_pct":25,"rmse_ms":)"));
  const json line = json::parse(text);
  const std::pair<const char*, double> expected[] = {
      {"rmse_ms", 240.416},  {"mae_ms", 170},        {"r2", -1},
      {"within_10_pct", 50}, {"p95_ape_pct", 47.5},  {"coverage_90_pct", 100},
      {"spread_pct", 15},    {"in_domain_pct", 100}, {"interval_width_pct", 150}};
  for (const auto& [key, value] : expected) EXPECT_NEAR(line[key].get<double>(), value, kRounding) << key;
}

TEST(TableReport, TellsNoCoverageOfAnotherLevel) {
  const LayerTimePredictor predictor = call_predictor({LayerKind::kDense}, 0.5);
  LayerTable table = call_table();
  for (LayerRow& row : table.rows) row.spread_ms = 0;
  const json line = json::parse(layer_errors_json(predictor, evaluate(predictor, table)[0]));
  for (const char* key : {"coverage_90_pct", "interval_width_pct", "spread_pct"})
    EXPECT_TRUE(line[key].is_null()) << key;
}

TEST(TableReport, TellsEachPhaseOfACampaign) {
  LayerTable table;
  for (const double reuse_bytes : {1e6, 1e9}) {
    LayerRow row = call(dense(2, 72, 10), 340, 0);
    row.phase_ms[0] = 170;
    row.sample.context.reuse_bytes = reuse_bytes;
    table.rows.push_back(row);
  }
  std::vector<Skipped> skipped;
  const std::vector<LayerErrors> errors = evaluate_layers(sum_predictor(), table, skipped);
  ASSERT_EQ(errors.size(), 2U);  // postprocess takes no time that a clock can tell
  EXPECT_EQ(skipped_text(skipped), "dense post below 1 us (2)");
  EXPECT_EQ(errors[0].phase, Phase::kPreprocess);
  EXPECT_EQ(errors[0].errors.rows, 2U);
  EXPECT_NEAR(errors[1].errors.mape_pct, 0, kRounding);
  EXPECT_EQ(json::parse(layer_errors_json(sum_predictor(), errors[1]))["phase"], "exe");
}

TEST(TableReport, CountsPhasesThatNoClockTells) {
  LayerTable table;
  table.rows = {call(dense(2, 72, 10), 0.0009, 0), call(dense(2, 72, 10), 340, 0)};
  std::vector<Skipped> skipped = {{"no time", 1}};
  const std::vector<LayerErrors> errors = evaluate_layers(sum_predictor(), table, skipped);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].errors.rows, 1U);
  EXPECT_EQ(skipped_text(skipped),
            "no time (1), dense pre below 1 us (2), dense exe below 1 us (1), dense post below 1 us (2)");

  table.rows.pop_back();
  EXPECT_PM_ERROR(evaluate(sum_predictor(), table), ErrorCode::kInvalidArgument,
                  "none of the table's times can be compared: dense pre below 1 us (1), dense exe below 1 us (1)");
}

// A tenth of a microsecond, predicted as 340 ms.
TEST(TableReport, LeavesOutNoWholeCall) {
  const LayerTimePredictor predictor = call_predictor({LayerKind::kDense});
  LayerTable table = call_table();
  table.rows.push_back(call(dense(2, 72, 10), 0.0001, 0));
  std::vector<Skipped> skipped;
  const std::vector<LayerErrors> errors = evaluate_layers(predictor, table, skipped);
  EXPECT_EQ(errors.at(0).errors.rows, 3U);
  EXPECT_EQ(skipped_text(skipped), "");
}

TEST(TableReport, RejectsWhatThePredictorDoesNotAnswer) {
  EXPECT_PM_ERROR(evaluate(sum_predictor(), call_table()), ErrorCode::kMismatch,
                  "the table holds times of whole calls, the predictor was trained on times of three phases");
  EXPECT_PM_ERROR(evaluate(call_predictor({LayerKind::kPool2d}), call_table()), ErrorCode::kUnsupported,
                  "no model for layer kind 'dense'; this predictor knows: pool2d");
  std::vector<Skipped> skipped;
  EXPECT_PM_ERROR(evaluate_networks(sum_predictor(), {}, skipped), ErrorCode::kMismatch, "times of three phases");
}

// Pooling of 2 x 8 x 6 x 6 takes 0.5 x (2 + 36 + 8 + 2 + 0 + 2) = 25 ms in the predictor.
NetworkTable network_table() {
  const LayerSpec pool = pool2d(2, 6, 8, 2, 2);
  NetworkTable table;
  table.networks = {{"gpu", "pools", 2, {pool, pool}, {40, 60}},
                    {"gpu", "mixed", 2, {pool, dense(2, 72, 10)}, {40, 60}}};
  return table;
}

TEST(TableReport, SumsUpNetworks) {
  std::vector<Skipped> skipped;
  const std::vector<TableNetwork> networks =
      evaluate_networks(call_predictor({LayerKind::kPool2d, LayerKind::kDense}), network_table(), skipped);
  EXPECT_TRUE(skipped.empty());
  ASSERT_EQ(networks.size(), 2U);
  // One model's errors are taken to be correlated: 2 x 12.5 to 2 x 50 ms.
  EXPECT_EQ(
      table_network_json(networks[0]),
      R"({"network":"pools","batch":2,"measured_ms":100,"predicted_ms":50,"ape_pct":50,"lower_ms":25,)"
      R"("upper_ms":100,"interval_level":0.9,"in_domain":true,"coverage":{"layers":1,"flops":1,"bytes":1},"device":"gpu"})");
  EXPECT_NEAR(networks[1].predicted.total.mean_ms, 365, kRounding);
  EXPECT_NEAR(networks[1].ape_pct(), 265, kRounding);
}

TEST(TableReport, EndsWithAllNetworks) {
  std::vector<Skipped> skipped = {{"no time", 2}};
  const std::vector<TableNetwork> networks =
      evaluate_networks(call_predictor({LayerKind::kPool2d}), network_table(), skipped);
  EXPECT_EQ(table_networks_json(networks, skipped), R"({"networks":1,"mape_pct":50,"interval_coverage_pct":100,)"
                                                    R"("skipped":{"no model for layer kind 'dense'":1,"no time":2}})");
}

TEST(TableReport, TellsNoIntervalWhereAModelHasNone) {
  std::vector<Skipped> skipped;
  const std::vector<TableNetwork> networks =
      evaluate_networks(call_predictor({LayerKind::kPool2d}, 0), network_table(), skipped);
  const json line = json::parse(table_network_json(networks.at(0)));
  EXPECT_TRUE(line["lower_ms"].is_null());
  EXPECT_TRUE(line["upper_ms"].is_null());
  EXPECT_EQ(line["interval_level"], 0);
}

TEST(TableReport, LeavesOutNetworksOfKindsWithoutAModel) {
  std::vector<Skipped> skipped = {{"no time", 1}};
  EXPECT_EQ(evaluate_networks(call_predictor({LayerKind::kPool2d}), network_table(), skipped).size(), 1U);
  EXPECT_EQ(skipped_text(skipped), "no time (1), no model for layer kind 'dense' (1)");
  EXPECT_PM_ERROR(evaluate_networks(call_predictor({LayerKind::kConv2d}), network_table(), skipped),
                  ErrorCode::kUnsupported,
                  "none of the table's networks can be predicted: no model for layer kind 'pool' (2)");
}

}  // namespace
}  // namespace perfmodel::tools
