#include "perfmodel/layer_time/network_interval.h"

#include <cmath>
#include <cstdio>

#include "expect_error.h"
#include "network_fixture.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/learner.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

// As in network_time_test.cpp: models compute in float32.
constexpr double kFloatRounding = 1e-6;

// Twice the sum of its features, 2 x 72 -> 10 with bias, is 170 ms; 85 to 340 is its interval.
const LayerSpec kLayer = dense(2, 72, 10);
constexpr double kLayerMs = 170;

MeasuredNetwork network_of(std::vector<double> layer_ms) {
  MeasuredNetwork network;
  network.batch = 2;
  network.layers.assign(layer_ms.size(), kLayer);
  network.layer_ms = std::move(layer_ms);
  return network;
}

TimeEstimate total_with(double correlation, double scale) {
  return call_predictor()
      .with_network_interval({correlation, scale, 9})
      .predict_sequence(std::vector<LayerSpec>{kLayer, kLayer, kLayer, kLayer})
      .total;
}

// Half-widths above the mean are 170 for each of four layers: added up 680, by squares 340, half of both squares
// sqrt((680^2 + 340^2) / 2) = 537.59.
TEST(NetworkInterval, AddsErrorsAsTheyCorrelate) {
  EXPECT_NEAR(total_with(1, 1).upper_ms, 4 * kLayerMs + 680, 1360 * kFloatRounding);
  EXPECT_NEAR(total_with(0, 1).upper_ms, 4 * kLayerMs + 340, 1360 * kFloatRounding);
  EXPECT_NEAR(total_with(0.5, 1).upper_ms, 4 * kLayerMs + 537.587, 1e-2);
  EXPECT_NEAR(total_with(0, 1).lower_ms, 4 * kLayerMs - 170, 1360 * kFloatRounding);
}

TEST(NetworkInterval, IsScaledAndNeverBelowZero) {
  EXPECT_NEAR(total_with(0, 1.5).upper_ms, 4 * kLayerMs + 510, 1360 * kFloatRounding);
  EXPECT_EQ(total_with(0, 100).lower_ms, 0);
  EXPECT_NEAR(total_with(0, 100).mean_ms, 4 * kLayerMs, 1360 * kFloatRounding);
}

TEST(NetworkInterval, RefusesWhatIsNone) {
  const LayerTimePredictor predictor = call_predictor();
  for (const NetworkInterval& bad :
       {NetworkInterval{-0.1, 1, 9}, NetworkInterval{1.1, 1, 9}, NetworkInterval{1, 0, 9},
        NetworkInterval{std::nan(""), 1, 9}, NetworkInterval{1, INFINITY, 9}, NetworkInterval{1, 1, 0}}) {
    EXPECT_PM_ERROR(predictor.with_network_interval(bad), ErrorCode::kInvalidArgument, "allowed are 0 to 1, above 0");
  }
}

TEST(NetworkInterval, IsSavedWithThePredictor) {
  const std::string path = temporary_path("network_interval_test.safetensors");
  call_predictor().save(path);
  EXPECT_EQ(LayerTimePredictor::load(path).network_interval().num_networks, 0U);
  call_predictor().with_network_interval({0.25, 1.5, 12}).save(path);
  const NetworkInterval loaded = LayerTimePredictor::load(path).network_interval();
  EXPECT_EQ(loaded.correlation, 0.25);
  EXPECT_EQ(loaded.scale, 1.5);
  EXPECT_EQ(loaded.num_networks, 12U);
  std::remove(path.c_str());
}

TEST(FitNetworkInterval, FindsErrorsThatGoTogether) {
  const std::vector<MeasuredNetwork> alike(10, network_of({187, 187, 187}));
  EXPECT_NEAR(fit_network_interval(call_predictor(), alike).correlation, 1, 1e-4);
  const std::vector<MeasuredNetwork> opposite(10, network_of({187, 161.5}));  // a tenth of either half-width
  EXPECT_EQ(fit_network_interval(call_predictor(), opposite).correlation, 0);
  EXPECT_EQ(fit_network_interval(call_predictor(), opposite).num_networks, 10U);
}

