#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/network/network.h"

namespace perfmodel::tools {

/// A built-in network by name, or one read from a file whose name ends in ".json". A batch of 0 means 1, or the file's
/// own.
Network network_named(const std::string& name, std::int64_t batch);

/// One layer written as a node of a network's JSON, without name and input; "inputs" of one that takes several tensors
/// name "input".
/// @param shape  of "input": batch, channels, height, width
/// @throws Error as Network::from_json
LayerSpec layer_from_json(const std::string& json, const std::vector<std::int64_t>& shape);

}  // namespace perfmodel::tools
