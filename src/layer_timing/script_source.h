#pragma once

#include <string>

#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// Names of the parameters of the layer at `index` in a script.
std::string weights_name(std::size_t index);
std::string bias_name(std::size_t index);

/// TorchScript statements (each indented by two blanks) that run `layer` on variable `input` and leave the result in
/// `output`.
std::string layer_script(const LayerSpec& layer, std::size_t index, const std::string& input,
                         const std::string& output);

/// A forward method: one layer, on a variable that is its input. With `producer`, a 1 x 1 convolution of each channel
/// by itself with parameter "producer" runs before: the layer as a network has it, behind another one.
std::string layer_method(const LayerSpec& layer, bool producer);

/// A forward method: a network. Takes its inputs in order, returns its output, or a tuple when it has several.
std::string network_method(const Network& network);

}  // namespace perfmodel
