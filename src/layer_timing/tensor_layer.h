#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "layer_timing/framework.h"

namespace perfmodel {

at::Device torch_device(DeviceKind device);

/// The shape in which a layer takes its input and gives its output: 4-D, or batch x channels for a dense layer.
std::vector<int64_t> input_sizes(const LayerSpec& layer);
std::vector<int64_t> output_sizes(const LayerSpec& layer);

/// A tensor that looks at memory of others.
at::Tensor view_of(const float* data, at::IntArrayRef sizes);
/// Weights and bias of one set as tensors (undefined where there are none), in the memory of the set.
struct WeightTensors {
  at::Tensor weights, bias;
};
WeightTensors tensors_of(const LayerSpec& layer, const WeightSet& set);

WeightTensors on_device(WeightTensors tensors, DeviceKind device);

/// A new tensor on `device` with the caller's values; the copy may still be under way.
at::Tensor copy_in(const float* input, at::IntArrayRef sizes, DeviceKind device);
/// Copies `tensor` to the caller's memory, in dense order.
void copy_out(const at::Tensor& tensor, float* output);

/// The phases of a layer in LibTorch: what is common to all ways of running its operator. All of it runs in inference
/// mode.
class TensorLayer : public PreparedLayer {
 public:
  void refresh_input() override;
  double preprocess_ms(int repeats) override;
  double execute_ms(int repeats) override;
  double postprocess_ms(int repeats) override;
  void run_first_set() override;

 protected:
  TensorLayer(const LayerSpec& layer, DeviceKind device, const CallerBuffers& buffers);

  /// Runs the operator with the next set of weights.
  virtual at::Tensor compute(const at::Tensor& input) = 0;
  virtual void rewind_weights() = 0;

  /// Reshapes a dense tensor into the layout in which the framework passes it to the operator, and back.
  virtual at::Tensor to_layout(at::Tensor dense) { return dense; }
  virtual at::Tensor to_dense(const at::Tensor& output) { return output.contiguous(); }
  /// What the layer before would hand over, where that is not a dense tensor in the host's memory: a new tensor.
  virtual at::Tensor previous_output() { return copy_in(); }
  virtual bool takes_dense_input() const { return true; }

  /// What preprocess_ms() timed beyond the preprocess phase.
  virtual double preprocess_excess_ms(int) { return 0; }
  /// What entering the framework costs once per run, whatever runs: part of issuing, not of execution.
  virtual double entry_ms() const { return 0; }

  at::Tensor copy_in() const { return perfmodel::copy_in(buffers_.input, input_sizes_, device_); }
  const PhaseClock& clock() const noexcept { return clock_; }

 private:
  void write_dense_input();

  PhaseClock clock_;
  DeviceKind device_;
  std::vector<int64_t> input_sizes_, output_sizes_;
  CallerBuffers buffers_;
  at::Tensor input_, output_;
  std::size_t shift_ = 0;  ///< by how much the input is turned against the caller's
};

}  // namespace perfmodel
