#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

#include <vector>

#include "layer_timing/framework.h"

namespace perfmodel {

at::Device torch_device(DeviceKind device);

/// What a layer takes in, mostly one tensor.
using Tensors = c10::SmallVector<at::Tensor, 2>;

/// A tensor that looks at memory of others.
at::Tensor view_of(const float* data, at::IntArrayRef sizes);
/// Weights and bias of one set as tensors (undefined where there are none), in the memory of the set. Of a batch
/// normalisation also mean and variance, which is 1.
struct WeightTensors {
  at::Tensor weights, bias, mean, variance;
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
  virtual at::Tensor compute(const Tensors& inputs) = 0;
  virtual void rewind_weights() = 0;

  /// Reshapes dense tensors into the layout in which the framework passes them to the operator, and back.
  virtual Tensors to_layout(Tensors dense) { return dense; }
  virtual at::Tensor to_dense(const at::Tensor& output) { return output.contiguous(); }
  /// What the layers before would hand over, where that is not dense tensors in the host's memory: new tensors.
  virtual Tensors previous_outputs() { return copy_in(); }
  virtual bool takes_dense_input() const { return true; }

  /// What preprocess_ms() timed beyond the preprocess phase.
  virtual double preprocess_excess_ms(int) { return 0; }
  /// What entering the framework costs once per run, whatever runs: part of issuing, not of execution.
  virtual double entry_ms() const { return 0; }

  /// All inputs from the caller's buffer, where they lie one after the other.
  Tensors copy_in() const;
  const PhaseClock& clock() const noexcept { return clock_; }

 private:
  void write_dense_inputs();

  PhaseClock clock_;
  DeviceKind device_;
  std::vector<std::vector<std::int64_t>> input_sizes_;
  std::vector<std::int64_t> output_sizes_;
  CallerBuffers buffers_;
  Tensors inputs_;
  at::Tensor output_;
  std::size_t shift_ = 0;  ///< by how much each input is turned against the caller's
};

}  // namespace perfmodel
