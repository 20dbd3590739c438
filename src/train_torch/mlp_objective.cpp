#include "train_torch/mlp_objective.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace perfmodel {
namespace {

at::Tensor to_matrix(const std::vector<double>& values, std::size_t num_rows) {
  return at::tensor(at::ArrayRef<double>(values), at::kDouble).view({static_cast<std::int64_t>(num_rows), -1});
}

std::int64_t num_parameters(const std::vector<NetworkLayer>& layers) {
  std::size_t count = 0;
  for (const NetworkLayer& layer : layers) count += (layer.inputs + 1) * layer.outputs;
  return static_cast<std::int64_t>(count);
}

/// Turns the derivative by a layer's answer into that by what its activation was given.
at::Tensor through_activation(const NetworkLayer& layer, const at::Tensor& derivative, const at::Tensor& answer) {
  if (layer.tanh) return at::tanh_backward(derivative, answer);
  return layer.relu ? at::threshold_backward(derivative, answer, 0) : derivative;
}

}  // namespace

MlpObjective::MlpObjective(const MlpRows& rows, std::vector<NetworkLayer> layers, double l2)
    : layers_(std::move(layers)),
      features_(to_matrix(rows.features, rows.targets.size())),
      targets_(to_matrix(rows.targets, rows.targets.size())),
      penalty_(l2 / static_cast<double>(rows.targets.size())),
      parameters_(at::zeros(num_parameters(layers_), at::kDouble)),
      gradient_(at::zeros_like(parameters_)),
      parts_(parts_of(parameters_, layers_)),
      gradient_parts_(parts_of(gradient_, layers_)) {}

std::vector<MlpObjective::Part> MlpObjective::parts_of(const at::Tensor& all, const std::vector<NetworkLayer>& layers) {
  std::vector<Part> parts;
  std::int64_t next = 0;
  for (const NetworkLayer& layer : layers) {
    const auto inputs = static_cast<std::int64_t>(layer.inputs), outputs = static_cast<std::int64_t>(layer.outputs);
    parts.push_back({all.narrow(0, next, inputs * outputs).view({inputs, outputs}),
                     all.narrow(0, next + inputs * outputs, outputs)});
    next += (inputs + 1) * outputs;
  }
  return parts;
}

double MlpObjective::value_and_gradient(Span<const double> parameters, Span<double> gradient) {
  const at::NoGradGuard no_gradient;
  std::copy(parameters.begin(), parameters.end(), parameters_.data_ptr<double>());
  std::vector<at::Tensor> answers = {features_};
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    at::Tensor answer = at::addmm(parts_[i].bias, answers[i], parts_[i].weights);
    if (layers_[i].tanh) answer.tanh_();
    if (layers_[i].relu) answer.relu_();
    answers.push_back(std::move(answer));
  }

  const at::Tensor error = answers.back() - targets_;
  double value = error.square().mean().item<double>();
  at::Tensor derivative = error * (2.0 / static_cast<double>(error.numel()));
  for (std::size_t i = layers_.size(); i-- > 0;) {
    Part& out = gradient_parts_[i];
    at::Tensor& weights = parts_[i].weights;
    value += penalty_ * weights.square().sum().item<double>();
    derivative = through_activation(layers_[i], derivative, answers[i + 1]);
    at::sum_out(out.bias, derivative, 0);
    at::addmm_out(out.weights, weights, answers[i].t(), derivative, 2 * penalty_);
    if (i > 0) derivative = at::mm(derivative, weights.t());
  }
  const double* const begin = gradient_.data_ptr<double>();
  std::copy(begin, begin + gradient.size(), gradient.begin());
  return value;
}

}  // namespace perfmodel
