#pragma once

#include <ATen/core/Tensor.h>

namespace perfmodel {

/// Adam (Kingma and Ba, 2015) on one vector of parameters, in the form of that paper's section 2 and of TensorFlow:
/// epsilon is added to the root of the uncorrected second moment. (PyTorch corrects first, so that with epsilon 0.1 its
/// first steps are up to 30 times as long.) Weight decay is decoupled (Loshchilov and Hutter, 2019).
class Adam {
 public:
  Adam(const at::Tensor& parameters, double epsilon, double weight_decay);

  /// Moves `parameters` in place, against `gradient`.
  void step(const at::Tensor& parameters, const at::Tensor& gradient, double learning_rate);

 private:
  at::Tensor first_moment_, second_moment_;
  double epsilon_, weight_decay_;
  int num_steps_ = 0;
};

}  // namespace perfmodel
