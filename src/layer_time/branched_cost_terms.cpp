#include <cmath>
#include <cstdint>
#include <iterator>

#include "layer_time/branched_features.h"
#include "layer_time/layer_work.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

constexpr double kMega = 1e6;
constexpr std::int64_t kVectorFloats = 8;

double number(std::int64_t value) {
  return static_cast<double>(value);
}
double positions(Layer layer) {
  return number(layer.input.height) * number(layer.input.width);
}
double total_mb(Layer layer) {
  return (layer.input_bytes() + layer.output_bytes()) / kMega;
}
double mega_outputs(Layer layer) {
  return number(layer.num_outputs()) / kMega;
}

double call(Layer, Context) {
  return 1;
}
double input_mb(Layer layer, Context) {
  return layer.input_bytes() / kMega;
}
double output_mb(Layer layer, Context) {
  return layer.output_bytes() / kMega;
}
/// What of its tensors no longer lies in the core's own cache, as they are larger than that.
double far_mb(Layer layer, Context) {
  return total_mb(layer) * cold_fraction(layer, LayerContext{layer.input_bytes() + layer.output_bytes()});
}
/// What is not there because the program has touched so much else meanwhile.
double cold_mb(Layer layer, Context context) {
  return total_mb(layer) * cold_fraction(layer, context);
}
double cold_call(Layer layer, Context context) {
  return cold_fraction(layer, context);
}

// An activation in place, after the layer's own operation. ReLU6 is a clamp, which takes a longer way through LibTorch.
double activation_call(Layer layer, Context) {
  return layer.activation == Activation::kNone ? 0 : 1;
}
double activation_mb(Layer layer, Context) {
  return layer.activation == Activation::kNone ? 0 : layer.output_bytes() / kMega;
}
template <Activation activation>
double call_of(Layer layer, Context) {
  return layer.activation == activation ? 1 : 0;
}
template <Activation activation>
double mega_of(Layer layer, Context) {
  return layer.activation == activation ? mega_outputs(layer) : 0;
}

// Inner loops: each runs over the positions of a channel, or the channels of a position.
/// None where a channel has one position: then it is the channels that lie side by side.
double kilo_planes(Layer layer, Context) {
  return positions(layer) > 1 ? 1e-3 * number(layer.batch) * number(layer.channels_in) : 0;
}
/// Inner loops whose last vector, of eight floats, is not full: the rest goes number by number.
bool has_tail(std::int64_t length) {
  return length % kVectorFloats != 0;
}
double kilo_plane_tails(Layer layer, Context context) {
  return has_tail(layer.input.height * layer.input.width) ? kilo_planes(layer, context) : 0;
}
double kilo_channels(Layer layer, Context) {
  return 1e-3 * number(layer.channels_in);
}
double kilo_rows(Layer layer, Context) {
  return 1e-3 * number(layer.batch) * positions(layer) * number(layer.groups);
}
/// Whole vectors that the channels of a position, or of a part of it, fill.
double kilo_vectors(Layer layer, Context context) {
  return kilo_rows(layer, context) * std::ceil(number(layer.channels_in / layer.groups) / kChannelBlock);
}
double kilo_row_tails(Layer layer, Context context) {
  return has_tail(layer.channels_in / layer.groups) ? kilo_rows(layer, context) : 0;
}
double kilo_copies(Layer layer, Context) {
  return 1e-3 * number(layer.batch) * number(layer.groups);
}
double tensors(Layer layer, Context) {
  return number(layer.groups);
}

constexpr LayerFeature kNorm2d[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb},
    {"cost_kilo_planes", kilo_planes},
    {"cost_kilo_plane_tails", kilo_plane_tails},
    {"cost_kilo_channels", kilo_channels},
    {"cost_activation_call", activation_call},
    {"cost_activation_mb", activation_mb},
    {"cost_relu6_call", call_of<Activation::kRelu6>},
};

constexpr LayerFeature kLayerNorm[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb},
    {"cost_kilo_rows", kilo_rows},
    {"cost_kilo_row_tails", kilo_row_tails},
    {"cost_kilo_vectors", kilo_vectors},
};

constexpr LayerFeature kAdd[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb},
    {"cost_activation_call", activation_call},
    {"cost_activation_mb", activation_mb},
    {"cost_relu6_call", call_of<Activation::kRelu6>},
};

