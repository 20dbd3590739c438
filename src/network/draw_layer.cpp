#include "network/draw_layer.h"

#include <algorithm>

#include "network/draw_values.h"
#include "network/layer_inputs.h"

namespace perfmodel {
namespace {

// Small odd kernels are what networks have; the others occur, so that a model learns what lies between.
constexpr Weighted kConvKernels[] = {{1, 0.24}, {2, 0.04},  {3, 0.36}, {4, 0.03},   {5, 0.13}, {6, 0.03},
                                     {7, 0.08}, {8, 0.015}, {9, 0.02}, {10, 0.015}, {11, 0.04}};
constexpr Weighted kConvStrides[] = {{1, 0.65}, {2, 0.25}, {3, 0.05}, {4, 0.05}};
constexpr Weighted kPoolWindows[] = {{1, 0.05}, {2, 0.3}, {3, 0.3}, {4, 0.1}, {5, 0.1}, {6, 0.05}, {7, 0.1}};

Activation draw_activation(Random& random) {
  return random.chance(0.5) ? Activation::kRelu : Activation::kNone;
}

// ResPerfNet, table 3.

LayerSpec draw_paper_window(LayerKind kind, Random& random) {
  const std::int64_t batch = random.log_integer(1, kMaxBatchDrawn);
  const std::int64_t side = random.log_integer(1, kMaxSideDrawn);
  const std::int64_t max_channels = 9999 / side;  // channels x side stays below 10 000
  const std::int64_t channels_in = random.log_integer(1, max_channels);
  const std::int64_t channels_out = random.log_integer(1, max_channels);
  const std::int64_t kernel = random.integer(1, 7);
  const std::int64_t stride = random.integer(1, 4);
  LayerSpec layer = kind == LayerKind::kConv2d ? conv2d(batch, side, channels_in, channels_out, kernel, stride)
                                               : pool2d(batch, side, channels_in, kernel, stride);
  if (random.chance(0.5)) layer.pads = same_pads(layer.input, layer.kernel, layer.stride);
  return layer;
}

LayerSpec draw_paper_layer(LayerKind kind, Random& random) {
  constexpr std::int64_t kMaxDimension = 4096;
  LayerSpec layer;
  if (kind == LayerKind::kDense) {
    layer = dense(random.log_integer(1, kMaxBatchDrawn), 1, 1);
    layer.channels_in = random.log_integer(1, kMaxDimension);
    layer.channels_out = random.log_integer(1, kMaxDimension);
  } else {
    layer = draw_paper_window(kind, random);
  }
  layer.activation = draw_activation(random);
  if (kind != LayerKind::kPool2d) layer.bias = random.chance(0.5);
  return layer;
}

// The wide ranges.

/// Half of the window on each side, none, TensorFlow's SAME (which may be asymmetric), or anything up to half the
/// window: LibTorch pads pooling no further.
Pads draw_pads(const LayerSpec& layer, double half_share, double none_share, Random& random) {
  const std::int64_t half = layer.kernel.height / 2;
  const double choice = random.uniform();
  if (choice < half_share) return equal_pads(half);
  if (choice < half_share + none_share) return {};
  if (random.chance(0.5)) return same_pads(layer.input, layer.kernel, layer.stride);
  return equal_pads(random.integer(0, half));
}

std::int64_t draw_pool_stride(std::int64_t window, Random& random) {
  const double choice = random.uniform();
  if (choice < 0.4) return std::min<std::int64_t>(2, window);
  return choice < 0.75 ? window : random.integer(1, window);
}

LayerSpec draw_wide_layer(LayerKind kind, Random& random) {
  constexpr std::int64_t kMaxChannels = 4096, kMaxDenseInputs = 32768, kMaxDenseOutputs = 8192;
  LayerSpec layer;
  layer.kind = kind;
  layer.batch = random.log_integer(1, kMaxBatchDrawn);
  if (kind == LayerKind::kPool2d) {
    layer.bias = false;
  } else {
    layer.bias = random.chance(0.5);
    layer.activation = draw_activation(random);
  }
  if (kind == LayerKind::kDense) {
    layer.channels_in = draw_channels(kMaxDenseInputs, random);
    layer.channels_out = draw_channels(kMaxDenseOutputs, random);
    return layer;
  }
  layer.input = draw_size(random);
  layer.channels_in = draw_channels(kMaxChannels, random);
  if (kind == LayerKind::kConv2d) {
    layer.channels_out = draw_channels(kMaxChannels, random);
    const std::int64_t kernel = pick(kConvKernels, random);
    const std::int64_t stride = pick(kConvStrides, random);
    layer.kernel = {kernel, kernel};
    layer.stride = {stride, stride};
    layer.pads = draw_pads(layer, 0.5, 0.25, random);
  } else {
    layer.channels_out = layer.channels_in;
    const std::int64_t window = pick(kPoolWindows, random);
    const std::int64_t stride = draw_pool_stride(window, random);
    layer.kernel = {window, window};
    layer.stride = {stride, stride};
    layer.pads = draw_pads(layer, 0.2, 0.5, random);
    layer.pool_kind = random.chance(0.2) ? PoolKind::kAverage : PoolKind::kMax;
  }
  return layer;
}

// Around real layers.

std::int64_t jitter_channels(std::int64_t channels, Random& random) {
  if (channels <= 4 && random.chance(0.7)) return channels;  // the colours of a picture
  const std::int64_t jittered = scale(channels, random.log_uniform(1 / 1.7, 1.7));
  return jittered >= 16 && random.chance(0.7) ? round_to_multiple(jittered, 16) : jittered;
}

bool is_depthwise(const LayerSpec& layer) {
  return layer.kind == LayerKind::kConv2d && layer.groups > 1 && layer.groups == layer.channels_in &&
         layer.groups == layer.channels_out;
}

/// Another kernel, with pads and stride that go with it as the old ones did.
void change_kernel(LayerSpec& layer, Random& random) {
  const bool is_pool = layer.kind == LayerKind::kPool2d;
  const std::int64_t kernel = is_pool ? pick(kPoolWindows, random) : pick(kConvKernels, random);
  layer.kernel = {kernel, kernel};
  if (!(layer.pads == Pads{})) layer.pads = equal_pads(kernel / 2);
  if (is_pool) layer.stride = {std::min(layer.stride.height, kernel), std::min(layer.stride.width, kernel)};
}

}  // namespace

LayerSpec draw_from_ranges(SamplingRanges ranges, LayerKind kind, Random& random) {
  return ranges == SamplingRanges::kPaper ? draw_paper_layer(kind, random) : draw_wide_layer(kind, random);
}

LayerSpec draw_around(const LayerSpec& model, Random& random) {
  constexpr std::int64_t kMaxBatchAround = 16;
  LayerSpec layer = model;
  layer.batch = random.log_integer(1, kMaxBatchAround);
  const bool depthwise = is_depthwise(model);
  const std::int64_t groups = depthwise || model.kind == LayerKind::kConcat ? 1 : model.groups;
  layer.channels_in = groups * jitter_channels(model.channels_in / groups, random);
  layer.channels_out = depthwise || keeps_channels(model.kind)
                           ? layer.channels_in
                           : groups * jitter_channels(model.channels_out / groups, random);
  if (depthwise) layer.groups = layer.channels_in;
  if (layer.kind == LayerKind::kDense && layer.input == Size2{}) return layer;
  const double factor = random.log_uniform(1 / 1.5, 1.5);
  layer.input = {scale(model.input.height, factor), scale(model.input.width, factor)};
  const bool has_window = layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kPool2d;
  if (has_window && random.chance(0.2)) change_kernel(layer, random);
  return layer;
}

}  // namespace perfmodel
