#include "evaluation_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "interval.h"
#include "layer_time/predictor_fixture.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel::tools {
namespace {

using nlohmann::json;

/// A dense layer of 2 x 72 -> 10: 85 times 2, 4 and 6 ms in the sum predictor's three phases, 1020 ms in all.
EvaluatedNetwork evaluated(bool steered, std::vector<double> samples_ms, std::vector<double> disturbed_ms) {
  const Network network("one", {{"x", {2, 72, 1, 1}}}, {{"d", dense(2, 72, 10), {"x"}}});
  NetworkTime predicted = sum_predictor().predict(network);
  predicted.interval_level = 0.9;
  return {network, std::move(predicted), steered, std::move(samples_ms), std::move(disturbed_ms), {}};
}

ProtocolResult layer_result(double pre_ms, double exe_ms, double post_ms) {
  ProtocolResult result;
  for (const double ms : {pre_ms, exe_ms, post_ms}) {
    PhaseSummary phase;
    phase.median_ms = ms;
    result.phases.push_back(phase);
  }
  return result;
}

TEST(EvaluatedNetwork, TakesTheMedianOfUndisturbedSamples) {
  EXPECT_EQ(evaluated(true, {5, 1, 4, 2, 3}, {100, 100}).measured_ms(), 3);
  EXPECT_EQ(evaluated(true, {1, 2}, {100, 101, 102}).measured_ms(), 100);  // too few to go without the others
}

TEST(EvaluatedNetwork, SumsItsLayersByEquation2) {
  const Network chain("chain", {{"x", {2, 72, 1, 1}}},
                      {{"a", dense(2, 72, 10), {"x"}}, {"b", dense(2, 10, 9), {"a"}}, {"c", dense(2, 9, 8), {"b"}}});
  EvaluatedNetwork network = {chain, sum_predictor().predict(chain), true, {1}, {}, {}};
  EXPECT_TRUE(std::isnan(network.sum_of_layers_ms()));
  network.layers = {layer_result(1, 20, 300), layer_result(4, 50, 600), layer_result(7, 80, 900)};
  EXPECT_EQ(network.sum_of_layers_ms(), 1 + 20 + 50 + 80 + 900);
}

// The input comes in once, for the first that reads it; what nobody reads goes out.
TEST(EvaluatedNetwork, SumsABranchedNetworkLikewise) {
  const Network fork("fork", {{"x", {2, 72, 1, 1}}}, {{"a", dense(2, 72, 10), {"x"}}, {"b", dense(2, 72, 9), {"x"}}});
  EvaluatedNetwork network = {fork, sum_predictor().predict(fork), true, {1}, {}, {}};
  network.layers = {layer_result(1, 20, 300), layer_result(4, 50, 600)};
  EXPECT_EQ(network.sum_of_layers_ms(), 1 + 20 + 300 + 50 + 600);
}

// 1020 ms predicted against 1000 and 1020 measured: 2 % and 0 %, mean 1 %; against 2040 measured: 50 %.
TEST(EvaluationReport, HasTheAgreedShape) {
  const std::string text = evaluation_json(
      sum_predictor(), {evaluated(true, {1000}, {}), evaluated(true, {1020}, {}), evaluated(false, {2040}, {})});
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const json line = json::parse(text);
  EXPECT_EQ(line["noise_floor_pct"], 4.5);
  for (const char* kind : {"conv", "pool", "dense"}) {
    for (const char* phase : {"pre", "exe", "post"}) EXPECT_TRUE(line["layer_mape_pct"][kind].contains(phase));
  }
  EXPECT_NEAR(line["network_mape_pct"].get<double>(), 1, 1e-3);
  ASSERT_EQ(line["networks"].size(), 2U);
  EXPECT_EQ(line["networks"][0]["network"], "one");
  EXPECT_EQ(line["networks"][0]["batch"], 2);
  EXPECT_EQ(line["networks"][0]["measured_ms"], 1000);
  EXPECT_NEAR(line["networks"][0]["predicted_ms"].get<double>(), 1020, 1e-2);
  EXPECT_NEAR(line["networks"][0]["ape_pct"].get<double>(), 2, 1e-3);
  // 0.5 to 2 times each phase's 170, 340 and 510 ms; different models' half-widths add by squares.
  EXPECT_NEAR(line["networks"][0]["lower_ms"].get<double>(), 1020 - std::sqrt(14.0) * 85, 1e-2);
  EXPECT_NEAR(line["networks"][0]["upper_ms"].get<double>(), 1020 + std::sqrt(14.0) * 170, 1e-2);
  EXPECT_EQ(line["networks"][0]["interval_level"], 0.9);
  EXPECT_EQ(line["networks"][0]["in_domain"], true);
  EXPECT_EQ(line["networks"][0]["coverage"], json::parse(R"({"layers": 1, "flops": 1, "bytes": 1})"));
  EXPECT_EQ(line["unsteered"]["networks"].size(), 1U);
  EXPECT_NEAR(line["unsteered"]["network_mape_pct"].get<double>(), 50, 1e-3);
}

TEST(EvaluationReport, GivesNullForAConstantPhaseAndTheErrorOfOthers) {
  ModelInfo info = sum_model(FeatureSet::kPaper, LayerKind::kDense, 1).info();
  info.held_out.rows = 10;
  info.held_out.mape_pct = 12.5;
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  models.phases[1] = models.phases[1].with_info(info);
  const json line = json::parse(evaluation_json(LayerTimePredictor(test_environment(), {models}), {}));
  EXPECT_EQ(line["layer_mape_pct"]["dense"]["exe"], 12.5);
  EXPECT_TRUE(line["layer_mape_pct"]["dense"]["post"].is_null());
  EXPECT_TRUE(line["layer_mape_pct"]["conv"]["exe"].is_null());
  EXPECT_TRUE(line["noise_floor_pct"].is_null());
  EXPECT_TRUE(line["network_mape_pct"].is_null());
}

TEST(EvaluationReport, TellsErrorsOfTheKindsThatThereAre) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kSoftmax, 1)});
  const json kinds = json::parse(evaluation_json(predictor, {}))["layer_mape_pct"];
  EXPECT_EQ(kinds.size(), 4u);  // conv, pool and dense always
  EXPECT_TRUE(kinds.contains("softmax"));
}

