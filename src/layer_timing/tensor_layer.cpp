#include "layer_timing/tensor_layer.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <string>

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

std::vector<int64_t> input_sizes(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kDense) return {layer.batch, layer.channels_in};
  return {layer.batch, layer.channels_in, layer.input.height, layer.input.width};
}

std::vector<int64_t> output_sizes(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kDense) return {layer.batch, layer.channels_out};
  return {layer.batch, layer.channels_out, layer.output().height, layer.output().width};
}

at::Tensor view_of(const float* data, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<float*>(data), sizes, at::TensorOptions(at::kFloat));
}

WeightTensors tensors_of(const LayerSpec& layer, const WeightSet& set) {
  WeightTensors tensors;
  if (layer.kind == LayerKind::kDense) {
    tensors.weights = view_of(set.weights, {layer.channels_out, layer.channels_in});
  } else if (layer.kind == LayerKind::kConv2d) {
    tensors.weights = view_of(
        set.weights, {layer.channels_out, layer.channels_in / layer.groups, layer.kernel.height, layer.kernel.width});
  }
  if (set.bias != nullptr) tensors.bias = view_of(set.bias, {layer.channels_out});
  return tensors;
}

WeightTensors on_device(WeightTensors tensors, DeviceKind device) {
  if (tensors.weights.defined()) tensors.weights = tensors.weights.to(torch_device(device));
  if (tensors.bias.defined()) tensors.bias = tensors.bias.to(torch_device(device));
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
    : clock_(device),
      device_(device),
      input_sizes_(input_sizes(layer)),
      output_sizes_(output_sizes(layer)),
      buffers_(buffers) {}

void TensorLayer::refresh_input() {
  if (device_ == DeviceKind::kCpu && takes_dense_input()) return write_dense_input();
  const c10::InferenceMode inference;
  input_ = previous_output();
  synchronize(device_);
}

/// Writes without the framework, whose code is to be found as cold as the data left it, and other values each time, as
/// branch predictors learn by heart which of always the same values is the largest in a window.
void TensorLayer::write_dense_input() {
  const c10::InferenceMode inference;
  if (!input_.defined()) input_ = copy_in();
  const auto num_values = static_cast<std::size_t>(input_.numel());
  shift_ = (shift_ + kShiftStep) % num_values;
  float* input = input_.data_ptr<float>();
  const float* turn = buffers_.input + (num_values - shift_);
  std::copy(turn, buffers_.input + num_values, input);
  std::copy(buffers_.input, turn, input + shift_);
}

double TensorLayer::preprocess_ms(int repeats) {
  const double copy_ms = clock_.wall_ms(repeats, [&] {
    const c10::InferenceMode inference;
    to_layout(copy_in());
  });
  const c10::InferenceMode inference;
  const double issue_ms = clock_.issue_ms(repeats, [&] { output_ = compute(input_); });
  return without(copy_ms, preprocess_excess_ms(repeats)) + issue_ms + entry_ms() * repeats;
}

double TensorLayer::execute_ms(int repeats) {
  const c10::InferenceMode inference;
  const double window_ms = clock_.device_ms(repeats, [&] {
    at::Tensor output = compute(input_);
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
