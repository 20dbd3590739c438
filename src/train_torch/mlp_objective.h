#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "perfmodel/core/span.h"
#include "train_torch/mlp_data.h"
#include "train_torch/sequence_module.h"

namespace perfmodel {

/// What a perceptron's training minimises: mean squared error on n training rows plus l2 / n times the squared norm of
/// the weights. With gradients written out: on tables of some hundred rows autograd would take several times
/// as long as the products it records.
class MlpObjective {
 public:
  /// @param layers  as mlp_layers() gives them
  MlpObjective(const MlpRows& rows, std::vector<NetworkLayer> layers, double l2);

  /// @param parameters  in the order of SequenceModule::parameters()
  /// @param gradient    as many; is written
  double value_and_gradient(Span<const double> parameters, Span<double> gradient);

 private:
  /// Tensors of one layer, in the memory of all parameters or of their gradient.
  struct Part {
    at::Tensor weights, bias;
  };
  static std::vector<Part> parts_of(const at::Tensor& all, const std::vector<NetworkLayer>& layers);

  std::vector<NetworkLayer> layers_;
  at::Tensor features_, targets_;  ///< n x d, n x 1
  double penalty_;                 ///< l2 / n
  at::Tensor parameters_, gradient_;
  std::vector<Part> parts_, gradient_parts_;
};

}  // namespace perfmodel