constexpr LayerFeature kConcat[] = {
    {"cost_call", call},       {"cost_cold_call", cold_call},     {"cost_input_mb", input_mb}, {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb}, {"cost_kilo_copies", kilo_copies}, {"cost_tensors", tensors},
};

constexpr LayerFeature kActivation[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb},
    {"cost_sigmoid_call", call_of<Activation::kSigmoid>},
    {"cost_sigmoid_mega", mega_of<Activation::kSigmoid>},
    {"cost_tanh_call", call_of<Activation::kTanh>},
    {"cost_tanh_mega", mega_of<Activation::kTanh>},
    {"cost_gelu_call", call_of<Activation::kGelu>},
    {"cost_gelu_mega", mega_of<Activation::kGelu>},
    {"cost_relu6_call", call_of<Activation::kRelu6>},
    {"cost_relu6_mega", mega_of<Activation::kRelu6>},
};

constexpr LayerFeature kGlobalPool2d[] = {
    {"cost_call", call},     {"cost_cold_call", cold_call}, {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb}, {"cost_cold_mb", cold_mb},     {"cost_kilo_planes", kilo_planes},
};

constexpr LayerFeature kSoftmax[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_far_mb", far_mb},
    {"cost_cold_mb", cold_mb},
    {"cost_kilo_rows", kilo_rows},
    {"cost_kilo_row_tails", kilo_row_tails},
    {"cost_kilo_vectors", kilo_vectors},
};

// Products of m x k times k x n. LibTorch leaves them to its BLAS one by one, but for small ones, of fewer than 400
// multiply-adds, which it does itself (bmm_out_or_baddbmm_ in ATen/native/LinearAlgebra.cpp, 1.13 and 2.x).
double products(Layer layer) {
  return number(layer.batch) * number(layer.groups);
}
bool are_small(Layer layer) {
  constexpr double kFewestForBlas = 400;
  const double k = number(layer.channels_in / layer.groups), n = number(layer.channels_out / layer.groups);
  return positions(layer) * k * n < kFewestForBlas;
}
double gflop(Layer layer, Context) {
  return are_small(layer) ? 0 : 1e-9 * layer.flops();
}
/// With n rounded up to whole blocks.
double blocked_gflop(Layer layer, Context context) {
  const double n = number(layer.channels_out / layer.groups);
  return gflop(layer, context) * std::ceil(n / kChannelBlock) * kChannelBlock / n;
}
double small_gflop(Layer layer, Context) {
  return are_small(layer) ? 1e-9 * layer.flops() : 0;
}
double kilo_products(Layer layer, Context) {
  return are_small(layer) ? 0 : 1e-3 * products(layer);
}
double kilo_small_products(Layer layer, Context) {
  return are_small(layer) ? 1e-3 * products(layer) : 0;
}
/// Several images' heads do not lie in one row; they are brought there.
double gathered_mb(Layer layer, Context) {
  return layer.batch > 1 && layer.groups > 1 ? layer.input_bytes() / kMega : 0;
}

constexpr LayerFeature kMatMul[] = {
    {"cost_call", call},
    {"cost_cold_call", cold_call},
    {"cost_input_mb", input_mb},
    {"cost_output_mb", output_mb},
    {"cost_far_mb", far_mb},
    {"cost_gathered_mb", gathered_mb},
    {"cost_kilo_products", kilo_products},
    {"cost_kilo_small_products", kilo_small_products},
    {"cost_kilo_rows", kilo_rows},
    {"cost_gflop", gflop},
    {"cost_blocked_gflop", blocked_gflop},
    {"cost_small_gflop", small_gflop},
};

}  // namespace

Span<const LayerFeature> branched_cost_terms(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kBatchNorm2d:
      return {kNorm2d, std::size(kNorm2d)};
    case LayerKind::kLayerNorm:
      return {kLayerNorm, std::size(kLayerNorm)};
    case LayerKind::kAdd:
      return {kAdd, std::size(kAdd)};
    case LayerKind::kConcat:
      return {kConcat, std::size(kConcat)};
    case LayerKind::kActivation:
      return {kActivation, std::size(kActivation)};
    case LayerKind::kGlobalPool2d:
      return {kGlobalPool2d, std::size(kGlobalPool2d)};
    case LayerKind::kSoftmax:
      return {kSoftmax, std::size(kSoftmax)};
    case LayerKind::kMatMul:
      return {kMatMul, std::size(kMatMul)};
    default:
      return {};
  }
}

}  // namespace perfmodel
