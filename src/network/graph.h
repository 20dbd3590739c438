#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/network/network.h"

namespace perfmodel {

/// A node's name and the names it reads from.
struct GraphNode {
  std::string name;
  std::vector<std::string> inputs;
};

/// The order in which `nodes` can run: the given one where it can, else each node as soon as what it reads is there.
/// @return positions in `nodes`.
/// @throws Error kInvalidArgument: an empty or repeated name, an input that does not exist, a cycle (its nodes are
/// named).
std::vector<std::size_t> run_order(const std::vector<std::string>& input_names, const std::vector<GraphNode>& nodes);

/// Validates a node's layer.  @throws Error as LayerSpec::validate(), beginning with the node's name.
void check_layer(const std::string& node_name, const LayerSpec& layer);

/// @throws Error kInvalidArgument, beginning with `where`: a size < 1, or more than 2^53 elements.
void check_shape(TensorShape shape, const std::string& where);

}  // namespace perfmodel
