#include "layer_timing/tensor_layer.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <string>

#include "layer_timing/tensor_form.h"
#include "network/layer_inputs.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// However much is taken off a window, that share of it stays: noise must not make a time vanish.
constexpr double kLeastRemainder = 0.05;
constexpr std::size_t kShiftStep = 9973;  // a prime, so that hardly any size makes the same input come back soon

double without(double window_ms, double excess_ms) {
  return std::max(window_ms - excess_ms, kLeastRemainder * window_ms);
}

}  // namespace

at::Device torch_device(DeviceKind device) {
  return device == DeviceKind::kCpu ? at::kCPU : at::kCUDA;
}

at::Tensor view_of(const float* data, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<float*>(data), sizes, at::TensorOptions(at::kFloat));
}

WeightTensors tensors_of(const LayerSpec& layer, const WeightSet& set) {
  WeightTensors tensors;
  const std::int64_t channels = layer.channels_out;
  switch (layer.kind) {
    case LayerKind::kDense:
      tensors.weights = view_of(set.weights, {channels, layer.channels_in});
      break;
    case LayerKind::kConv2d:
      tensors.weights =
          view_of(set.weights, {channels, layer.channels_in / layer.groups, layer.kernel.height, layer.kernel.width});
      break;
    case LayerKind::kBatchNorm2d:
      tensors.weights = view_of(set.weights, {channels});
      tensors.mean = view_of(set.weights + channels, {channels});
      tensors.variance = at::ones({channels});
      break;
    case LayerKind::kLayerNorm:
      tensors.weights = view_of(set.weights, {channels});
      break;
    default:
      break;
  }
  if (set.bias != nullptr) tensors.bias = view_of(set.bias, {channels});
  return tensors;
}

WeightTensors on_device(WeightTensors tensors, DeviceKind device) {
  for (at::Tensor* tensor : {&tensors.weights, &tensors.bias, &tensors.mean, &tensors.variance}) {
    if (tensor->defined()) *tensor = tensor->to(torch_device(device));
  }
  return tensors;
}

at::Tensor copy_in(const float* input, at::IntArrayRef sizes, DeviceKind device) {
  at::Tensor tensor = at::empty(sizes, at::TensorOptions(at::kFloat).device(torch_device(device)));
  tensor.copy_(view_of(input, sizes), /*non_blocking=*/true);
  return tensor;
}

void copy_out(const at::Tensor& tensor, float* output) {
  view_of(output, tensor.sizes()).copy_(tensor);
}

TensorLayer::TensorLayer(const LayerSpec& layer, DeviceKind device, const CallerBuffers& buffers)
    : clock_(device), device_(device), buffers_(buffers) {
  const TensorForm given = form_given_alone(layer);
  for (const TensorShape& shape : input_shapes(layer)) input_sizes_.push_back(sizes_in(given, shape));
  output_sizes_ = sizes_in(working_form(layer, given), output_shape(layer));
}

Tensors TensorLayer::copy_in() const {
  Tensors tensors;
  const float* input = buffers_.input;
  for (const std::vector<std::int64_t>& sizes : input_sizes_) {
    tensors.push_back(perfmodel::copy_in(input, sizes, device_));
    input += tensors.back().numel();
  }
  return tensors;
}

void TensorLayer::refresh_input() {
  if (device_ == DeviceKind::kCpu && takes_dense_input()) return write_dense_inputs();
  const c10::InferenceMode inference;
  inputs_ = previous_outputs();
  synchronize(device_);
}

/// Writes without the framework, whose code is to be found as cold as the data left it, and other values each time, as
/// branch predictors learn by heart which of always the same values is the largest in a window.
void TensorLayer::write_dense_inputs() {
  const c10::InferenceMode inference;
  if (inputs_.empty()) inputs_ = copy_in();
  shift_ += kShiftStep;
  const float* source = buffers_.input;
  for (at::Tensor& tensor : inputs_) {
    const auto num_values = static_cast<std::size_t>(tensor.numel());
    const std::size_t shift = shift_ % num_values;
    float* input = tensor.data_ptr<float>();
    const float* turn = source + (num_values - shift);
    std::copy(turn, source + num_values, input);
    std::copy(source, turn, input + shift);
    source += num_values;
  }
}

double TensorLayer::preprocess_ms(int repeats) {
  const double copy_ms = clock_.wall_ms(repeats, [&] {
    const c10::InferenceMode inference;
    to_layout(copy_in());
  });
  const c10::InferenceMode inference;
  const double issue_ms = clock_.issue_ms(repeats, [&] { output_ = compute(inputs_); });
  return without(copy_ms, preprocess_excess_ms(repeats)) + issue_ms + entry_ms() * repeats;
}

double TensorLayer::execute_ms(int repeats) {
  const c10::InferenceMode inference;
  const double window_ms = clock_.device_ms(repeats, [&] {
    at::Tensor output = compute(inputs_);
    output_ = std::move(output);  // the last output lives until the next is written, as in a network
  });
  return without(window_ms, entry_ms() * repeats);
}

double TensorLayer::postprocess_ms(int repeats) {
  const c10::InferenceMode inference;
  return clock_.wall_ms(repeats, [&] { copy_out(to_dense(output_), buffers_.output); });
}

void TensorLayer::run_first_set() {
  const c10::InferenceMode inference;
  rewind_weights();
  const at::Tensor output = to_dense(compute(to_layout(copy_in())));
  if (output.sizes() != at::IntArrayRef(output_sizes_)) {
    throw Error(ErrorCode::kMismatch, "LibTorch's output has another shape than the layer's");
  }
  copy_out(output, buffers_.output);
  synchronize(device_);
}

}  // namespace perfmodel