// Networks of one layer, whose half-width above is 170: of 9 errors of 17, 34, ... 153 at level 0.9 the largest.
TEST(FitNetworkInterval, MakesIntervalsHoldNetworks) {
  std::vector<MeasuredNetwork> networks;
  for (int i = 1; i <= 9; ++i) networks.push_back(network_of({kLayerMs + 17 * i}));
  const NetworkInterval interval = fit_network_interval(call_predictor(), networks);
  EXPECT_NEAR(interval.scale, 0.9, 1e-5);
  EXPECT_EQ(interval.correlation, 1);  // no pairs to tell
  networks.pop_back();
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), networks), ErrorCode::kInvalidArgument,
                  "8 networks are too few for intervals at level 0.9, it takes 9");
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), {}), ErrorCode::kInvalidArgument, "0 networks are too few");
}

TEST(FitNetworkInterval, NeedsWholeCallsAndIntervals) {
  const std::vector<MeasuredNetwork> networks(10, network_of({180}));
  EXPECT_PM_ERROR(fit_network_interval(sum_predictor(), networks), ErrorCode::kMismatch,
                  "its times are 'total', those of the predictor 'phases'");
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  ModelInfo info = models.phases[1].info();
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
  models.phases[1] = models.phases[1].with_info(info);
  const LayerTimePredictor unsure(call_predictor().environment(), {models});
  EXPECT_PM_ERROR(fit_network_interval(unsure, networks), ErrorCode::kInvalidArgument,
                  "the model for layer kind 'dense', phase total, has no interval");
}

TEST(FitNetworkInterval, RefusesNetworksThatAreNotWhole) {
  const auto with = [](const MeasuredNetwork& odd) {
    std::vector<MeasuredNetwork> networks(10, network_of({180, 180}));
    networks.back() = odd;
    networks.back().name = "odd";
    return networks;
  };
  MeasuredNetwork short_of_times = network_of({180, 180}), short_of_contexts = short_of_times;
  short_of_times.layer_ms.pop_back();
  short_of_contexts.contexts = {{1e6}};
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), with(short_of_times)), ErrorCode::kInvalidArgument,
                  "network 'odd': 2 layers, 1 times and 0 contexts");
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), with(short_of_contexts)), ErrorCode::kInvalidArgument,
                  "network 'odd': 2 layers, 2 times and 1 contexts");
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), with({})), ErrorCode::kInvalidArgument, "0 layers");
}

// sum_predictor() takes 170, 340 and 510 ms for the phases of kLayer, each up to twice that. One layer, all three
// phases longer by i tenths of their half-widths: errors of i (17 + 34 + 51) = 102 i beside sqrt(170^2 + 340^2 + 510^2)
// = 636.08.
TEST(FitNetworkInterval, AddsUpThreePhases) {
  std::vector<MeasuredNetwork> networks;
  for (int i = 1; i <= 9; ++i) {
    MeasuredNetwork network = network_of({340 + 34.0 * i});
    network.timing = LayerTiming::kPhases;
    network.preprocess_ms = 170 + 17.0 * i;
    network.postprocess_ms = 510 + 51.0 * i;
    network.contexts = {{1e6}};
    networks.push_back(network);
  }
  EXPECT_EQ(networks.back().total_ms(), 1020 + 9 * 102);
  const NetworkInterval interval = fit_network_interval(sum_predictor(), networks);
  EXPECT_NEAR(interval.scale, 9 * 102 / 636.08, 1e-4);
  const LayerTimePredictor fitted = sum_predictor().with_network_interval(interval);
  EXPECT_NEAR(fitted.predict_sequence(std::vector<LayerSpec>{kLayer}).total.upper_ms, 1020 + 9 * 102, 1e-2);
  EXPECT_PM_ERROR(fit_network_interval(call_predictor(), networks), ErrorCode::kMismatch,
                  "its times are 'phases', those of the predictor 'total'");
}

std::vector<LayerRow> measured_layers() {
  std::vector<LayerRow> rows;
  for (std::int64_t i = 0; i < 60; ++i) {
    LayerRow row;
    row.sample.layer = i % 2 == 0 ? dense(i % 3 + 1, i + 1, 10) : pool2d(i % 3 + 1, i + 4, 3, 2, 2);
    row.phase_ms[static_cast<int>(Phase::kExecution)] = static_cast<double>(i + 1);
    rows.push_back(row);
  }
  return rows;
}

