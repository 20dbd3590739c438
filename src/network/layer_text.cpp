// How layers and shapes read in messages.
#include "network/layer_text.h"

#include <fmt/format.h>

namespace perfmodel {

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
  std::string text;
  if (layer.kind == LayerKind::kDense) {
    text = fmt::format("dense {}x{} -> {}", layer.batch, layer.channels_in, layer.channels_out);
  } else {
    const std::string shape =
        to_text(TensorShape{layer.batch, layer.channels_in, layer.input.height, layer.input.width});
    text = layer.kind == LayerKind::kPool2d
               ? fmt::format("{} pool2d {}", layer.pool_kind == PoolKind::kMax ? "max" : "average", shape)
               : fmt::format("{} {} -> {}", layer_kind_name(layer.kind), shape, layer.channels_out);
    text += fmt::format(", kernel {}, stride {}, pad {}", to_text(layer.kernel), to_text(layer.stride),
                        to_text(layer.pads));
  }
  if (!(layer.dilation == Size2{})) text += fmt::format(", dilation {}", to_text(layer.dilation));
  if (layer.groups != 1) text += fmt::format(", groups {}", layer.groups);
  if (!layer.bias && layer.kind != LayerKind::kPool2d) text += ", no bias";
  if (layer.activation != Activation::kNone) text += fmt::format(", {}", activation_name(layer.activation));
  return text;
}

}  // namespace perfmodel
