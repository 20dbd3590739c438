#include <cmath>
#include <iterator>

#include "layer_time/feature_sets.h"
#include "perfmodel/layer_time/layer_features.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

// Channels that one step of a blocked kernel works on: the floats of an AVX-512 register, two of AVX2, four of NEON.
constexpr std::int64_t kChannelBlock = 16;

double number(std::int64_t value) {
  return static_cast<double>(value);
}
double area(Size2 size) {
  return number(size.height) * number(size.width);
}
double padded(std::int64_t channels) {
  return number((channels + kChannelBlock - 1) / kChannelBlock * kChannelBlock);
}
double remainder(std::int64_t channels) {
  return 1 + number(channels % kChannelBlock);
}

// Sizes.
double batch(Layer layer, Context) {
  return number(layer.batch);
}
double input_height(Layer layer, Context) {
  return number(layer.input.height);
}
double input_width(Layer layer, Context) {
  return number(layer.input.width);
}
double output_height(Layer layer, Context) {
  return number(layer.output().height);
}
double output_width(Layer layer, Context) {
  return number(layer.output().width);
}
double channels_in(Layer layer, Context) {
  return number(layer.channels_in);
}
double channels_out(Layer layer, Context) {
  return number(layer.channels_out);
}
double kernel_height(Layer layer, Context) {
  return number(layer.kernel.height);
}
double kernel_width(Layer layer, Context) {
  return number(layer.kernel.width);
}
double kernel_area(Layer layer, Context) {
  return area(layer.kernel);
}
double stride_area(Layer layer, Context) {
  return area(layer.stride);
}
double dilation_area(Layer layer, Context) {
  return area(layer.dilation);
}
double groups(Layer layer, Context) {
  return number(layer.groups);
}

// Choices: 1 without, 2 with.
double with_padding(Layer layer, Context) {
  return layer.pads == Pads{} ? 1 : 2;
}
double with_bias(Layer layer, Context) {
  return layer.bias ? 2 : 1;
}
double with_activation(Layer layer, Context) {
  return layer.activation == Activation::kNone ? 1 : 2;
}
double with_average(Layer layer, Context) {
  return layer.pool_kind == PoolKind::kAverage ? 2 : 1;
}

// Work and traffic.
double flops(Layer layer, Context) {
  return layer.flops();
}
double input_bytes(Layer layer, Context) {
  return layer.input_bytes();
}
double output_bytes(Layer layer, Context) {
  return layer.output_bytes();
}
double weight_bytes(Layer layer, Context) {
  return layer.weight_bytes();
}
double total_bytes(Layer layer, Context) {
  return layer.input_bytes() + layer.output_bytes() + layer.weight_bytes();
}
double flops_per_byte(Layer layer, Context context) {
  return layer.flops() / total_bytes(layer, context);
}

// The matrix product that the layer amounts to: M x K times K x N.
double gemm_m(Layer layer, Context) {
  return number(layer.batch) * area(layer.output());
}
double gemm_n(Layer layer, Context) {
  return number(layer.channels_out / layer.groups);
}
double gemm_k(Layer layer, Context) {
  return number(layer.channels_in / layer.groups) * area(layer.kernel);
}
double unfolded_bytes(Layer layer, Context context) {
  return 4 * gemm_m(layer, context) * gemm_k(layer, context) * number(layer.groups);
}

// What blocking wastes.
double channels_in_padded(Layer layer, Context) {
  return padded(layer.channels_in);
}
double channels_out_padded(Layer layer, Context) {
  return padded(layer.channels_out);
}
double channels_in_remainder(Layer layer, Context) {
  return remainder(layer.channels_in);
}
double channels_out_remainder(Layer layer, Context) {
  return remainder(layer.channels_out);
}
double output_width_remainder(Layer layer, Context) {
  return remainder(layer.output().width);
}
double batch_remainder(Layer layer, Context) {
  return remainder(layer.batch);
}

// How far the weights are: what the program touches between two uses of them, and what of the weights it has to fetch.
double reuse_bytes(Layer, Context context) {
  return context.reuse_bytes;
}
double reuse_per_weight(Layer layer, Context context) {
  return context.reuse_bytes / (layer.weight_bytes() + 1);
}

constexpr LayerFeature kConv2d[] = {
    {"batch", batch},
    {"input_height", input_height},
    {"input_width", input_width},
    {"output_height", output_height},
    {"output_width", output_width},
    {"channels_in", channels_in},
    {"channels_out", channels_out},
    {"kernel_height", kernel_height},
    {"kernel_width", kernel_width},
    {"kernel_area", kernel_area},
    {"stride_area", stride_area},
    {"dilation_area", dilation_area},
    {"groups", groups},
    {"with_padding", with_padding},
    {"with_bias", with_bias},
    {"with_activation", with_activation},
    {"flops", flops},
    {"input_bytes", input_bytes},
    {"output_bytes", output_bytes},
    {"weight_bytes", weight_bytes},
    {"total_bytes", total_bytes},
    {"flops_per_byte", flops_per_byte},
    {"gemm_m", gemm_m},
    {"gemm_n", gemm_n},
    {"gemm_k", gemm_k},
    {"unfolded_bytes", unfolded_bytes},
    {"channels_in_padded", channels_in_padded},
    {"channels_out_padded", channels_out_padded},
    {"channels_in_remainder", channels_in_remainder},
    {"channels_out_remainder", channels_out_remainder},
    {"output_width_remainder", output_width_remainder},
    {"reuse_bytes", reuse_bytes},
    {"reuse_per_weight", reuse_per_weight},
};

constexpr LayerFeature kPool2d[] = {
    {"batch", batch},
    {"input_height", input_height},
    {"input_width", input_width},
    {"output_height", output_height},
    {"output_width", output_width},
    {"channels_in", channels_in},
    {"kernel_height", kernel_height},
    {"kernel_width", kernel_width},
    {"kernel_area", kernel_area},
    {"stride_area", stride_area},
    {"with_padding", with_padding},
    {"with_average", with_average},
    {"flops", flops},
    {"input_bytes", input_bytes},
    {"output_bytes", output_bytes},
    {"total_bytes", total_bytes},
    {"flops_per_byte", flops_per_byte},
    {"channels_in_padded", channels_in_padded},
    {"channels_in_remainder", channels_in_remainder},
    {"output_width_remainder", output_width_remainder},
};

constexpr LayerFeature kDense[] = {
    {"batch", batch},
    {"inputs", channels_in},
    {"outputs", channels_out},
    {"with_bias", with_bias},
    {"with_activation", with_activation},
    {"flops", flops},
    {"input_bytes", input_bytes},
    {"output_bytes", output_bytes},
    {"weight_bytes", weight_bytes},
    {"total_bytes", total_bytes},
    {"flops_per_byte", flops_per_byte},
    {"batch_remainder", batch_remainder},
    {"inputs_remainder", channels_in_remainder},
    {"outputs_remainder", channels_out_remainder},
    {"reuse_bytes", reuse_bytes},
    {"reuse_per_weight", reuse_per_weight},
};

static_assert(std::size(kConv2d) <= kMaxLayerFeatures && std::size(kPool2d) <= kMaxLayerFeatures &&
              std::size(kDense) <= kMaxLayerFeatures);

}  // namespace

Span<const LayerFeature> physics_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kPool2d:
      return {kPool2d, std::size(kPool2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
  }
  return {};
}

}  // namespace perfmodel
