#include "layer_time/branched_features.h"

#include <cstdint>
#include <iterator>

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

double number(std::int64_t value) {
  return static_cast<double>(value);
}

double batch(Layer layer, Context) {
  return number(layer.batch);
}
double positions(Layer layer, Context) {
  return number(layer.input.height) * number(layer.input.width);
}
double channels(Layer layer, Context) {
  return number(layer.channels_in);
}
double groups(Layer layer, Context) {
  return number(layer.groups);
}
double group_channels(Layer layer, Context) {
  return number(layer.channels_in / layer.groups);
}
double group_channels_out(Layer layer, Context) {
  return number(layer.channels_out / layer.groups);
}
double input_bytes(Layer layer, Context) {
  return layer.input_bytes();
}
double output_bytes(Layer layer, Context) {
  return layer.output_bytes();
}
double with_activation(Layer layer, Context) {
  return 1 + static_cast<double>(layer.activation);
}
double flops(Layer layer, Context) {
  return layer.flops();
}
double product_flops(Layer layer, Context) {
  return layer.flops() / (number(layer.batch) * number(layer.groups));
}
double flops_per_byte(Layer layer, Context) {
  return layer.flops() / (layer.input_bytes() + layer.output_bytes());
}

constexpr LayerFeature kElementwise[] = {
    {"batch", batch},
    {"positions", positions},
    {"channels_in", channels},
    {"input_bytes", input_bytes},
    {"with_activation", with_activation},
};

constexpr LayerFeature kInGroups[] = {
    {"batch", batch},
    {"positions", positions},
    {"groups", groups},
    {"group_channels_in", group_channels},
    {"input_bytes", input_bytes},
};

constexpr LayerFeature kMatMul[] = {
    {"batch", batch},
    {"heads", groups},
    {"gemm_m", positions},
    {"gemm_k", group_channels},
    {"gemm_n", group_channels_out},
    {"flops", flops},
    {"product_flops", product_flops},
    {"input_bytes", input_bytes},
    {"output_bytes", output_bytes},
    {"flops_per_byte", flops_per_byte},
};

}  // namespace

Span<const LayerFeature> branched_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kBatchNorm2d:
    case LayerKind::kLayerNorm:
    case LayerKind::kAdd:
    case LayerKind::kActivation:
    case LayerKind::kGlobalPool2d:
      return {kElementwise, std::size(kElementwise)};
    case LayerKind::kConcat:
    case LayerKind::kSoftmax:
      return {kInGroups, std::size(kInGroups)};
    case LayerKind::kMatMul:
      return {kMatMul, std::size(kMatMul)};
    default:
      return {};
  }
}

}  // namespace perfmodel
