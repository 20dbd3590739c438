#pragma once

#include <string>
#include <vector>

#include "layer_timing/tensor_form.h"
#include "perfmodel/network/layer.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// Names of the parameters of the layer at `index` in a script.
std::string weights_name(std::size_t index);
std::string bias_name(std::size_t index);
std::string mean_name(std::size_t index);
std::string variance_name(std::size_t index);
/// Of the weights of what stands before an input in layer_method().
std::string producer_name(std::size_t input);

/// TorchScript statements (each indented by two blanks) that run `layer` on variables `inputs` and leave the result in
/// `output`.
std::string layer_script(const LayerSpec& layer, std::size_t index, const InputViews& views,
                         std::vector<std::string> inputs, const std::string& output);

/// A forward method: one layer, on variables that are its inputs. With `behind_producers`, a 1 x 1 convolution of each
/// channel by itself runs before on each of them: the layer as a network has it, behind others.
std::string layer_method(const LayerSpec& layer, bool behind_producers);

/// A forward method: a network. Takes its inputs in order, returns its output, or a tuple when it has several.
std::string network_method(const Network& network);

}  // namespace perfmodel
