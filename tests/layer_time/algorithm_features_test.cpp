#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "layer_time/convolution_algorithms.h"
#include "perfmodel/layer_time/layer_features.h"

namespace perfmodel {
namespace {

double feature(const LayerSpec& layer, const std::string& name) {
  const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysics, layer.kind);
  std::vector<double> row(names.size());
  encode_layer(FeatureSet::kPhysics, layer, {}, row);
  const auto found = std::find(names.begin(), names.end(), name);
  EXPECT_NE(found, names.end()) << name;
  return row[static_cast<std::size_t>(found - names.begin())];
}

// By hand: 10 images of 5 x 5 outputs are M = 250, N = 40: 2 x 2 tiles of 128 x 32.
TEST(AlgorithmFeatures, CountTilesAndWhatTheyWaste) {
  const LayerSpec layer = conv2d(10, 5, 16, 40, 1);
  EXPECT_EQ(feature(layer, "num_tiles_128_32"), 4);
  EXPECT_EQ(feature(layer, "num_tiles_64_64"), 4);
  EXPECT_EQ(feature(layer, "num_tiles_128_64"), 2);
  EXPECT_DOUBLE_EQ(feature(layer, "tile_waste_128_32"), 4 * 128 * 32 / (250.0 * 40));
  LayerSpec grouped = layer;
  grouped.groups = 8;  // each a product of 5 columns
  EXPECT_EQ(feature(grouped, "num_tiles_128_32"), 8 * 2);
  EXPECT_EQ(feature(dense(33, 100, 129), "num_tiles_32_128"), 4);
}

TEST(AlgorithmFeatures, TellHowFarSizesAreFromWholeVectors) {
  const LayerSpec layer = conv2d(9, 35, 20, 70, 1);
  EXPECT_EQ(feature(layer, "channels_in_remainder_8"), 1 + 4);
  EXPECT_EQ(feature(layer, "channels_out_remainder_64"), 1 + 6);
  EXPECT_EQ(feature(layer, "output_width_remainder_32"), 1 + 3);
  EXPECT_EQ(feature(layer, "batch_remainder_8"), 1 + 1);
}

// TensorFlow's SAME of 4 x 4 with kernel 2: one row below, one column to the right.
TEST(AlgorithmFeatures, TellUnevenPaddingAndTheCopyItNeeds) {
  LayerSpec layer = conv2d(3, 4, 2, 5, 2);
  EXPECT_EQ(feature(layer, "with_uneven_padding"), 1);
  EXPECT_EQ(feature(layer, "padded_input_bytes"), 1);
  layer.pads = same_pads(layer.input, layer.kernel, layer.stride);
  EXPECT_EQ(feature(layer, "with_uneven_padding"), 2);
  EXPECT_EQ(feature(layer, "padding_rows"), 1 + 1);
  EXPECT_EQ(feature(layer, "padded_input_bytes"), 1 + 4 * 3 * 2 * 5 * 5);
}

// By hand: 7 rows, windows of 2 every 3: rows 0 1, 3 4; row 6 lies below the last window, row 2 and 5 between.
TEST(AlgorithmFeatures, TellWhatOfAnInputNoWindowCovers) {
  const LayerSpec layer = pool2d(2, 7, 3, 2, 3);
  EXPECT_EQ(feature(layer, "unused_rows"), 1 + 2);
  EXPECT_EQ(feature(layer, "window_bytes"), 4 * 2 * 3 * 4 * 4);
}

// By hand: 6 x 6 outputs are 3 x 3 tiles of 2 x 2 or 2 x 2 tiles of 4 x 4; a tile takes 4 x 4 or 6 x 6 products.
TEST(ConvolutionAlgorithms, WinogradTakesThreeByThreeOnly) {
  const LayerSpec layer = conv2d(2, 8, 5, 7, 3);
  EXPECT_EQ(winograd_flops(layer, 2), 2 * 2 * 9 * 16 * 5 * 7);
  EXPECT_EQ(winograd_flops(layer, 4), 2 * 2 * 4 * 36 * 5 * 7);
  EXPECT_EQ(winograd_flops(conv2d(2, 8, 5, 7, 3, 2), 2), 0);
  EXPECT_EQ(winograd_flops(conv2d(2, 8, 5, 7, 5), 2), 0);
}

// By hand: with kernel 5 a tile of 32 gives 28 outputs; 36 - 4 = 32 outputs are 2 x 2 tiles of 32 x 17 points.
TEST(ConvolutionAlgorithms, FourierTakesUnitStrides) {
  const LayerSpec layer = conv2d(3, 36, 2, 4, 5);
  EXPECT_EQ(fourier_cost(layer).flops, 8.0 * 3 * 4 * 32 * 17 * 2 * 4);
  EXPECT_EQ(fourier_cost(layer).transform_flops, 25600.0 * (3 * (2 + 4) * 4 + 2 * 4));  // 2.5 x 1024 x log2 1024 each
  EXPECT_EQ(fourier_cost(layer).bytes, 8.0 * 32 * 17 * (3 * (2 + 4) * 4 + 2 * 4));
  EXPECT_EQ(fourier_cost(conv2d(3, 36, 2, 4, 5, 2)).flops, 0);
  EXPECT_EQ(fourier_cost(conv2d(1, 100, 2, 4, 33)).bytes, 0);
}

}  // namespace
}  // namespace perfmodel
