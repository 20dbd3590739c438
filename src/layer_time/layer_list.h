#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/layer_time/timed_network.h"

namespace perfmodel {

/// A network as a list of layers, or why it is none.
struct LayerList {
  std::vector<LayerSpec> layers;
  std::string skipped;  ///< why the network is impossible, e.g. "an empty output"; empty: it is possible
};

/// Reads the list of timed_networks_from_csv(), e.g. "IN:2 8 3;P:2 8 3 2 2 0;FC:2 16 3 10 0 1".
/// @param place  stands before messages, e.g. "networks.csv:7"
/// @throws Error kParse: text that is no such list, or an invalid layer; names the part.
LayerList parse_layer_list(const std::string& text, LayerSizes sizes, const std::string& place);

}  // namespace perfmodel
