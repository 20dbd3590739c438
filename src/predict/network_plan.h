#pragma once

#include <cstddef>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {

/// Sizes that follow from the layers of a sequence network, in float32 elements per row.
struct NetworkPlan {
  std::size_t block_rows = 1;    ///< rows to evaluate at a time
  std::size_t input_stride = 1;  ///< between the inputs of a row
  std::size_t activation = 0;    ///< the largest input or output of a layer, channels filled up as kernels want them
  std::size_t auxiliary = 0;     ///< the largest gathered input of a convolution
};

/// Most elements per row that a network may need for an activation.
constexpr std::size_t kMaxActivation = std::size_t{1} << 24;

/// Checks that layers fit one another, their weights and biases, that these are finite, and that one value comes out.
/// @throws Error kCorrupt: names the layer.
NetworkPlan plan_network(std::size_t num_inputs, const std::vector<NetworkLayer>& layers);

}  // namespace perfmodel
