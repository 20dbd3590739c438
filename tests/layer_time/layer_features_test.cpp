#include "perfmodel/layer_time/layer_features.h"

#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "layer_time/layer_work.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

std::vector<double> encode(FeatureSet set, const LayerSpec& layer, double reuse_bytes = 1e6) {
  std::vector<double> row(layer_feature_names(set, layer.kind).size());
  encode_layer(set, layer, LayerContext{reuse_bytes}, row);
  return row;
}

double feature(const LayerSpec& layer, const std::string& name) {
  const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysics, layer.kind);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return encode(FeatureSet::kPhysics, layer)[i];
  }
  ADD_FAILURE() << "no feature " << name;
  return 0;
}

// Names, order and values by the list in ResPerfNet, section 4.2, and the published tables.
TEST(PaperFeatures, DescribeConvolution) {
  EXPECT_THAT(layer_feature_names(FeatureSet::kPaper, LayerKind::kConv2d),
              ElementsAre("batch_size", "matrix_size_squared", "kernel_size_squared", "channels_in", "channels_out",
                          "padding", "strides", "use_bias", "activation"));
  LayerSpec layer = conv2d(8, 56, 64, 128, 3, 2, 1, Activation::kRelu);
  EXPECT_THAT(encode(FeatureSet::kPaper, layer), ElementsAre(8, 3136, 9, 64, 128, 1, 2, 1, 1));
  layer.bias = false;
  layer.activation = Activation::kNone;
  layer.pads = {};
  EXPECT_THAT(encode(FeatureSet::kPaper, layer), ElementsAre(8, 3136, 9, 64, 128, 0, 2, 0, 0));
}

TEST(PaperFeatures, DescribePooling) {
  EXPECT_THAT(layer_feature_names(FeatureSet::kPaper, LayerKind::kPool2d),
              ElementsAre("batch_size", "matrix_size_squared", "channels_in", "pool_size", "padding", "strides"));
  EXPECT_THAT(encode(FeatureSet::kPaper, pool2d(4, 27, 192, 3, 2)), ElementsAre(4, 729, 192, 3, 0, 2));
}

TEST(PaperFeatures, DescribeDense) {
  EXPECT_THAT(layer_feature_names(FeatureSet::kPaper, LayerKind::kDense),
              ElementsAre("batch_size", "inputs", "outputs", "use_bias", "activation"));
  EXPECT_THAT(encode(FeatureSet::kPaper, dense(2, 25088, 4096, Activation::kRelu)), ElementsAre(2, 25088, 4096, 1, 1));
}

TEST(PaperFeatures, TakeTheGeometricMeanOfUnequalSides) {
  LayerSpec layer = conv2d(1, 10, 3, 5, 3);
  layer.input = {8, 18};
  layer.kernel = {1, 7};
  layer.stride = {1, 4};
  const std::vector<double> row = encode(FeatureSet::kPaper, layer);
  EXPECT_EQ(row[1], 144);
  EXPECT_EQ(row[2], 7);
  EXPECT_EQ(row[6], 2);
}

TEST(PaperFeatures, CallAnyPadPadding) {
  LayerSpec layer = conv2d(1, 10, 3, 5, 3);
  layer.pads.right = 1;
  EXPECT_EQ(encode(FeatureSet::kPaper, layer)[5], 1);
}

// By hand for a 3 x 3 convolution of stride 2 on 8 x 9 x 9 x 32 -> 20 channels: output 4 x 4.
TEST(PhysicsFeatures, AreThoseOfTheMatrixProduct) {
  const LayerSpec layer = conv2d(8, 9, 32, 20, 3, 2);
  EXPECT_EQ(feature(layer, "gemm_m"), 8 * 4 * 4);
  EXPECT_EQ(feature(layer, "gemm_k"), 32 * 9);
  EXPECT_EQ(feature(layer, "input_bytes"), 4 * 8 * 32 * 81);
  EXPECT_EQ(feature(layer, "output_bytes"), 4 * 8 * 20 * 16);
  EXPECT_EQ(feature(layer, "weight_bytes"), 4 * (32 * 20 * 9 + 20));
  EXPECT_EQ(feature(layer, "reuse_bytes"), 1e6);
}

