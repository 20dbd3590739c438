#include "network/layer_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "network/layer_text.h"

namespace perfmodel {
namespace {

constexpr std::int64_t kBeyondAnySize = std::int64_t{1} << 54;  // no layer is valid with it; sums stop there

std::int64_t positions(TensorShape shape) noexcept {
  return shape.height * shape.width;
}

/// What the second tensor of a matrix product is: `rows` positions of `channels`.
bool holds(TensorShape second, const LayerSpec& layer, std::int64_t rows, std::int64_t channels) noexcept {
  return second.batch == layer.batch && positions(second) == rows && second.channels == channels;
}

bool is_plain(const LayerSpec& layer, TensorShape second) noexcept {
  return holds(second, layer, layer.channels_in / layer.groups, layer.channels_out);
}

std::string both(Span<const TensorShape> shapes, std::size_t other) {
  return fmt::format("its inputs give {} and {} (batch x channels x height x width)", to_text(shapes[0]),
                     to_text(shapes[other]));
}

}  // namespace

bool keeps_channels(LayerKind kind) noexcept {
  return kind != LayerKind::kConv2d && kind != LayerKind::kDense && kind != LayerKind::kMatMul;
}

TensorShape output_shape(const LayerSpec& layer) noexcept {
  const Size2 size = layer.output();
  return {layer.batch, layer.channels_out, size.height, size.width};
}

std::vector<TensorShape> input_shapes(const LayerSpec& layer) {
  const TensorShape first = {layer.batch, layer.channels_in, layer.input.height, layer.input.width};
  if (layer.kind == LayerKind::kAdd) return {first, first};
  if (layer.kind == LayerKind::kMatMul) {
    return {first, {layer.batch, layer.channels_out, layer.channels_in / layer.groups, 1}};
  }
  if (layer.kind != LayerKind::kConcat) return {first};
  std::vector<TensorShape> shapes;
  for (std::int64_t i = 0; i < layer.groups; ++i) {
    TensorShape& shape = shapes.emplace_back(first);
    shape.channels = layer.channels_in / layer.groups + (i < layer.channels_in % layer.groups ? 1 : 0);
  }
  return shapes;
}

void set_input_shapes(LayerSpec& layer, Span<const TensorShape> shapes) noexcept {
  const TensorShape& first = shapes[0];
  layer.batch = first.batch;
  if (layer.kind == LayerKind::kDense && layer.input == Size2{}) {
    layer.channels_in = first.channels * positions(first);
    return;
  }
  layer.input = {first.height, first.width};
  layer.channels_in = first.channels;
  if (layer.kind == LayerKind::kConcat) {
    layer.groups = static_cast<std::int64_t>(shapes.size());
    for (const TensorShape& other : shapes.subspan(1, shapes.size() - 1)) {
      layer.channels_in = std::min(layer.channels_in + other.channels, kBeyondAnySize);
    }
  }
  if (keeps_channels(layer.kind)) layer.channels_out = layer.channels_in;
}

std::string misfit(const LayerSpec& layer, Span<const TensorShape> shapes) {
  for (std::size_t i = 1; i < shapes.size(); ++i) {
    TensorShape other = shapes[i];
    if (layer.kind == LayerKind::kMatMul) {
      if (is_plain(layer, other) || is_transposed(layer, other)) continue;
      const std::int64_t k = layer.channels_in / layer.groups, n = layer.channels_out / layer.groups;
      return fmt::format("{}; the second one must hold {} positions of {} channels, or {} of {}", both(shapes, i), k,
                         layer.channels_out, n, layer.channels_in);
    }
    if (layer.kind == LayerKind::kConcat) other.channels = shapes[0].channels;
    if (other == shapes[0]) continue;
    return layer.kind == LayerKind::kConcat
               ? both(shapes, i) + "; a concatenation takes tensors that differ in their channels alone"
               : both(shapes, i) + "; an addition takes equal shapes";
  }
  return {};
}

bool is_transposed(const LayerSpec& layer, TensorShape second) noexcept {
  return !is_plain(layer, second) && holds(second, layer, layer.channels_out / layer.groups, layer.channels_in);
}

}  // namespace perfmodel
