#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/train/mlp.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Layers of the networks that are fitted here, for rows of `length` features: without weights, with zeros as bias
/// where a layer has one. The last one gives one value.

/// A network that ResPerfNet's training suits: its learner's name and its layers.
struct NetworkDesign {
  const char* name;
  /// @param output_relu  whether the output passes a ReLU, as the papers' do; not for losses on a logarithm.
  std::vector<NetworkLayer> (*layers)(std::size_t length, bool output_relu);
};

/// Three stages of one convolution and two residual blocks (128 filters of kernel 3, 64 of 3, 32 of 2), three dense
/// layers of 128, one output without bias.
std::vector<NetworkLayer> resperfnet_layers(std::size_t length, bool output_relu);

/// Dense layers of 32, 64, 128 and 256, one output without bias.
std::vector<NetworkLayer> perfnet_layers(std::size_t length, bool output_relu);

constexpr NetworkDesign kResPerfNet{"resperfnet", resperfnet_layers};
constexpr NetworkDesign kPerfNet{"perfnet", perfnet_layers};

/// Dense layers of `hidden_units`, one output with bias and no activation.
std::vector<NetworkLayer> mlp_layers(std::size_t length, const std::vector<int>& hidden_units,
                                     MlpOptions::Activation activation);

}  // namespace perfmodel
