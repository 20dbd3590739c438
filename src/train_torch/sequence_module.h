#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/core/random.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// A sequence network in LibTorch, to be trained. Activations are kept position by position ((n x length) x channels),
/// where a convolution of kernel 1 is one matrix product: several times faster on a CPU than LibTorch's conv1d.
class SequenceModule {
 public:
  /// Weights are Xavier-uniform from `random` (Glorot and Bengio, 2010), biases zero. Touches no generator of LibTorch.
  ///
  /// @param layers  as train_torch/network_layers.h gives them
  /// @param type    of parameters and of all that is computed: float32, or float64 where an optimiser needs it
  SequenceModule(std::vector<NetworkLayer> layers, Random random, at::ScalarType type = at::kFloat);

  /// @param rows     n x length
  /// @param dropout  n x last_width() factors on the last hidden layer, or an undefined tensor for none
  /// @return         n outputs, differentiable with respect to parameters()
  at::Tensor forward(const at::Tensor& rows, const at::Tensor& dropout) const;

  /// All weights and biases in one vector: an optimiser's step is a handful of operations, a snapshot is one copy.
  const at::Tensor& parameters() const noexcept { return parameters_; }

  /// 1 at the weights (not the biases) of the dense layers, 0 elsewhere; as long as parameters().
  const at::Tensor& dense_weights() const noexcept { return dense_weights_; }

  /// Width of the last hidden layer, hence of dropout.
  std::int64_t last_width() const noexcept { return static_cast<std::int64_t>(layers_.back().inputs); }

  /// Turns the output's sign by negating the last layer's weights, which is as probable under Xavier's distribution.
  void negate_output();

  /// The layers with the present weights, for perfmodel's own evaluator.
  std::vector<NetworkLayer> export_layers() const;

 private:
  std::vector<NetworkLayer> layers_;
  std::vector<std::int64_t> sizes_;  ///< of the parts of parameters_: weights, then bias, of each layer
  at::Tensor parameters_;
  at::Tensor dense_weights_;
};

}  // namespace perfmodel
