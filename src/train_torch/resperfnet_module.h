#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/core/random.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// The layers of ResPerfNet for rows of `length` features, without weights: three stages of one convolution and two
/// residual blocks (128 filters of kernel 3, 64 of 3, 32 of 2), three dense layers of 128, one output without bias.
///
/// @param output_relu  whether the output passes a ReLU, as the paper's does; not for losses on a logarithm.
std::vector<NetworkLayer> resperfnet_layers(std::size_t length, bool output_relu);

/// ResPerfNet in LibTorch, to be trained. Activations are kept position by position ((n x length) x channels), where a
/// convolution of kernel 1 is one matrix product: several times faster on a CPU than LibTorch's conv1d.
class ResPerfNetModule {
 public:
  /// Weights are Xavier-uniform from `random` (Glorot and Bengio, 2010), biases zero. Touches no generator of LibTorch.
  ResPerfNetModule(std::size_t length, bool output_relu, Random random);

  /// @param rows     n x length, float32
  /// @param dropout  n x 128 factors on the last hidden layer, or an undefined tensor for none
  /// @return         n outputs, differentiable with respect to parameters()
  at::Tensor forward(const at::Tensor& rows, const at::Tensor& dropout) const;

  /// All weights and biases in one vector: an optimiser's step is a handful of operations, a snapshot is one copy.
  const at::Tensor& parameters() const noexcept { return parameters_; }

  /// 1 at the weights (not the biases) of the dense layers, 0 elsewhere; as long as parameters().
  const at::Tensor& dense_weights() const noexcept { return dense_weights_; }

  /// Turns the output's sign by negating the last layer, which is as probable under Xavier's distribution.
  void negate_output();

  /// The layers with the present weights, for perfmodel's own evaluator.
  std::vector<NetworkLayer> export_layers() const;

 private:
  std::vector<NetworkLayer> layers_;
  std::vector<std::int64_t> sizes_;  ///< of the parts of parameters_: weights, then bias, of each layer
  at::Tensor parameters_;
  at::Tensor dense_weights_;
};

/// Width of the dense layers, hence of dropout.
constexpr std::int64_t kResPerfNetDenseWidth = 128;

}  // namespace perfmodel
