#include "network/graph.h"

#include <fmt/format.h>

#include <functional>
#include <queue>
#include <unordered_map>

#include "network/layer_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kNetworkInput = static_cast<std::size_t>(-1);

/// Where each name is defined: a position in `nodes`, or kNetworkInput.
using Definitions = std::unordered_map<std::string, std::size_t>;

Definitions define_names(const std::vector<std::string>& input_names, const std::vector<GraphNode>& nodes) {
  Definitions definitions;
  for (const std::string& name : input_names) {
    if (name.empty()) throw Error(ErrorCode::kInvalidArgument, "an input of the network has no name");
    if (!definitions.emplace(name, kNetworkInput).second) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("input '{}' appears twice, names must be unique", name));
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].name.empty()) throw Error(ErrorCode::kInvalidArgument, fmt::format("node {} has no name", i + 1));
    const auto [defined, is_new] = definitions.emplace(nodes[i].name, i);
    if (!is_new) {
      const char* rival = defined->second == kNetworkInput ? "an input has that name" : "the name appears twice";
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("node '{}': {}, names must be unique", nodes[i].name, rival));
    }
  }
  return definitions;
}

/// A cycle among nodes that never became ready, e.g. "a -> b -> a" (each feeds the next).
std::string find_cycle(const std::vector<GraphNode>& nodes, const Definitions& definitions,
                       const std::vector<std::size_t>& num_missing) {
  const auto is_stuck = [&](std::size_t node) { return node != kNetworkInput && num_missing[node] > 0; };
  std::size_t node = 0;
  while (!is_stuck(node)) ++node;
  // Each stuck node reads from another one, so that walking backwards must come to a node for the second time.
  std::vector<std::size_t> path;
  std::vector<std::size_t> position(nodes.size(), nodes.size());
  while (position[node] == nodes.size()) {
    position[node] = path.size();
    path.push_back(node);
    for (const std::string& input : nodes[node].inputs) {
      const std::size_t source = definitions.at(input);
      if (is_stuck(source)) {
        node = source;
        break;
      }
    }
  }
  std::string text = nodes[node].name;
  for (std::size_t i = path.size(); i > position[node]; --i) text += " -> " + nodes[path[i - 1]].name;
  return text;
}

}  // namespace

std::vector<std::size_t> run_order(const std::vector<std::string>& input_names, const std::vector<GraphNode>& nodes) {
  const Definitions definitions = define_names(input_names, nodes);
  std::vector<std::size_t> num_missing(nodes.size(), 0);
  std::vector<std::vector<std::size_t>> readers(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& input : nodes[i].inputs) {
      const auto source = definitions.find(input);
      if (source == definitions.end()) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("node '{}': its input '{}' is neither an input of the network nor a node",
                                nodes[i].name, input));
      }
      if (source->second == kNetworkInput) continue;
      ++num_missing[i];
      readers[source->second].push_back(i);
    }
  }

  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<std::size_t>> ready;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (num_missing[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  order.reserve(nodes.size());
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::size_t reader : readers[node]) {
      if (--num_missing[reader] == 0) ready.push(reader);
    }
  }
  if (order.size() < nodes.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("nodes form a cycle: {}", find_cycle(nodes, definitions, num_missing)));
  }
  return order;
}

void check_layer(const std::string& node_name, const LayerSpec& layer) {
  try {
    layer.validate();
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("node '{}': {}", node_name, error.what()));
  }
}

void check_shape(TensorShape shape, const std::string& where) {
  constexpr double kMaxElements = 0x1.0p53;
  double elements = 1;
  bool positive = true;
  for (const std::int64_t size : {shape.batch, shape.channels, shape.height, shape.width}) {
    positive = positive && size >= 1;
    elements *= static_cast<double>(size);
  }
  if (!positive || elements > kMaxElements) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: shape {}: each size must be at least 1 and their product at most 2^53", where,
                            to_text(shape)));
  }
}

}  // namespace perfmodel
