// Draws of the kinds that networks with branches and attention have, and that those of others do not depend on them.
#include <algorithm>
#include <cstdint>
#include <set>

#include "draw_samples.h"
#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

// Five standard deviations of a share near one half among some 500 draws; the seeds are fixed.
constexpr double kShareTolerance = 0.11;

std::vector<LayerKind> all_kinds() {
  std::vector<LayerKind> kinds;
  for (int i = 0; i < kNumLayerKinds; ++i) kinds.push_back(static_cast<LayerKind>(i));
  return kinds;
}

SamplerOptions of_kinds(std::vector<LayerKind> kinds, double around_fraction = 0) {
  SamplerOptions options;
  options.kinds = std::move(kinds);
  options.around_fraction = around_fraction;
  options.around = branched_steering_networks();
  options.never = builtin_networks();
  return options;
}

template <typename Predicate>
double share_if(const std::vector<LayerSpec>& layers, Predicate predicate) {
  return static_cast<double>(std::count_if(layers.begin(), layers.end(), predicate)) /
         static_cast<double>(layers.size());
}

bool is_depthwise(const LayerSpec& layer) {
  return layer.groups > 1 && layer.groups == layer.channels_in;
}

/// FNV-1a of all numbers of the first 500 draws.
std::uint64_t hash_of(const SamplerOptions& options) {
  std::uint64_t hash = 1469598103934665603U;
  for (const LayerSample& sample : draw(options, 500)) {
    const LayerSpec& l = sample.layer;
    for (const std::int64_t value : {static_cast<std::int64_t>(l.kind),
                                     l.batch,
                                     l.input.height,
                                     l.input.width,
                                     l.channels_in,
                                     l.channels_out,
                                     l.kernel.height,
                                     l.kernel.width,
                                     l.stride.height,
                                     l.stride.width,
                                     l.dilation.height,
                                     l.dilation.width,
                                     l.pads.top,
                                     l.pads.bottom,
                                     l.pads.left,
                                     l.pads.right,
                                     l.groups,
                                     static_cast<std::int64_t>(l.bias),
                                     static_cast<std::int64_t>(l.activation),
                                     static_cast<std::int64_t>(l.pool_kind),
                                     static_cast<std::int64_t>(sample.context.reuse_bytes)}) {
      hash = (hash ^ static_cast<std::uint64_t>(value)) * 1099511628211U;
    }
  }
  return hash;
}

// What version 9e15aac drew, which knew three kinds of layers: a campaign that was begun with it goes on.
TEST(LayerSampler, DrawsTheSameThreeKindsAsEver) {
  SamplerOptions options;
  options.seed = 3;
  EXPECT_EQ(hash_of(options), 0xb99768baf5504b78U);
  options.ranges = SamplingRanges::kPaper;
  EXPECT_EQ(hash_of(options), 0x08bf56ab9a45624cU);
  options = around_networks(0.5);
  options.seed = 3;
  options.max_flops = 4e9;
  EXPECT_EQ(hash_of(options), 0x36f541238ef84f24U);
}

TEST(BranchedSampler, DrawsEachKindAsOften) {
  const std::vector<LayerSample> samples = draw(of_kinds(all_kinds(), 0.5), 5500);
  for (const LayerKind kind : all_kinds()) {
    EXPECT_NEAR(static_cast<double>(layers_of(samples, kind).size()), 500, 110) << layer_kind_name(kind);
  }
}

TEST(BranchedSampler, DrawsOnlyTheKindsAskedFor) {
  for (const LayerSample& sample : draw(of_kinds({LayerKind::kSoftmax, LayerKind::kAdd}), 200)) {
    EXPECT_TRUE(sample.layer.kind == LayerKind::kSoftmax || sample.layer.kind == LayerKind::kAdd);
  }
}

TEST(BranchedSampler, DrawsTheSameFromTheSameSeedInAnyOrder) {
  const SamplerOptions options = of_kinds(all_kinds(), 0.5);
  const std::vector<LayerSample> samples = draw(options, 300);
  const LayerSampler sampler(options);
  for (std::uint64_t i = 300; i-- > 0;) EXPECT_EQ(sampler.sample(i).layer, samples[i].layer);
}

TEST(BranchedSampler, KeepsToTheCaps) {
  SamplerOptions options = of_kinds(all_kinds(), 0.3);
  options.max_flops = 1e9;
  options.max_bytes = 50e6;
  double most_elements = 0;
  for (const LayerSample& sample : draw(options, 5000)) {
    const LayerSpec& layer = sample.layer;
    ASSERT_NO_THROW(layer.validate());
    EXPECT_LE(layer.input_bytes() + layer.output_bytes() + layer.weight_bytes(), 50e6) << describe(layer);
    if (!is_memory_bound(layer.kind)) continue;
    EXPECT_LE(layer.flops(), 1e9 / 128) << describe(layer);
    most_elements = std::max(most_elements, static_cast<double>(layer.num_outputs()));
  }
  EXPECT_LE(most_elements, 1e9 / 128);  // also of concatenations, which have no operations
  EXPECT_GT(most_elements, 0.6e9 / 128);
}

