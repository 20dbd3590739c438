#include "layer_timing/tensor_network.h"

#include <c10/core/InferenceMode.h>

#include <utility>

#include "layer_timing/tensor_form.h"
#include "layer_timing/tensor_layer.h"

namespace perfmodel {

TensorNetwork::TensorNetwork(const Network& network, DeviceKind device, const CallerBuffers& buffers)
    : device_(device), buffers_(buffers) {
  const std::vector<TensorForm> forms = input_forms(network);
  for (std::size_t i = 0; i < forms.size(); ++i) {
    input_sizes_.push_back(sizes_in(forms[i], network.inputs()[i].shape));
  }
}

void TensorNetwork::run() {
  const c10::InferenceMode inference;
  std::vector<at::Tensor> inputs;
  const float* input = buffers_.input;
  for (const std::vector<int64_t>& sizes : input_sizes_) {
    inputs.push_back(copy_in(input, sizes, device_));
    input += inputs.back().numel();
  }
  float* output = buffers_.output;
  for (const at::Tensor& tensor : compute(std::move(inputs))) {
    copy_out(tensor, output);
    output += tensor.numel();
  }
  synchronize(device_);
}

}  // namespace perfmodel