// Cost terms are added up and may be 0; all others may go through a logarithm. kPhysicsTiles holds kPhysics.
TEST(PhysicsFeatures, ArePositiveAndFiniteForDrawnLayers) {
  const LayerSampler sampler{SamplerOptions{}};
  for (std::uint64_t i = 0; i < 300; ++i) {
    const LayerSample sample = sampler.sample(i);
    const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysicsTiles, sample.layer.kind);
    const std::vector<double> row = encode(FeatureSet::kPhysicsTiles, sample.layer, sample.context.reuse_bytes);
    for (std::size_t j = 0; j < row.size(); ++j) {
      const bool is_cost = names[j].rfind(kCostPrefix, 0) == 0;
      EXPECT_TRUE(std::isfinite(row[j]) && (is_cost ? row[j] >= 0 : row[j] > 0))
          << names[j] << " of " << describe(sample.layer);
    }
  }
}

TEST(FeatureSets, HaveUniqueNamesThatFitTheBuffer) {
  for (FeatureSet set : {FeatureSet::kPaper, FeatureSet::kPhysics, FeatureSet::kPhysicsTiles}) {
    for (int kind = 0; kind < kNumLayerKinds; ++kind) {
      std::vector<std::string> names = layer_feature_names(set, static_cast<LayerKind>(kind));
      EXPECT_LE(names.size(), kMaxLayerFeatures);
      std::sort(names.begin(), names.end());
      EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
    }
  }
}

TEST(FeatureSets, AreKnownByName) {
  EXPECT_EQ(parse_feature_set("paper"), FeatureSet::kPaper);
  EXPECT_EQ(parse_feature_set("physics"), FeatureSet::kPhysics);
  EXPECT_EQ(parse_feature_set("physics_tiles"), FeatureSet::kPhysicsTiles);
  EXPECT_STREQ(feature_set_name(FeatureSet::kPhysics), "physics");
  EXPECT_STREQ(feature_set_name(FeatureSet::kPhysicsTiles), "physics_tiles");
  EXPECT_PM_ERROR(parse_feature_set("magic"), ErrorCode::kInvalidArgument, "there are paper, physics, physics_tiles");
}

// By hand: 4 x 4, kernel 3, pads 1: rows 0 and 3 see two taps, rows 1 and 2 three; 10 in each direction.
TEST(LayerWork, CountsTheTapsOnTheInput) {
  EXPECT_EQ(taps_on_input(conv2d(1, 4, 1, 1, 3, 1, 1)), 100);
  EXPECT_EQ(taps_on_input(conv2d(1, 4, 1, 1, 3, 2, 1)), 25);  // rows -1 .. 1 and 1 .. 3: 2 + 3
  LayerSpec dilated = conv2d(1, 5, 1, 1, 3, 1, 2);
  dilated.dilation = {2, 2};
  EXPECT_EQ(taps_on_input(dilated), 121);  // taps at -2, 0, 2 around each of 5 rows: 2 + 2 + 3 + 2 + 2
}

TEST(LayerWork, DescribesGiantLayersAtOnce) {
  LayerSpec giant = conv2d(1, 1, 1, 1, 1);
  giant.input = {std::int64_t{1} << 45, 1};
  giant.validate();
  EXPECT_EQ(taps_on_input(giant), std::ldexp(1.0, 45));
  giant.kernel = {std::int64_t{1} << 44, 1};
  giant.stride = giant.kernel;
  giant.validate();
  EXPECT_EQ(taps_on_input(giant), std::ldexp(1.0, 45));  // two windows side by side cover everything once
}

}  // namespace
}  // namespace perfmodel
