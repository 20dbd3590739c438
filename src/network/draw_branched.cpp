#include "network/draw_branched.h"

#include <algorithm>

#include "network/draw_layer.h"
#include "network/draw_values.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

constexpr std::int64_t kMaxBatchOfTokens = 16, kMaxTokens = 1024, kMaxHeads = 16;
constexpr std::int64_t kMaxChannels = 4096;

constexpr Weighted kDepthwiseKernels[] = {{3, 0.65}, {5, 0.25}, {7, 0.1}};
constexpr Weighted kGroupedKernels[] = {{1, 0.3}, {3, 0.6}, {5, 0.1}};
constexpr Weighted kGroups[] = {{2, 0.35}, {4, 0.2}, {8, 0.15}, {16, 0.1}, {32, 0.2}};
constexpr Weighted kNumTensors[] = {{2, 0.6}, {3, 0.2}, {4, 0.2}};

/// One of those that follow a convolution or an addition.
Activation draw_rectifier(Random& random) {
  const double choice = random.uniform();
  return choice < 0.5 ? Activation::kNone : choice < 0.8 ? Activation::kRelu : Activation::kRelu6;
}

LayerSpec on_image(LayerSpec layer, Random& random) {
  layer.batch = random.log_integer(1, kMaxBatchDrawn);
  layer.input = draw_size(random);
  layer.channels_in = layer.channels_out = draw_channels(kMaxChannels, random);
  return layer;
}

LayerSpec on_tokens(LayerSpec layer, Random& random) {
  layer.batch = random.log_integer(1, kMaxBatchOfTokens);
  layer.input = {random.log_integer(1, kMaxTokens), 1};
  layer.channels_in = layer.channels_out = draw_channels(kMaxChannels, random);
  return layer;
}

LayerSpec draw_conv(Random& random) {
  constexpr std::int64_t kMaxGroupChannels = 128;
  const double choice = random.uniform();
  if (choice < 0.15) return draw_from_ranges(SamplingRanges::kWide, LayerKind::kConv2d, random);
  const bool is_depthwise = choice < 0.7;
  LayerSpec layer = on_image(conv2d(1, 1, 1, 1, 1), random);
  const std::int64_t kernel = is_depthwise ? pick(kDepthwiseKernels, random) : pick(kGroupedKernels, random);
  const std::int64_t stride = random.chance(0.7) ? 1 : 2;
  layer.kernel = {kernel, kernel};
  layer.stride = {stride, stride};
  if (random.chance(0.85)) layer.pads = equal_pads(kernel / 2);
  layer.bias = random.chance(0.4);
  layer.activation = draw_rectifier(random);
  if (is_depthwise) return depthwise(layer);
  layer.groups = pick(kGroups, random);
  layer.channels_in = layer.groups * draw_channels(kMaxGroupChannels, random);
  layer.channels_out = random.chance(0.6) ? layer.channels_in : layer.groups * draw_channels(kMaxGroupChannels, random);
  return layer;
}

LayerSpec draw_dense(Random& random) {
  if (random.chance(0.2)) return draw_from_ranges(SamplingRanges::kWide, LayerKind::kDense, random);
  LayerSpec layer = on_tokens(dense(1, 1, 1), random);
  layer.channels_out = draw_channels(kMaxChannels, random);
  layer.bias = random.chance(0.8);
  const double choice = random.uniform();
  layer.activation = choice < 0.5 ? Activation::kNone : choice < 0.8 ? Activation::kGelu : Activation::kRelu;
  return layer;
}

LayerSpec draw_concat(Random& random) {
  LayerSpec layer = on_image(concatenation(1, 1, 2), random);
  layer.groups = pick(kNumTensors, random);
  layer.channels_in = layer.channels_out = std::max(layer.channels_in, layer.groups);
  return layer;
}

LayerSpec draw_activation_layer(Random& random) {
  LayerSpec layer = activation_layer(1, 1, 1, Activation::kRelu);
  layer = random.chance(0.5) ? on_image(layer, random) : on_tokens(layer, random);
  layer.activation = static_cast<Activation>(random.integer(1, kNumActivations - 1));
  return layer;
}

/// Over classes, or over the positions that each head of an attention looks at.
LayerSpec draw_softmax(Random& random) {
  if (random.chance(0.4)) {
    const std::int64_t batch = random.log_integer(1, kMaxBatchDrawn);
    return softmax(batch, 1, random.log_integer(2, 8 * kMaxChannels));
  }
  const std::int64_t batch = random.log_integer(1, kMaxBatchOfTokens), heads = random.log_integer(1, kMaxHeads);
  const std::int64_t tokens = random.log_integer(1, kMaxTokens);
  const std::int64_t looked_at = random.chance(0.7) ? tokens : random.log_integer(1, kMaxTokens);
  return softmax(batch, tokens, heads * looked_at, heads);
}

/// Scores (queries times keys) or contexts (weights times values) of an attention.
LayerSpec draw_matmul(Random& random) {
  constexpr std::int64_t kMaxHeadChannels = 256;
  const std::int64_t batch = random.log_integer(1, kMaxBatchOfTokens), heads = random.log_integer(1, kMaxHeads);
  const std::int64_t tokens = random.log_integer(1, kMaxTokens);
  const std::int64_t looked_at = random.chance(0.7) ? tokens : random.log_integer(1, kMaxTokens);
  const std::int64_t channels = draw_channels(kMaxHeadChannels, random);
  return random.chance(0.5) ? matmul(batch, heads, tokens, channels, looked_at)
                            : matmul(batch, heads, tokens, looked_at, channels);
}

}  // namespace

LayerSpec draw_branched(LayerKind kind, Random& random) {
  switch (kind) {
    case LayerKind::kConv2d:
      return draw_conv(random);
    case LayerKind::kPool2d:
      return draw_from_ranges(SamplingRanges::kWide, kind, random);
    case LayerKind::kDense:
      return draw_dense(random);
    case LayerKind::kBatchNorm2d:
      return on_image(batch_norm2d(1, 1, 1, draw_rectifier(random)), random);
    case LayerKind::kLayerNorm:
      return on_tokens(layer_norm(1, 1, 1), random);
    case LayerKind::kAdd:
      if (random.chance(0.3)) return on_tokens(addition(1, 1, 1), random);
      return on_image(addition(1, 1, 1, random.chance(0.5) ? Activation::kRelu : Activation::kNone), random);
    case LayerKind::kConcat:
      return draw_concat(random);
    case LayerKind::kActivation:
      return draw_activation_layer(random);
    case LayerKind::kGlobalPool2d:
      return on_image(global_pool2d(1, 1, 1), random);
    case LayerKind::kSoftmax:
      return draw_softmax(random);
    case LayerKind::kMatMul:
      return draw_matmul(random);
  }
  return {};
}

}  // namespace perfmodel
