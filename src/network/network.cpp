#include "perfmodel/network/network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "network/graph.h"
#include "network/layer_inputs.h"
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

std::vector<NetworkEnds> ends_of(const std::vector<NetworkInput>& inputs, const std::vector<NetworkNode>& nodes) {
  std::unordered_set<std::string> not_yet_in, read;
  for (const NetworkInput& input : inputs) not_yet_in.insert(input.name);
  for (const NetworkNode& node : nodes) read.insert(node.inputs.begin(), node.inputs.end());
  std::vector<NetworkEnds> ends;
  ends.reserve(nodes.size());
  for (const NetworkNode& node : nodes) {
    NetworkEnds& of_node = ends.emplace_back();
    for (const std::string& input : node.inputs) of_node.first = not_yet_in.erase(input) > 0 || of_node.first;
    of_node.last = read.count(node.name) == 0;
  }
  return ends;
}

/// What the node's layer takes in, as text: a dense layer that flattens takes any shape of that many elements.
std::string taken_in(const LayerSpec& layer) {
  const TensorShape shape = {layer.batch, layer.channels_in, layer.input.height, layer.input.width};
  if (layer.kind == LayerKind::kConcat) return fmt::format("{} together", to_text(shape));
  if (layer.kind != LayerKind::kDense || !(layer.input == Size2{})) return to_text(shape);
  return fmt::format("batch {} of {} values", layer.batch, layer.channels_in);
}

void check_number_of_inputs(const NetworkNode& node) {
  const std::size_t given = node.inputs.size();
  const LayerSpec& layer = node.layer;
  const auto expected = static_cast<std::size_t>(layer.num_input_tensors());
  if (given == expected) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("node '{}': {} inputs, {}", node.name, given,
                          expected == 1 ? fmt::format("a {} layer has exactly one", layer_kind_name(layer.kind))
                                        : fmt::format("its {} layer has {}", layer_kind_name(layer.kind), expected)));
}

void check_fit(const NetworkNode& node, const std::vector<TensorShape>& given) {
  LayerSpec expected = node.layer;
  set_input_shapes(expected, given);
  if (expected != node.layer) {
    std::string shapes;
    for (const TensorShape& shape : given) shapes += (shapes.empty() ? "" : " and ") + to_text(shape);
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("node '{}': its layer takes {}, but its input{} '{}' give{} {} (batch x channels x height x width)",
                    node.name, taken_in(node.layer), given.size() == 1 ? "" : "s", fmt::join(node.inputs, "', '"),
                    given.size() == 1 ? "s" : "", shapes));
  }
  const std::string reason = misfit(node.layer, given);
  if (!reason.empty()) throw Error(ErrorCode::kMismatch, fmt::format("node '{}': {}", node.name, reason));
}

}  // namespace

Network::Network(std::string name, std::vector<NetworkInput> inputs, std::vector<NetworkNode> nodes)
    : name_(std::move(name)), inputs_(std::move(inputs)) {
  check_inputs(inputs_);
  if (nodes.empty()) throw Error(ErrorCode::kInvalidArgument, "a network needs at least one node");
  for (const NetworkNode& node : nodes) {
    check_layer(node.name, node.layer);
    check_number_of_inputs(node);
  }
  nodes_ = in_run_order(inputs_, std::move(nodes));
  ends_ = ends_of(inputs_, nodes_);

  std::unordered_map<std::string, TensorShape> shapes;
  for (const NetworkInput& input : inputs_) shapes.emplace(input.name, input.shape);
  for (const NetworkNode& node : nodes_) {
    std::vector<TensorShape> given;
    for (const std::string& input : node.inputs) given.push_back(shapes.at(input));
    check_fit(node, given);
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
    if (node.inputs.size() != 1 || node.inputs.front() != *previous) return false;
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
