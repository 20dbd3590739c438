#include "torch_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/script.h>

#include <string>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using Kind = NetworkLayer::Kind;

/// A matrix product with bias (undefined: none), and the activation after it.
struct Product {
  at::Tensor weights, bias;
  bool relu = false, tanh = false;
};

/// Which products a layer has, and what is done around them.
struct Step {
  Kind kind;
  std::int64_t kernel;
  std::vector<Product> products;
};

at::Tensor copy_of(const float* values, std::int64_t rows, std::int64_t cols) {
  return at::from_blob(const_cast<float*>(values), {rows, cols}, at::kFloat).clone();
}

Step make_step(const NetworkLayer& layer) {
  const bool residual = layer.kind == Kind::kResidual;
  const auto inputs = static_cast<std::int64_t>(layer.inputs), outputs = static_cast<std::int64_t>(layer.outputs);
  const auto kernel = static_cast<std::int64_t>(layer.kind == Kind::kConv ? layer.kernel : 1);
  Step step{layer.kind, kernel, {}};
  for (std::int64_t i = 0; i < (residual ? 2 : 1); ++i) {
    Product product;
    product.weights = copy_of(layer.weights.data() + i * kernel * inputs * outputs, kernel * inputs, outputs);
    if (!layer.bias.empty()) product.bias = copy_of(layer.bias.data() + i * outputs, 1, outputs).view({outputs});
    product.relu = residual || layer.relu;
    product.tanh = !residual && layer.tanh;
    step.products.push_back(std::move(product));
  }
  return step;
}

at::Tensor apply(const Product& product, const at::Tensor& x) {
  at::Tensor y = product.bias.defined() ? at::addmm(product.bias, x, product.weights) : at::mm(x, product.weights);
  if (product.relu) y.relu_();
  if (product.tanh) y.tanh_();
  return y;
}

/// The rows ((n * length) x channels) that a convolution multiplies with its weights: (n * length) x (kernel *
/// channels).
at::Tensor neighbours(const at::Tensor& x, std::int64_t length, std::int64_t kernel) {
  const std::int64_t channels = x.size(1), before = (kernel - 1) / 2;
  const at::Tensor padded =
      at::constant_pad_nd(x.view({-1, length, channels}), at::IntArrayRef({0, 0, before, kernel - 1 - before}));
  std::vector<at::Tensor> taps;
  for (std::int64_t tap = 0; tap < kernel; ++tap) taps.push_back(padded.narrow(1, tap, length));
  return at::cat(taps, 2).view({-1, kernel * channels});
}

at::Tensor forward(const std::vector<Step>& steps, const at::Tensor& rows) {
  const std::int64_t num_rows = rows.size(0), length = rows.size(1);
  at::Tensor x = rows.view({-1, 1});
  for (const Step& step : steps) {
    if (step.kind == Kind::kResidual) {
      x = at::add(x, apply(step.products[1], apply(step.products[0], x))).relu_();
    } else {
      const bool conv = step.kind == Kind::kConv;
      x = apply(step.products[0], conv ? neighbours(x, length, step.kernel) : x.view({num_rows, -1}));
    }
  }
  return x;
}

std::string weights_name(std::size_t step, std::size_t product) {
  return fmt::format("weights{}_{}", step, product);
}
std::string bias_name(std::size_t step, std::size_t product) {
  return fmt::format("bias{}_{}", step, product);
}

std::string apply_line(const std::vector<Step>& steps, std::size_t step, std::size_t index, const char* out,
                       const char* in) {
  const Product& product = steps[step].products[index];
  const std::string weights = weights_name(step, index);
  const std::string call = product.bias.defined()
                               ? fmt::format("torch.addmm(self.{}, {}, self.{})", bias_name(step, index), in, weights)
                               : fmt::format("torch.mm({}, self.{})", in, weights);
  return fmt::format("  {} = {}\n", out,
                     product.relu   ? "torch.relu(" + call + ")"
                     : product.tanh ? "torch.tanh(" + call + ")"
                                    : call);
}

