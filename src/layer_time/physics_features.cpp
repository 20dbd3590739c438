#include <cmath>
#include <iterator>

#include "layer_time/branched_features.h"
#include "layer_time/feature_sets.h"
#include "layer_time/layer_work.h"
#include "perfmodel/layer_time/layer_features.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

double number(std::int64_t value) {
  return static_cast<double>(value);
}
double area(Size2 size) {
  return number(size.height) * number(size.width);
}
double remainder(std::int64_t channels) {
  return 1 + number(channels % static_cast<std::int64_t>(kChannelBlock));
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

// Choices: 1 without, 2 with; further activations count on.
double with_padding(Layer layer, Context) {
  return layer.pads == Pads{} ? 1 : 2;
}
double with_bias(Layer layer, Context) {
  return layer.bias ? 2 : 1;
}
double with_activation(Layer layer, Context) {
  return 1 + static_cast<double>(layer.activation);
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
double gemm_k(Layer layer, Context) {
  return number(layer.channels_in / layer.groups) * area(layer.kernel);
}

// What blocking wastes.
double useful_flops(Layer layer, Context) {
  return 1e9 * useful_gflop(layer);
}
double blocked_flops(Layer layer, Context) {
  return 1e9 * blocked_gflop(layer);
}
double blocked_per_useful(Layer layer, Context) {
  return blocked_gflop(layer) / useful_gflop(layer);
}
double taps_per_output(Layer layer, Context) {
  return taps_on_input(layer) / area(layer.output());
}
double with_matrix_product(Layer layer, Context) {
  return takes_matrix_product(layer) ? 2 : 1;
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
double with_cold_weights(Layer layer, Context context) {
  return 1 + cold_fraction(layer, context);
}
double reuse_per_weight(Layer layer, Context context) {
  return context.reuse_bytes / (layer.weight_bytes() + 1);
}

constexpr LayerFeature kConv2d[] = {
    {"batch", batch},
    {"input_height", input_height},
    {"output_height", output_height},
    {"output_width", output_width},
    {"channels_in", channels_in},
    {"channels_out", channels_out},
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
    {"flops_per_byte", flops_per_byte},
    {"gemm_m", gemm_m},
    {"gemm_k", gemm_k},
    {"channels_in_remainder", channels_in_remainder},
    {"channels_out_remainder", channels_out_remainder},
    {"output_width_remainder", output_width_remainder},
    {"useful_flops", useful_flops},
    {"blocked_flops", blocked_flops},
    {"blocked_per_useful", blocked_per_useful},
    {"taps_per_output", taps_per_output},
    {"with_matrix_product", with_matrix_product},
    {"reuse_bytes", reuse_bytes},
    {"reuse_per_weight", reuse_per_weight},
    {"with_cold_weights", with_cold_weights},
};

constexpr LayerFeature kPool2d[] = {
    {"batch", batch},
    {"input_height", input_height},
    {"input_width", input_width},
    {"output_height", output_height},
    {"output_width", output_width},
    {"channels_in", channels_in},
    {"kernel_area", kernel_area},
    {"stride_area", stride_area},
    {"with_padding", with_padding},
    {"with_average", with_average},
    {"flops", flops},
    {"input_bytes", input_bytes},
    {"output_bytes", output_bytes},
    {"flops_per_byte", flops_per_byte},
    {"channels_in_remainder", channels_in_remainder},
    {"output_width_remainder", output_width_remainder},
    {"taps_per_output", taps_per_output},
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
    {"flops_per_byte", flops_per_byte},
    {"batch_remainder", batch_remainder},
    {"inputs_remainder", channels_in_remainder},
    {"outputs_remainder", channels_out_remainder},
    {"reuse_bytes", reuse_bytes},
    {"reuse_per_weight", reuse_per_weight},
    {"with_cold_weights", with_cold_weights},
};

}  // namespace

Span<const LayerFeature> physics_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kPool2d:
      return {kPool2d, std::size(kPool2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
    default:
      return branched_features(kind);
  }
}

}  // namespace perfmodel
