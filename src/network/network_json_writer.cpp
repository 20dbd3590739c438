#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "perfmodel/network/network.h"

namespace perfmodel {
namespace {

using nlohmann::ordered_json;

ordered_json to_value(Size2 size) {
  if (size.height == size.width) return size.height;
  return ordered_json::array({size.height, size.width});
}

ordered_json to_value(const Pads& pads) {
  if (pads == Pads{pads.top, pads.top, pads.top, pads.top}) return pads.top;
  return ordered_json::array({pads.top, pads.bottom, pads.left, pads.right});
}

ordered_json to_value(const NetworkInput& input) {
  const TensorShape& shape = input.shape;
  ordered_json value;
  value["name"] = input.name;
  value["shape"] = ordered_json::array({shape.batch, shape.channels, shape.height, shape.width});
  return value;
}

void write_window(const LayerSpec& layer, ordered_json& value) {
  value["kernel"] = to_value(layer.kernel);
  value["stride"] = to_value(layer.stride);
  value["pads"] = to_value(layer.pads);
  if (!(layer.dilation == Size2{})) value["dilation"] = to_value(layer.dilation);
}

ordered_json to_value(const NetworkNode& node) {
  const LayerSpec& layer = node.layer;
  const LayerKind kind = layer.kind;
  const bool has_weights = kind == LayerKind::kConv2d || kind == LayerKind::kDense;
  ordered_json value;
  value["name"] = node.name;
  value["kind"] = layer_kind_name(kind);
  if (layer.num_input_tensors() == 1) {
    value["input"] = node.inputs.front();
  } else {
    value["inputs"] = node.inputs;
  }
  if (has_weights || kind == LayerKind::kMatMul) value["channels_out"] = layer.channels_out;
  if (kind == LayerKind::kDense && !(layer.input == Size2{})) value["flatten"] = false;
  if (kind == LayerKind::kConv2d || kind == LayerKind::kPool2d) write_window(layer, value);
  if (layer.groups != 1 && kind != LayerKind::kConcat) value["groups"] = layer.groups;
  if (kind == LayerKind::kPool2d) value["pool"] = layer.pool_kind == PoolKind::kMax ? "max" : "average";
  if (has_weights) value["bias"] = layer.bias;
  value["activation"] = activation_name(layer.activation);
  return value;
}

std::string to_text(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// One item per line.
template <typename Item>
std::string to_lines(const std::vector<Item>& items) {
  std::vector<std::string> lines;
  for (const Item& item : items) lines.push_back("    " + to_text(to_value(item)));
  return fmt::format("{}", fmt::join(lines, ",\n"));
}

}  // namespace

std::string Network::to_json() const {
  return fmt::format("{{\n  \"name\": {},\n  \"inputs\": [\n{}\n  ],\n  \"nodes\": [\n{}\n  ]\n}}\n", to_text(name_),
                     to_lines(inputs_), to_lines(nodes_));
}

}  // namespace perfmodel
