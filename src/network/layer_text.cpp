// How layers and shapes read in messages.
#include "network/layer_text.h"

#include <fmt/format.h>

namespace perfmodel {
namespace {

std::string window_text(const LayerSpec& layer) {
  const std::string text =
      fmt::format(", kernel {}, stride {}, pad {}", to_text(layer.kernel), to_text(layer.stride), to_text(layer.pads));
  return layer.dilation == Size2{} ? text : text + fmt::format(", dilation {}", to_text(layer.dilation));
}

}  // namespace

std::string to_text(Size2 size) {
  return size.height == size.width ? fmt::format("{}", size.height) : fmt::format("{}x{}", size.height, size.width);
}

std::string to_text(const Pads& pads) {
  if (pads == Pads{pads.top, pads.top, pads.top, pads.top}) return fmt::format("{}", pads.top);
  return fmt::format("[{}, {}, {}, {}]", pads.top, pads.bottom, pads.left, pads.right);
}

std::string to_text(TensorShape shape) {
  return fmt::format("{}x{}x{}x{}", shape.batch, shape.channels, shape.height, shape.width);
}

std::string describe(const LayerSpec& layer) {
  const std::string shape = to_text(TensorShape{layer.batch, layer.channels_in, layer.input.height, layer.input.width});
  std::string text = fmt::format("{} {}", layer_kind_name(layer.kind), shape);
  switch (layer.kind) {
    case LayerKind::kConv2d:
      text += fmt::format(" -> {}", layer.channels_out) + window_text(layer);
      break;
    case LayerKind::kPool2d:
      text = (layer.pool_kind == PoolKind::kMax ? "max " : "average ") + text + window_text(layer);
      break;
    case LayerKind::kDense:
      if (layer.input == Size2{}) text = fmt::format("dense {}x{}", layer.batch, layer.channels_in);
      text += fmt::format(" -> {}", layer.channels_out);
      break;
    case LayerKind::kMatMul:
      text += fmt::format(" -> {}", layer.channels_out);
      break;
    default:
      break;
  }
  if (layer.kind == LayerKind::kConcat) {
    text += fmt::format(", {} tensors", layer.groups);
  } else if (layer.groups != 1) {
    text += fmt::format(", groups {}", layer.groups);
  }
  const bool may_have_bias = layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kDense;
  if (may_have_bias && !layer.bias) text += ", no bias";
  if (layer.activation != Activation::kNone) text += fmt::format(", {}", activation_name(layer.activation));
  return text;
}

}  // namespace perfmodel
