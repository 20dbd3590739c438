#pragma once

#include "layer_timing/framework.h"
#include "layer_timing/host_memory.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// Memory that running a network takes: weights as given and reordered, the largest layer's tensors twice or thrice.
double needed_bytes(const Network& network);

/// Room for all inputs and outputs of `network`. Inputs are filled.
CallerBuffers reserve_buffers(const Network& network, FilledBuffer& input, FilledBuffer& output);

}  // namespace perfmodel
