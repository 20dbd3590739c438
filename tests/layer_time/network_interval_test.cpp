#include "perfmodel/layer_time/network_interval.h"

#include <cmath>
#include <cstdio>

#include "expect_error.h"
#include "network_fixture.h"
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
  EXPECT_PM_ERROR(fit_network_interval(sum_predictor(), networks), ErrorCode::kUnsupported, "three phases");
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  ModelInfo info = models.phases[1].info();
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
  models.phases[1] = models.phases[1].with_info(info);
  const LayerTimePredictor unsure(call_predictor().environment(), {models});
  EXPECT_PM_ERROR(fit_network_interval(unsure, networks), ErrorCode::kInvalidArgument,
                  "the model for layer kind 'dense' has no interval");
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

TEST(NetworksOfLayers, NeedTwoLayersOfOneBatchSize) {
  const std::vector<LayerRow> one(1, measured_layers()[0]);
  EXPECT_PM_ERROR(networks_of_layers({}, 1, 0), ErrorCode::kInvalidArgument, "no two layers of one batch size");
  EXPECT_PM_ERROR(networks_of_layers(one, 1, 0), ErrorCode::kInvalidArgument, "no two layers of one batch size");
}

}  // namespace
}  // namespace perfmodel
