#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/file.h"
#include "core/json.h"
#include "network/graph.h"
#include "network/json_values.h"
#include "network/layer_inputs.h"
#include "network/layer_text.h"
#include "perfmodel/core/error.h"
#include "perfmodel/network/network.h"

namespace perfmodel {
namespace {

using nlohmann::json;

/// A node as it stands in the text; what depends on its input's shape is still open.
struct NodeText {
  std::string name;
  std::vector<std::string> inputs;
  LayerSpec layer;
  bool same_pads = false;
  bool flatten = true;
  std::optional<std::int64_t> channels_in;  ///< as the text claims
};

NetworkInput read_input(const json& text, std::size_t index) {
  const std::string where = fmt::format("input {}", index + 1);
  require_keys(text, {"name", "shape"}, where);
  const std::string name = string_at(text, "name", where);
  const std::string named = fmt::format("input '{}'", name);
  const json& shape = array_at(text, "shape", named);
  if (shape.size() != 4) {
    throw Error(ErrorCode::kParse, fmt::format("{}: 'shape' has {} sizes, expected [batch, channels, height, width]",
                                               named, shape.size()));
  }
  const auto size = [&](std::size_t i) { return size_value(shape[i], "shape", named, 1); };
  return {name, {size(0), size(1), size(2), size(3)}};
}

bool takes_several(LayerKind kind) {
  return kind == LayerKind::kAdd || kind == LayerKind::kConcat || kind == LayerKind::kMatMul;
}

void require_node_keys(const json& text, LayerKind kind, const std::string& where) {
  switch (kind) {
    case LayerKind::kConv2d:
      return require_keys(text,
                          {"name", "kind", "input", "channels_in", "channels_out", "kernel", "stride", "pads",
                           "dilation", "groups", "bias", "activation"},
                          where);
    case LayerKind::kPool2d:
      return require_keys(
          text, {"name", "kind", "input", "channels_in", "kernel", "stride", "pads", "dilation", "pool", "activation"},
          where);
    case LayerKind::kDense:
      return require_keys(
          text, {"name", "kind", "input", "channels_in", "channels_out", "flatten", "bias", "activation"}, where);
    case LayerKind::kBatchNorm2d:
    case LayerKind::kLayerNorm:
    case LayerKind::kActivation:
    case LayerKind::kGlobalPool2d:
      return require_keys(text, {"name", "kind", "input", "channels_in", "activation"}, where);
    case LayerKind::kAdd:
    case LayerKind::kConcat:
      return require_keys(text, {"name", "kind", "inputs", "channels_in", "activation"}, where);
    case LayerKind::kSoftmax:
      return require_keys(text, {"name", "kind", "input", "channels_in", "groups", "activation"}, where);
    case LayerKind::kMatMul:
      return require_keys(text, {"name", "kind", "inputs", "channels_in", "channels_out", "groups", "activation"},
                          where);
  }
}

std::vector<std::string> read_inputs(const json& text, LayerKind kind, const std::string& where) {
  if (!takes_several(kind)) return {string_at(text, "input", where)};
  std::vector<std::string> inputs;
  for (const json& input : array_at(text, "inputs", where)) {
    if (!input.is_string()) {
      throw Error(ErrorCode::kParse, fmt::format("{}: 'inputs' holds {}, expected names", where, input.type_name()));
    }
    inputs.push_back(input.get<std::string>());
  }
  const bool any_number = kind == LayerKind::kConcat;
  if (inputs.size() == 2 || (any_number && inputs.size() > 2)) return inputs;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {} inputs, a layer of kind {} has {}", where, inputs.size(),
                                                       layer_kind_name(kind), any_number ? "two or more" : "two"));
}

void read_window(const json& text, const std::string& where, NodeText& node) {
  LayerSpec& layer = node.layer;
  layer.kernel = size2_value(member_at(text, "kernel", where), "kernel", where);
  if (text.contains("stride")) {
    layer.stride = size2_value(text["stride"], "stride", where);
  } else if (layer.kind == LayerKind::kPool2d) {
    layer.stride = layer.kernel;
  }
  if (text.contains("dilation")) layer.dilation = size2_value(text["dilation"], "dilation", where);
  if (!text.contains("pads")) return;
  node.same_pads = text["pads"] == "same";
  if (!node.same_pads) layer.pads = pads_value(text["pads"], where);
}