TEST(BranchedSampler, DrawsConvolutionsMostlyByChannel) {
  const std::vector<LayerSpec> convs = layers_of(draw(of_kinds({LayerKind::kConv2d}), 1000), LayerKind::kConv2d);
  EXPECT_NEAR(share_if(convs, is_depthwise), 0.55, kShareTolerance);
  EXPECT_NEAR(share_if(convs, [](const LayerSpec& l) { return l.groups > 1 && !is_depthwise(l); }), 0.3,
              kShareTolerance);
  EXPECT_GT(share_if(convs, [](const LayerSpec& l) { return l.groups == 1; }), 0.1);
}

TEST(BranchedSampler, DrawsDenseLayersMostlyOverTokens) {
  const std::vector<LayerSpec> denses = layers_of(draw(of_kinds({LayerKind::kDense}), 1000), LayerKind::kDense);
  EXPECT_NEAR(share_if(denses, [](const LayerSpec& l) { return l.input.height > 1; }), 0.75, kShareTolerance);
  EXPECT_GT(share_if(denses, [](const LayerSpec& l) { return l.batch * l.input.height > 512; }), 0.1);
}

TEST(BranchedSampler, DrawsAllActivationsAndHeads) {
  std::set<Activation> activations;
  for (const LayerSample& sample : draw(of_kinds({LayerKind::kActivation}), 200)) {
    activations.insert(sample.layer.activation);
  }
  EXPECT_EQ(activations.size(), static_cast<std::size_t>(kNumActivations) - 1);
  const std::vector<LayerSpec> products = layers_of(draw(of_kinds({LayerKind::kMatMul}), 500), LayerKind::kMatMul);
  EXPECT_GT(share_if(products, [](const LayerSpec& l) { return l.groups == 12; }), 0);
  EXPECT_GT(share_if(products, [](const LayerSpec& l) { return l.groups == 1; }), 0);
  EXPECT_GT(share_if(products, [](const LayerSpec& l) { return l.input.height > 500; }), 0.05);
}

TEST(BranchedSampler, StaysNearWhatItDrawsAround) {
  SamplerOptions options = of_kinds({LayerKind::kMatMul, LayerKind::kSoftmax, LayerKind::kConv2d}, 1);
  options.around = {Network("one", {{"x", {1, 60, 30, 1}}, {"image", {1, 40, 20, 20}}},
                            {{"scores", matmul(1, 6, 30, 10, 30), {"x", "x"}},
                             {"weights", softmax(1, 30, 180, 6), {"scores"}},
                             {"filter", depthwise(conv2d(1, 20, 40, 40, 3, 1, 1)), {"image"}}})};
  for (const LayerSample& sample : draw(options, 600)) {
    const LayerSpec& layer = sample.layer;
    SCOPED_TRACE(describe(layer));
    if (layer.kind == LayerKind::kConv2d) {
      EXPECT_EQ(layer.groups, layer.channels_in);
      EXPECT_EQ(layer.channels_out, layer.channels_in);
      EXPECT_LE(layer.channels_in, 80);  // 40 * 1.7, rounded to a multiple of 16
    } else {
      EXPECT_EQ(layer.groups, 6);
      EXPECT_EQ(layer.input.width, 1);
      EXPECT_LE(layer.input.height, 45);
      EXPECT_LE(layer.channels_in, 6 * (layer.kind == LayerKind::kMatMul ? 17 : 51));
    }
  }
}

TEST(BranchedSampler, RejectsKindsThatAreNone) {
  for (const int kind : {-1, kNumLayerKinds}) {
    EXPECT_PM_ERROR(LayerSampler(of_kinds({static_cast<LayerKind>(kind)})), ErrorCode::kInvalidArgument,
                    "layer kind " + std::to_string(kind) + " is not known (0 to 10)");
  }
}

TEST(BranchedSteeringNetworks, HoldNoLayerOfABuiltinNetwork) {
  std::set<std::string> shapes;
  for (const Network& network : builtin_networks()) {
    for (LayerSpec layer : network.layers()) {
      layer.batch = 1;
      layer.bias = false;
      layer.activation = layer.kind == LayerKind::kActivation ? Activation::kRelu : Activation::kNone;
      shapes.insert(describe(layer));
    }
  }
  std::set<LayerKind> kinds;
  for (const Network& network : branched_steering_networks()) {
    EXPECT_FALSE(network.is_sequential());
    for (LayerSpec layer : network.layers()) {
      kinds.insert(layer.kind);
      layer.bias = false;
      layer.activation = layer.kind == LayerKind::kActivation ? Activation::kRelu : Activation::kNone;
      EXPECT_EQ(shapes.count(describe(layer)), 0u) << network.name() << ": " << describe(layer);
    }
  }
  EXPECT_EQ(kinds.size(), 10u);  // all but the stand-alone activation
}

}  // namespace
}  // namespace perfmodel