/// forward() in TorchScript.
std::string script_of(const std::vector<Step>& steps, std::size_t length) {
  std::string script = "def forward(self, rows):\n  x = rows.view([-1, 1])\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (step.kind == Kind::kResidual) {
      script += apply_line(steps, i, 0, "y", "x") + apply_line(steps, i, 1, "y", "y");
      script += "  x = torch.relu(x + y)\n";
      continue;
    }
    if (step.kind == Kind::kConv) {
      const std::int64_t channels = step.products[0].weights.size(0) / step.kernel, before = (step.kernel - 1) / 2;
      script += fmt::format("  p = torch.constant_pad_nd(x.view([-1, {}, {}]), [0, 0, {}, {}])\n", length, channels,
                            before, step.kernel - 1 - before);
      std::string taps;
      for (std::int64_t tap = 0; tap < step.kernel; ++tap) {
        taps += fmt::format("{}torch.narrow(p, 1, {}, {})", tap == 0 ? "" : ", ", tap, length);
      }
      script += fmt::format("  x = torch.cat([{}], 2).view([-1, {}])\n", taps, step.kernel * channels);
    } else {
      script += fmt::format("  x = x.view([-1, {}])\n", step.products[0].weights.size(0));
    }
    script += apply_line(steps, i, 0, "x", "x");
  }
  return script + "  return x\n";
}

torch::jit::Module optimized_module(const std::vector<Step>& steps, std::size_t length) {
  torch::jit::Module module("Network");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = 0; j < steps[i].products.size(); ++j) {
      const Product& product = steps[i].products[j];
      module.register_parameter(weights_name(i, j), product.weights, false);
      if (product.bias.defined()) module.register_parameter(bias_name(i, j), product.bias, false);
    }
  }
  module.define(script_of(steps, length));
  module.eval();
  torch::jit::Module frozen = torch::jit::freeze(module);
  return torch::jit::optimize_for_inference(frozen);
}

}  // namespace

struct TorchNetwork::Impl {
  std::vector<Step> steps;
  torch::jit::Module module{"None"};
  Mode mode;
  at::Tensor rows, answers;
};

TorchNetwork::TorchNetwork(std::size_t num_inputs, const std::vector<NetworkLayer>& layers, Mode mode)
    : impl_(std::make_unique<Impl>()) {
  impl_->mode = mode;
  for (const NetworkLayer& layer : layers) impl_->steps.push_back(make_step(layer));
  if (mode == Mode::kScript) impl_->module = optimized_module(impl_->steps, num_inputs);
}

TorchNetwork::~TorchNetwork() = default;
TorchNetwork::TorchNetwork(TorchNetwork&& other) noexcept = default;

void TorchNetwork::set_rows(MatrixView<const double> rows) {
  constexpr int kWarmUps = 3;  // in which TorchScript's executor specialises to the shapes
  const auto n = static_cast<std::int64_t>(rows.rows()), width = static_cast<std::int64_t>(rows.cols());
  impl_->rows = at::from_blob(const_cast<double*>(rows.data()), {n, width}, at::kDouble).to(at::kFloat);
  for (int i = 0; i < kWarmUps; ++i) predict();
}

void TorchNetwork::predict() {
  const c10::InferenceMode inference;
  impl_->answers = impl_->mode == Mode::kScript ? impl_->module.forward({impl_->rows}).toTensor()
                                                : forward(impl_->steps, impl_->rows);
}

std::vector<double> TorchNetwork::answers() const {
  const at::Tensor values = impl_->answers.to(at::kDouble).contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

void use_one_torch_thread() {
  at::set_num_threads(1);  // OpenBLAS's threads are set by OPENBLAS_NUM_THREADS, which bench/peers.sh does
  if (at::get_num_threads() != 1) throw Error(ErrorCode::kUnsupported, "LibTorch takes more than one thread");
}

}  // namespace perfmodel