NodeText read_node(const json& text, std::size_t index) {
  NodeText node;
  node.name = string_at(text, "name", fmt::format("node {}", index + 1));
  const std::string where = fmt::format("node '{}'", node.name);
  LayerSpec& layer = node.layer;
  layer.kind = kind_value(string_at(text, "kind", where), where);
  require_node_keys(text, layer.kind, where);
  node.inputs = read_inputs(text, layer.kind, where);

  if (text.contains("channels_in")) node.channels_in = size_value(text["channels_in"], "channels_in", where, 1);
  layer.bias = layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kDense;
  if (layer.bias || layer.kind == LayerKind::kMatMul) {
    layer.channels_out = size_value(member_at(text, "channels_out", where), "channels_out", where, 1);
  }
  if (text.contains("bias")) layer.bias = bool_at(text, "bias", where);
  if (text.contains("pool")) layer.pool_kind = pool_kind_value(string_at(text, "pool", where), where);
  if (text.contains("flatten")) node.flatten = bool_at(text, "flatten", where);
  if (layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kPool2d) read_window(text, where, node);
  if (text.contains("groups")) layer.groups = size_value(text["groups"], "groups", where, 1);
  if (text.contains("activation")) layer.activation = activation_value(string_at(text, "activation", where), where);
  return node;
}

/// Completes a node's layer from the shapes of its inputs.
LayerSpec complete(const NodeText& node, const std::vector<TensorShape>& shapes) {
  LayerSpec layer = node.layer;
  if (!node.flatten) layer.input = {shapes.front().height, shapes.front().width};
  set_input_shapes(layer, shapes);
  if (node.channels_in && *node.channels_in != layer.channels_in) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("node '{}': channels_in is {}, but its input '{}' gives {} ({}, batch x channels x height x width)",
                    node.name, *node.channels_in, fmt::join(node.inputs, "' and '"), layer.channels_in,
                    to_text(shapes.front())));
  }
  if (node.same_pads) layer.pads = same_pads(layer.input, layer.kernel, layer.stride, layer.dilation);
  check_layer(node.name, layer);
  const std::string reason = misfit(layer, shapes);
  if (!reason.empty()) throw Error(ErrorCode::kMismatch, fmt::format("node '{}': {}", node.name, reason));
  return layer;
}

std::vector<NetworkNode> infer_shapes(const std::vector<NetworkInput>& inputs, const std::vector<NodeText>& texts) {
  std::vector<std::string> input_names;
  std::unordered_map<std::string, TensorShape> shapes;
  for (const NetworkInput& input : inputs) {
    check_shape(input.shape, fmt::format("input '{}'", input.name));
    input_names.push_back(input.name);
    shapes.emplace(input.name, input.shape);
  }
  std::vector<GraphNode> graph;
  for (const NodeText& text : texts) graph.push_back({text.name, text.inputs});

  std::vector<NetworkNode> nodes;
  for (const std::size_t index : run_order(input_names, graph)) {
    const NodeText& text = texts[index];
    std::vector<TensorShape> given;
    for (const std::string& input : text.inputs) given.push_back(shapes.at(input));
    nodes.push_back({text.name, complete(text, given), text.inputs});
    shapes.emplace(text.name, output_shape(nodes.back().layer));
  }
  return nodes;
}

}  // namespace

Network Network::from_json(std::string_view text) {
  const json network = parse_json(text, "network");
  require_keys(network, {"name", "inputs", "nodes"}, "network");
  std::vector<NetworkInput> inputs;
  for (const json& input : array_at(network, "inputs", "network")) inputs.push_back(read_input(input, inputs.size()));
  std::vector<NodeText> nodes;
  for (const json& node : array_at(network, "nodes", "network")) nodes.push_back(read_node(node, nodes.size()));
  std::vector<NetworkNode> completed = infer_shapes(inputs, nodes);
  return Network(string_at(network, "name", "network"), std::move(inputs), std::move(completed));
}

Network Network::read(const std::string& path) {
  const std::string text = read_file(path);
  try {
    return from_json(text);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("'{}': {}", path, error.what()));
  }
}

}  // namespace perfmodel
