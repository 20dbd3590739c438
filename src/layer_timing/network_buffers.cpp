#include "layer_timing/network_buffers.h"

#include <algorithm>
#include <cstddef>

namespace perfmodel {
namespace {

std::size_t num_values(TensorShape shape) {
  return static_cast<std::size_t>(shape.batch * shape.channels * shape.height * shape.width);
}

}  // namespace

double needed_bytes(const Network& network) {
  double weights = 0, largest = 0;
  for (const LayerSpec& layer : network.layers()) {
    weights += layer.weight_bytes();
    largest = std::max(largest, 3 * layer.input_bytes() + 3 * layer.output_bytes());
  }
  return 2 * weights + largest;
}

CallerBuffers reserve_buffers(const Network& network, FilledBuffer& input, FilledBuffer& output) {
  std::size_t num_inputs = 0, num_outputs = 0;
  for (const NetworkInput& one : network.inputs()) num_inputs += num_values(one.shape);
  for (const std::size_t node : output_nodes(network)) {
    num_outputs += static_cast<std::size_t>(network.nodes()[node].layer.num_outputs());
  }
  return {input.reserve(num_inputs), output.reserve(num_outputs)};
}

}  // namespace perfmodel
