#pragma once

#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// Which terms of equation 2 besides its execution a layer brings into the time of its network.
struct NetworkEnds {
  bool first = false;  ///< preprocess: the first node, in the order in which they run, that reads one of its inputs
  bool last = false;   ///< postprocess: no other node reads it
};

/// Of each node, in the order of Network::nodes().
PERFMODEL_EXPORT std::vector<NetworkEnds> network_ends(const Network& network);

}  // namespace perfmodel
