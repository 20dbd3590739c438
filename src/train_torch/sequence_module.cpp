#include "train_torch/sequence_module.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace perfmodel {
namespace {

using Kind = NetworkLayer::Kind;

std::int64_t num_weights(const NetworkLayer& layer) {
  const std::size_t products = layer.kind == Kind::kResidual ? 2 : layer.kernel;
  return static_cast<std::int64_t>(products * layer.inputs * layer.outputs);
}

/// Half the width of Xavier's uniform distribution; every tap of a kernel counts as an input and as an output.
double xavier_limit(const NetworkLayer& layer) {
  return std::sqrt(6.0 / static_cast<double>(layer.kernel * (layer.inputs + layer.outputs)));
}

/// The rows ((n x length) x channels) that a convolution multiplies with its weights ((kernel x channels) x outputs).
at::Tensor shifted_views(const at::Tensor& activations, std::int64_t length, std::size_t kernel) {
  const std::int64_t taps = static_cast<std::int64_t>(kernel), channels = activations.size(1);
  const std::int64_t left = (taps - 1) / 2, right = taps - 1 - left;
  const at::Tensor padded =
      at::constant_pad_nd(activations.view({-1, length, channels}), at::IntArrayRef({0, 0, left, right}));
  std::vector<at::Tensor> shifted;
  for (std::int64_t tap = 0; tap < taps; ++tap) shifted.push_back(padded.narrow(1, tap, length));
  return at::cat(shifted, 2).view({-1, taps * channels});
}

at::Tensor residual_block(const at::Tensor& x, const at::Tensor& weights, const at::Tensor& bias) {
  const std::int64_t channels = x.size(1);
  const std::vector<at::Tensor> w = weights.view({2, channels, channels}).unbind(0);
  const std::vector<at::Tensor> b = bias.view({2, channels}).unbind(0);
  const at::Tensor inner = at::addmm(b[0], x, w[0]).relu_();
  return at::add(x, at::addmm(b[1], inner, w[1]).relu_()).relu_();
}

}  // namespace

SequenceModule::SequenceModule(std::vector<NetworkLayer> layers, Random random, at::ScalarType type)
    : layers_(std::move(layers)) {
  std::vector<double> values, dense;
  for (const NetworkLayer& layer : layers_) {
    const std::int64_t weights = num_weights(layer);
    const double limit = xavier_limit(layer);
    for (std::int64_t i = 0; i < weights; ++i) values.push_back(random.uniform(-limit, limit));
    values.resize(values.size() + layer.bias.size(), 0.0);
    dense.resize(dense.size() + static_cast<std::size_t>(weights), layer.kind == Kind::kDense ? 1.0 : 0.0);
    dense.resize(values.size(), 0.0);
    sizes_.push_back(weights);
    sizes_.push_back(static_cast<std::int64_t>(layer.bias.size()));
  }
  parameters_ = at::tensor(at::ArrayRef<double>(values), type).requires_grad_(true);
  dense_weights_ = at::tensor(at::ArrayRef<double>(dense), type);
}

at::Tensor SequenceModule::forward(const at::Tensor& rows, const at::Tensor& dropout) const {
  const std::vector<at::Tensor> parts = parameters_.split_with_sizes(sizes_);
  const std::int64_t num_rows = rows.size(0), length = rows.size(1);
  at::Tensor x = rows.reshape({-1, 1});
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const NetworkLayer& layer = layers_[i];
    const at::Tensor &weights = parts[2 * i], &bias = parts[2 * i + 1];
    if (layer.kind == Kind::kResidual) {
      x = residual_block(x, weights, bias);
      continue;
    }
    x = layer.kind == Kind::kConv ? shifted_views(x, length, layer.kernel) : x.view({num_rows, -1});
    if (i + 1 == layers_.size() && dropout.defined()) x = x * dropout;
    const at::Tensor matrix = weights.view({x.size(1), -1});
    x = layer.bias.empty() ? at::mm(x, matrix) : at::addmm(bias, x, matrix);
    if (layer.relu) x = x.relu_();
    if (layer.tanh) x = x.tanh_();
  }
  return x.view({-1});
}

void SequenceModule::negate_output() {
  const at::NoGradGuard no_gradient;
  const std::int64_t bias = sizes_.back(), weights = sizes_[sizes_.size() - 2];
  parameters_.narrow(0, parameters_.numel() - bias - weights, weights).neg_();
}

std::vector<NetworkLayer> SequenceModule::export_layers() const {
  std::vector<NetworkLayer> layers = layers_;
  const at::Tensor values = parameters_.detach().to(at::kFloat).contiguous();
  const float* next = values.data_ptr<float>();
  const auto take = [&next](std::int64_t count) {
    const float* begin = next;
    next += count;
    return std::vector<float>(begin, next);
  };
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].weights = take(sizes_[2 * i]);
    layers[i].bias = take(sizes_[2 * i + 1]);
  }
  return layers;
}

}  // namespace perfmodel
