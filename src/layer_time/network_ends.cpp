#include "perfmodel/layer_time/network_ends.h"

#include <set>
#include <string>

namespace perfmodel {

std::vector<NetworkEnds> network_ends(const Network& network) {
  std::set<std::string> not_yet_in, read;
  for (const NetworkInput& input : network.inputs()) not_yet_in.insert(input.name);
  for (const NetworkNode& node : network.nodes()) read.insert(node.inputs.begin(), node.inputs.end());
  std::vector<NetworkEnds> ends;
  for (const NetworkNode& node : network.nodes()) {
    NetworkEnds& of_node = ends.emplace_back();
    for (const std::string& input : node.inputs) of_node.first = not_yet_in.erase(input) > 0 || of_node.first;
    of_node.last = read.count(node.name) == 0;
  }
  return ends;
}

}  // namespace perfmodel
