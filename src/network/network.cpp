#include "perfmodel/network/network.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "network/graph.h"
#include "network/layer_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

void check_inputs(const std::vector<NetworkInput>& inputs) {
  if (inputs.empty()) throw Error(ErrorCode::kInvalidArgument, "a network needs at least one input");
  for (const NetworkInput& input : inputs) {
    check_shape(input.shape, fmt::format("input '{}'", input.name));
    if (input.shape.batch != inputs.front().shape.batch) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("input '{}': batch {} differs from batch {} of input '{}'", input.name, input.shape.batch,
                              inputs.front().shape.batch, inputs.front().name));
    }
  }
}

std::vector<NetworkNode> in_run_order(const std::vector<NetworkInput>& inputs, std::vector<NetworkNode> nodes) {
  std::vector<std::string> input_names;
  for (const NetworkInput& input : inputs) input_names.push_back(input.name);
  std::vector<GraphNode> graph;
  for (const NetworkNode& node : nodes) graph.push_back({node.name, node.inputs});

  std::vector<NetworkNode> ordered;
  ordered.reserve(nodes.size());
  for (const std::size_t index : run_order(input_names, graph)) ordered.push_back(std::move(nodes[index]));
  return ordered;
}

/// What the node's layer takes in, as text: a dense layer takes any shape of that many elements.
std::string taken_in(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kDense) return fmt::format("batch {} of {} values", layer.batch, layer.channels_in);
  return to_text(TensorShape{layer.batch, layer.channels_in, layer.input.height, layer.input.width});
}

void check_fit(const NetworkNode& node, TensorShape given) {
  LayerSpec expected = node.layer;
  set_input_shape(expected, given);
  if (expected == node.layer) return;
  throw Error(
      ErrorCode::kMismatch,
      fmt::format("node '{}': its layer takes {}, but its input '{}' gives {} (batch x channels x height x width)",
                  node.name, taken_in(node.layer), node.inputs.front(), to_text(given)));
}

}  // namespace

Network::Network(std::string name, std::vector<NetworkInput> inputs, std::vector<NetworkNode> nodes)
    : name_(std::move(name)), inputs_(std::move(inputs)) {
  check_inputs(inputs_);
  if (nodes.empty()) throw Error(ErrorCode::kInvalidArgument, "a network needs at least one node");
  for (const NetworkNode& node : nodes) {
    if (node.inputs.size() != 1) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("node '{}': {} inputs, a {} layer has exactly one", node.name, node.inputs.size(),
                              layer_kind_name(node.layer.kind)));
    }
  }
  nodes_ = in_run_order(inputs_, std::move(nodes));

  std::unordered_map<std::string, TensorShape> shapes;
  for (const NetworkInput& input : inputs_) shapes.emplace(input.name, input.shape);
  for (const NetworkNode& node : nodes_) {
    check_layer(node.name, node.layer);
    check_fit(node, shapes.at(node.inputs.front()));
    shapes.emplace(node.name, output_shape(node.layer));
  }
}

std::vector<LayerSpec> Network::layers() const {
  std::vector<LayerSpec> layers;
  layers.reserve(nodes_.size());
  for (const NetworkNode& node : nodes_) layers.push_back(node.layer);
  return layers;
}

Network Network::with_batch(std::int64_t batch) const {
  if (batch < 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("network '{}': batch is {}, must be at least 1", name_, batch));
  }
  std::vector<NetworkInput> inputs = inputs_;
  for (NetworkInput& input : inputs) input.shape.batch = batch;
  std::vector<NetworkNode> nodes = nodes_;
  for (NetworkNode& node : nodes) node.layer.batch = batch;
  return Network(name_, std::move(inputs), std::move(nodes));
}

bool Network::is_sequential() const noexcept {
  if (inputs_.size() != 1) return false;
  const std::string* previous = &inputs_.front().name;
  for (const NetworkNode& node : nodes_) {
    if (node.inputs.front() != *previous) return false;
    previous = &node.name;
  }
  return true;
}

double Network::footprint_bytes() const noexcept {
  double bytes = 0;
  for (const NetworkNode& node : nodes_) bytes += node.layer.weight_bytes() + node.layer.output_bytes();
  return bytes;
}

}  // namespace perfmodel
