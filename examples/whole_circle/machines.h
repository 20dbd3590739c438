#pragma once

#include "circle.h"

namespace perfmodel::tools {

/// On a simulated board, its seven options: from a ResNet-50-like workload to a VGG-16-like one.
CircleResult simulated_circle(const CircleOptions& options, bool json);

/// On this machine, with what needs no privilege (threads, affinity, niceness, batch, memory format): from one network
/// of LibTorch's to another. `program` is perfmodel-torch-workload.
CircleResult process_circle(const CircleOptions& options, const std::string& program, bool json);

}  // namespace perfmodel::tools
