#include "train_torch/adam.h"

#include <ATen/ATen.h>

#include <cmath>

namespace perfmodel {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999;

}  // namespace

Adam::Adam(const at::Tensor& parameters, double epsilon, double weight_decay)
    : first_moment_(at::zeros(parameters.sizes(), parameters.options().requires_grad(false))),
      second_moment_(first_moment_.clone()),
      epsilon_(epsilon),
      weight_decay_(weight_decay) {}

void Adam::step(const at::Tensor& parameters, const at::Tensor& gradient, double learning_rate) {
  const at::NoGradGuard no_gradient;
  ++num_steps_;
  first_moment_.mul_(kBeta1).add_(gradient, 1 - kBeta1);
  second_moment_.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
  if (weight_decay_ > 0) parameters.mul_(1 - learning_rate * weight_decay_);
  const double correction = std::sqrt(1 - std::pow(kBeta2, num_steps_)) / (1 - std::pow(kBeta1, num_steps_));
  parameters.addcdiv_(first_moment_, second_moment_.sqrt().add_(epsilon_), -learning_rate * correction);
}

}  // namespace perfmodel