TEST(NetworksOfLayers, HaveOneBatchSizeAndTheirLayersTimes) {
  const std::vector<MeasuredNetwork> networks = networks_of_layers(measured_layers(), 50, 1);
  ASSERT_EQ(networks.size(), 50U);
  for (const MeasuredNetwork& network : networks) {
    EXPECT_GE(network.layers.size(), 2U);
    EXPECT_LE(network.layers.size(), 16U);
    ASSERT_EQ(network.layers.size(), network.layer_ms.size());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      const LayerSpec& layer = network.layers[i];
      EXPECT_EQ(layer.batch, network.batch);
      const bool is_dense = layer.kind == LayerKind::kDense;
      EXPECT_EQ(network.layer_ms[i], static_cast<double>(is_dense ? layer.channels_in : layer.input.height - 3));
    }
  }
}

TEST(NetworksOfLayers, DependOnTheSeedAlone) {
  const auto layers_of = [](std::uint64_t seed) {
    std::vector<LayerSpec> layers;
    for (const MeasuredNetwork& network : networks_of_layers(measured_layers(), 10, seed)) {
      layers.insert(layers.end(), network.layers.begin(), network.layers.end());
    }
    return layers;
  };
  EXPECT_EQ(layers_of(1), layers_of(1));
  EXPECT_NE(layers_of(1), layers_of(2));
}

TEST(NetworksOfLayers, OfThreePhasesHaveFirstAndLastOnes) {
  std::vector<LayerRow> rows = measured_layers();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].phase_ms[0] = 1000 + rows[i].phase_ms[1];
    rows[i].phase_ms[2] = 2000 + rows[i].phase_ms[1];
    rows[i].sample.context.reuse_bytes = 1e6 * rows[i].phase_ms[1];
  }
  for (const MeasuredNetwork& network : networks_of_layers(rows, 50, 1, LayerTiming::kPhases)) {
    EXPECT_EQ(network.timing, LayerTiming::kPhases);
    EXPECT_EQ(network.preprocess_ms, 1000 + network.layer_ms.front());
    EXPECT_EQ(network.postprocess_ms, 2000 + network.layer_ms.back());
    ASSERT_EQ(network.contexts.size(), network.layers.size());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      EXPECT_EQ(network.contexts[i].reuse_bytes, 1e6 * network.layer_ms[i]);
    }
  }
  EXPECT_TRUE(networks_of_layers(rows, 1, 1)[0].contexts.empty());
}

LayerTable timed_layers(LayerTiming timing) {
  LayerTable table;
  table.environment = test_environment();
  table.environment.timing = timing;
  Random random(4);
  for (std::int64_t i = 0; i < 600; ++i) {
    LayerRow row;
    row.sample.layer = dense(1, i % 50 + 1, 10);
    for (double& ms : row.phase_ms) ms = random.uniform(1, 2);
    table.rows.push_back(row);
  }
  return table;
}

// Errors of independent times: far from those of one model that errs alike. 20 % of 600 rows are held out.
TEST(FitNetworkIntervalToHeldOut, FindsWhatLayersTell) {
  for (const LayerTiming timing : {LayerTiming::kPhases, LayerTiming::kTotal}) {
    SCOPED_TRACE(layer_timing_name(timing));
    const LayerTable table = timed_layers(timing);
    FitPredictorOptions options;
    EXPECT_EQ(held_out_layers(table, options).size(), 120U);
    const LayerTimePredictor predictor = fit_layer_time_predictor(table, ConstantLearner(), options).predictor;
    const NetworkInterval interval = fit_network_interval_to_held_out(predictor, table, options);
    EXPECT_EQ(interval.num_networks, 1000U);
    EXPECT_LT(interval.correlation, 0.3);
    EXPECT_GT(interval.scale, 0.3);
    EXPECT_LT(interval.scale, 3);
    const NetworkInterval again = fit_network_interval_to_held_out(predictor, table, options);
    EXPECT_EQ(again.scale, interval.scale);
    options.held_out_fraction = 0;
    EXPECT_PM_ERROR(fit_network_interval_to_held_out(predictor, table, options), ErrorCode::kInvalidArgument,
                    "held_out_fraction is 0: no layers were held out");
  }
}

TEST(NetworksOfLayers, NeedTwoLayersOfOneBatchSize) {
  const std::vector<LayerRow> one(1, measured_layers()[0]);
  EXPECT_PM_ERROR(networks_of_layers({}, 1, 0), ErrorCode::kInvalidArgument, "no two layers of one batch size");
  EXPECT_PM_ERROR(networks_of_layers(one, 1, 0), ErrorCode::kInvalidArgument, "no two layers of one batch size");
}

}  // namespace
}  // namespace perfmodel