// Of 2 x 72 values the softmax alone is known: one of two layers, 5 of 5 + 145 x 10 / 72 operations per value.
TEST(EvaluationReport, TellsHowMuchIsCovered) {
  const Network network("two", {{"x", {2, 72, 1, 1}}},
                        {{"s", softmax(2, 1, 72), {"x"}}, {"d", dense(2, 72, 10), {"s"}}});
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kSoftmax, 1)});
  const EvaluatedNetwork each = {network, predictor.predict(network, UnknownKinds::kSkip), true, {1000}, {}, {}};
  const json line = json::parse(evaluation_json(predictor, {each}));
  EXPECT_EQ(line["networks"][0]["coverage"]["layers"], 0.5);
  EXPECT_NEAR(line["networks"][0]["coverage"]["flops"].get<double>(), 720.0 / (720 + 2900), 1e-4);
  ::testing::internal::CaptureStdout();
  print_evaluation({each});
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), ::testing::HasSubstr("50.0 %, 19.9 %, "));
}

TEST(EvaluationReport, TellsWhatLiesOutsideOfWhatWasLearntAndWhatHasNoInterval) {
  EvaluatedNetwork network = evaluated(true, {1000}, {});
  network.predicted.in_domain = false;
  network.predicted.interval_level = 0;
  const json item = json::parse(evaluation_json(sum_predictor(), {network}))["networks"][0];
  EXPECT_EQ(item["in_domain"], false);
  EXPECT_TRUE(item["lower_ms"].is_null());
  EXPECT_TRUE(item["upper_ms"].is_null());
  EXPECT_EQ(item["interval_level"], 0);
  ::testing::internal::CaptureStdout();
  print_evaluation({network});
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), ::testing::HasSubstr("outside what was learnt"));
}

TEST(EvaluationReport, PrintsLayersAndNetworks) {
  EvaluatedNetwork network = evaluated(false, {1000}, {});
  network.layers = {layer_result(170, 680, 510)};
  ::testing::internal::CaptureStdout();
  print_evaluation({network});
  const std::string text = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(text, ::testing::HasSubstr("d exe"));
  EXPECT_THAT(text, ::testing::HasSubstr("50.0"));  // 340 ms predicted for the execution
  EXPECT_THAT(text, ::testing::HasSubstr("one (steered no drawing)"));
  EXPECT_THAT(text, ::testing::HasSubstr("90 % interval ms"));
  EXPECT_THAT(text, ::testing::HasSubstr("covered: layers, flops, bytes"));
  EXPECT_THAT(text, ::testing::HasSubstr("network MAPE: - %\nnetwork MAPE (steered no drawing): 2.0 %\n"));
}

}  // namespace
}  // namespace perfmodel::tools
