// How layers are described of the kinds that networks with branches and attention have.
#include <algorithm>
#include <cmath>

#include "expect_error.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/network/layer_makers.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {
namespace {

std::vector<double> encode(const LayerSpec& layer, double reuse_bytes = 1e6, FeatureSet set = FeatureSet::kPhysics) {
  std::vector<double> row(layer_feature_names(set, layer.kind).size());
  encode_layer(set, layer, LayerContext{reuse_bytes}, row);
  return row;
}

double feature(const LayerSpec& layer, const std::string& name, double reuse_bytes = 1e6) {
  const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysics, layer.kind);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return encode(layer, reuse_bytes)[i];
  }
  ADD_FAILURE() << "no feature " << name;
  return 0;
}

bool is_cost(const std::string& name) {
  return name.rfind(kCostPrefix, 0) == 0;
}

// Cost terms are added up and may be 0; all others may go through a logarithm.
TEST(BranchedFeatures, ArePositiveAndFiniteForDrawnLayers) {
  SamplerOptions options;
  for (int kind = 0; kind < kNumLayerKinds; ++kind) options.kinds.push_back(static_cast<LayerKind>(kind));
  const LayerSampler sampler(options);
  for (std::uint64_t i = 0; i < 600; ++i) {
    const LayerSample sample = sampler.sample(i);
    const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysics, sample.layer.kind);
    const std::vector<double> row = encode(sample.layer, sample.context.reuse_bytes);
    for (std::size_t j = 0; j < row.size(); ++j) {
      EXPECT_TRUE(std::isfinite(row[j]) && (is_cost(names[j]) ? row[j] >= 0 : row[j] > 0))
          << names[j] << " of " << describe(sample.layer);
    }
  }
}

TEST(BranchedFeatures, HoldACallAndBytesForEveryKind) {
  for (int index = static_cast<int>(LayerKind::kBatchNorm2d); index < kNumLayerKinds; ++index) {
    const auto kind = static_cast<LayerKind>(index);
    const std::vector<std::string>& names = layer_feature_names(FeatureSet::kPhysics, kind);
    EXPECT_THAT(names, ::testing::IsSupersetOf({"batch", "input_bytes", "cost_call", "cost_input_mb"}));
    EXPECT_LE(std::count_if(names.begin(), names.end(), is_cost), 13) << "few parameters are to be enough";
  }
}

TEST(BranchedFeatures, AreTheSameInThePapersSet) {
  for (const LayerSpec& layer : {softmax(2, 5, 12, 3), matmul(1, 2, 3, 4, 5), addition(1, 5, 8)}) {
    EXPECT_EQ(layer_feature_names(FeatureSet::kPaper, layer.kind),
              layer_feature_names(FeatureSet::kPhysics, layer.kind));
    EXPECT_EQ(encode(layer, 1e6, FeatureSet::kPaper), encode(layer));
  }
}

// 2 x 3 products of 5 x 4 times 4 x 6.
TEST(BranchedFeatures, AreThoseOfTheMatrixProduct) {
  const LayerSpec layer = matmul(2, 3, 5, 4, 6);
  EXPECT_EQ(feature(layer, "gemm_m"), 5);
  EXPECT_EQ(feature(layer, "gemm_k"), 4);
  EXPECT_EQ(feature(layer, "gemm_n"), 6);
  EXPECT_EQ(feature(layer, "heads"), 3);
  EXPECT_EQ(feature(layer, "product_flops"), 2 * 5 * 4 * 6);
}

// 5 x 4 x 6 multiply-adds are few, 10 x 4 x 10 are 400.
TEST(BranchedFeatures, TellProductsForTheBlasFromSmallOnes) {
  const LayerSpec small = matmul(2, 3, 5, 4, 6), large = matmul(2, 3, 10, 4, 10);
  EXPECT_NEAR(feature(small, "cost_small_gflop"), 1e-9 * 2 * 6 * 5 * 4 * 6, 1e-18);
  EXPECT_NEAR(feature(small, "cost_kilo_small_products"), 6e-3, 1e-12);
  EXPECT_EQ(feature(small, "cost_gflop") + feature(small, "cost_kilo_products"), 0);
  EXPECT_NEAR(feature(large, "cost_gflop"), 1e-9 * 2 * 6 * 400, 1e-15);
  EXPECT_NEAR(feature(large, "cost_blocked_gflop"), 1e-9 * 2 * 6 * 10 * 4 * 16, 1e-15);
  EXPECT_NEAR(feature(large, "cost_kilo_products"), 6e-3, 1e-12);
  EXPECT_EQ(feature(large, "cost_small_gflop") + feature(large, "cost_kilo_small_products"), 0);
}

// 2 x 3 planes of 7 x 7 and of 8 x 8, 2 x 5 rows of 3 parts of 16 and of 12 channels.
TEST(BranchedFeatures, CountLoopsThatEndInPartOfAVector) {
  EXPECT_NEAR(feature(batch_norm2d(2, 7, 3), "cost_kilo_plane_tails"), 6e-3, 1e-12);
  EXPECT_EQ(feature(batch_norm2d(2, 8, 3), "cost_kilo_plane_tails"), 0);
  EXPECT_NEAR(feature(softmax(2, 5, 36, 3), "cost_kilo_row_tails"), 30e-3, 1e-12);
  EXPECT_EQ(feature(softmax(2, 5, 48, 3), "cost_kilo_row_tails"), 0);
  EXPECT_EQ(feature(batch_norm2d(2, 1, 3), "cost_kilo_planes"), 0);  // side by side, one vector after the other
}

TEST(BranchedFeatures, CountAnActivationsWork) {
  EXPECT_EQ(feature(activation_layer(1, 10, 8, Activation::kRelu), "cost_gelu_mega"), 0);
  EXPECT_NEAR(feature(activation_layer(1, 10, 8, Activation::kGelu), "cost_gelu_mega"), 800e-6, 1e-12);
  EXPECT_EQ(feature(addition(1, 10, 8), "cost_activation_mb"), 0);
  EXPECT_NEAR(feature(addition(1, 10, 8, Activation::kRelu), "cost_activation_mb"), 3200e-6, 1e-12);
}

// Half of 1.25 GB is far more than any cache holds; 64 KB lie in the core's own, unless the program touches more.
TEST(BranchedFeatures, TellCachedFromFarAndCold) {
  EXPECT_GT(feature(addition(16, 512, 25), "cost_far_mb"), 1000);
  EXPECT_EQ(feature(addition(1, 16, 21), "cost_far_mb"), 0);
  EXPECT_EQ(feature(addition(1, 16, 21), "cost_cold_mb", 1e5), 0);
  EXPECT_GT(feature(addition(1, 16, 21), "cost_cold_mb", 1e9), 0);
}

TEST(BranchedFeatures, SeeADenseLayerOverTokensAsOneOnSoManyRows) {
  for (const FeatureSet set : {FeatureSet::kPaper, FeatureSet::kPhysics}) {
    EXPECT_EQ(encode(dense_over_tokens(4, 32, 100, 50), 1e6, set), encode(dense(128, 100, 50), 1e6, set));
  }
}

}  // namespace
}  // namespace perfmodel
