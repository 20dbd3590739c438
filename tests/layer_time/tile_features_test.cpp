#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_features.h"
#include "predictor_fixture.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr FeatureSet kTiles = FeatureSet::kPhysicsTiles;

double feature(const LayerSpec& layer, const std::string& name) {
  const std::vector<std::string>& names = layer_feature_names(kTiles, layer.kind);
  std::vector<double> row(names.size());
  encode_layer(kTiles, layer, {}, row);
  const auto found = std::find(names.begin(), names.end(), name);
  EXPECT_NE(found, names.end()) << name;
  return found == names.end() ? 0 : row[static_cast<std::size_t>(found - names.begin())];
}

// By hand: 10 images of 20 x 20 outputs are M = 4000 = 31 x 128 + 32, K = 3 x 3 x 15 = 135 = 128 + 7, N = 40.
TEST(TileFeatures, TellWhatIsLeftOverOfAMatrixProduct) {
  const LayerSpec layer = conv2d(10, 22, 15, 40, 3);
  EXPECT_EQ(feature(layer, "gemm_m_remainder_32"), 1 + 0);
  EXPECT_EQ(feature(layer, "gemm_m_remainder_64"), 1 + 32);
  EXPECT_EQ(feature(layer, "gemm_m_remainder_128"), 1 + 32);
  EXPECT_EQ(feature(layer, "gemm_k_remainder_32"), 1 + 7);
  EXPECT_EQ(feature(layer, "gemm_k_remainder_128"), 1 + 7);
  EXPECT_EQ(feature(layer, "channels_out_remainder_32"), 1 + 8);
}

// By hand, of the same: 125 x 2 tiles of 32, 63 x 1 of 64 and 32 x 1 of 128.
TEST(TileFeatures, CountSquareTilesAndTheirWaves) {
  const LayerSpec layer = conv2d(10, 22, 15, 40, 3);
  EXPECT_EQ(feature(layer, "num_tiles_32_32"), 250);
  EXPECT_EQ(feature(layer, "num_tiles_64_64"), 63);
  EXPECT_EQ(feature(layer, "num_tiles_128_128"), 32);
  EXPECT_DOUBLE_EQ(feature(layer, "tile_waste_32_32"), 250 * 32 * 32 / (4000.0 * 40));
  EXPECT_DOUBLE_EQ(feature(layer, "tile_waste_128_128"), 32 * 128 * 128 / (4000.0 * 40));
  EXPECT_EQ(feature(layer, "waves_32_14"), 18);  // 17 x 14 = 238
  EXPECT_EQ(feature(layer, "waves_32_28"), 9);   // 8 x 28 = 224
  EXPECT_EQ(feature(layer, "waves_64_56"), 2);   // 63 over 56
  EXPECT_EQ(feature(layer, "waves_128_28"), 2);  // 32 over 28
  EXPECT_EQ(feature(layer, "waves_128_56"), 1);
  EXPECT_DOUBLE_EQ(feature(layer, "wave_waste_64_56"), 112 / 63.0);
  EXPECT_DOUBLE_EQ(feature(layer, "wave_waste_128_56"), 56 / 32.0);
}

TEST(TileFeatures, CountThoseOfEachGroup) {
  LayerSpec layer = conv2d(10, 22, 16, 40, 3);
  layer.groups = 8;  // each a product of 5 columns: one column of tiles
  EXPECT_EQ(feature(layer, "num_tiles_128_128"), 8 * 32);
  EXPECT_EQ(feature(layer, "waves_128_56"), 5);  // 256 over 56
  EXPECT_EQ(feature(layer, "gemm_k_remainder_32"), 1 + 18);
}

// By hand: M = 70, K = 100, N = 300: 3 x 10 tiles of 32, 2 x 5 of 64, 1 x 3 of 128.
TEST(TileFeatures, DescribeDenseLayers) {
  const LayerSpec layer = dense(70, 100, 300);
  EXPECT_EQ(feature(layer, "batch_remainder_64"), 1 + 6);
  EXPECT_EQ(feature(layer, "inputs_remainder_64"), 1 + 36);
  EXPECT_EQ(feature(layer, "waves_32_28"), 2);
  EXPECT_DOUBLE_EQ(feature(layer, "wave_waste_32_28"), 56 / 30.0);
  EXPECT_EQ(feature(layer, "waves_64_14"), 1);
  EXPECT_DOUBLE_EQ(feature(layer, "tile_waste_128_128"), 3 * 128 * 128 / (70.0 * 300));
}

// By hand as in ConvolutionAlgorithms.FourierTakesUnitStrides: products, and transforms of 80 tiles.
TEST(TileFeatures, AddTheTransformsToFourierCosts) {
  EXPECT_EQ(feature(conv2d(3, 36, 2, 4, 5), "fourier_total_flops"), 1 + 8.0 * 3 * 4 * 32 * 17 * 2 * 4 + 25600.0 * 80);
  EXPECT_EQ(feature(conv2d(3, 36, 2, 4, 5, 2), "fourier_total_flops"), 1);  // of stride 2: does not apply
}

TEST(TileFeatures, AreThoseOfPhysicsAndMoreForMatrixProductsOnly) {
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const LayerKind kind = static_cast<LayerKind>(index);
    const std::vector<std::string>& more = layer_feature_names(kTiles, kind);
    for (const std::string& name : layer_feature_names(FeatureSet::kPhysics, kind)) {
      EXPECT_EQ(std::count(more.begin(), more.end(), name), 1) << name;
    }
    const bool is_product = kind == LayerKind::kConv2d || kind == LayerKind::kDense;
    EXPECT_EQ(more.size() > layer_feature_names(FeatureSet::kPhysics, kind).size(), is_product);
  }
}

// The sum of all features, by a predictor that was saved and loaded, is that of encode_layer().
TEST(TileFeatures, AreWhatAPredictorComputes) {
  const Model model = sum_model(kTiles, LayerKind::kConv2d, 1e-6F);
  const LayerTimePredictor predictor(test_environment(), {{LayerKind::kConv2d, kTiles, {model, model, model}}}, {});
  const TemporaryFolder folder;
  predictor.save(folder.file("predictor"));
  const LayerTimePredictor loaded = LayerTimePredictor::load(folder.file("predictor"));
  EXPECT_EQ(loaded.features(LayerKind::kConv2d), kTiles);
  const LayerSpec layer = conv2d(10, 22, 15, 40, 3);
  std::vector<double> row(layer_feature_names(kTiles, layer.kind).size());
  encode_layer(kTiles, layer, {}, row);
  double sum = 0;
  for (const double value : row) sum += 1e-6 * value;
  const double relative_float_error = 1e-5;  // the network adds up in single precision
  std::vector<LayerTime> times(1);
  Workspace workspace(loaded.workspace_bytes(1));
  loaded.predict({&layer, 1}, {}, times, workspace).throw_if_error();
  EXPECT_NEAR(times[0].execution().mean_ms, sum, relative_float_error * sum);
}

}  // namespace
}  // namespace perfmodel
