#include "layer_timing/layer_operator.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kEpsilon = 1e-5;  // LibTorch's default in normalisations

[[noreturn]] void throw_no_operator(const char* what) {
  throw Error(ErrorCode::kInternal, std::string(what) + " without an operator");
}

at::Tensor activated_in_place(at::Tensor tensor, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return tensor;
    case Activation::kRelu:
      return at::relu_(tensor);
    case Activation::kSigmoid:
      return at::sigmoid_(tensor);
    case Activation::kTanh:
      return at::tanh_(tensor);
    case Activation::kGelu:
      return at::gelu_(tensor);
    case Activation::kRelu6:
      return at::relu6_(tensor);
  }
  throw_no_operator("an activation");
}

/// Into a new tensor.
at::Tensor activated(const at::Tensor& tensor, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return at::relu(tensor);
    case Activation::kSigmoid:
      return at::sigmoid(tensor);
    case Activation::kTanh:
      return at::tanh(tensor);
    case Activation::kGelu:
      return at::gelu(tensor);
    case Activation::kRelu6:
      return at::relu6(tensor);
  }
  throw_no_operator("an activation");
}

}  // namespace

LayerOperator::LayerOperator(const LayerSpec& layer, InputViews views)
    : layer_(layer),
      views_(std::move(views)),
      takes_inputs_as_they_come_(std::all_of(views_.steps.begin(), views_.steps.end(),
                                             [](const std::vector<ViewStep>& steps) { return steps.empty(); })),
      kernel_{layer.kernel.height, layer.kernel.width},
      stride_{layer.stride.height, layer.stride.width},
      dilation_{layer.dilation.height, layer.dilation.width},
      padding_{layer.pads.top, layer.pads.left} {
  if (layer.pads.top != layer.pads.bottom || layer.pads.left != layer.pads.right) {
    padding_ = {0, 0};
    explicit_pads_ = {layer.pads.left, layer.pads.right, layer.pads.top, layer.pads.bottom};
  }
}

at::Tensor LayerOperator::operator()(const Tensors& inputs, const WeightTensors& weights) const {
  if (layer_.kind == LayerKind::kActivation) return activated(inputs[0], layer_.activation);
  if (takes_inputs_as_they_come_) return activated_in_place(apply(inputs, weights), layer_.activation);
  Tensors seen;
  for (std::size_t i = 0; i < inputs.size(); ++i) seen.push_back(perfmodel::apply(views_.steps[i], inputs[i]));
  return activated_in_place(apply(seen, weights), layer_.activation);
}

at::Tensor LayerOperator::apply(const Tensors& inputs, const WeightTensors& weights) const {
  const at::Tensor& input = inputs[0];
  switch (layer_.kind) {
    case LayerKind::kConv2d:
      return at::conv2d(padded(input, 0), weights.weights, weights.bias, stride_, at::IntArrayRef(padding_), dilation_,
                        layer_.groups);
    case LayerKind::kPool2d:
      if (layer_.pool_kind == PoolKind::kAverage) {
        // The zeros of explicit pads count in the mean, as those of LibTorch's own padding do by default.
        return at::avg_pool2d(padded(input, 0), kernel_, stride_, padding_);
      }
      return at::max_pool2d(padded(input, -std::numeric_limits<float>::infinity()), kernel_, stride_, padding_,
                            dilation_);
    case LayerKind::kDense:
      return at::linear(input, weights.weights, weights.bias);
    case LayerKind::kBatchNorm2d:
      return at::batch_norm(input, weights.weights, weights.bias, weights.mean, weights.variance, /*training=*/false,
                            /*momentum=*/0, kEpsilon, /*cudnn_enabled=*/true);
    case LayerKind::kLayerNorm:
      return at::layer_norm(input, {layer_.channels_in}, weights.weights, weights.bias, kEpsilon);
    case LayerKind::kAdd:
      return at::add(input, inputs[1]);
    case LayerKind::kConcat:
      return at::cat(at::TensorList(inputs.data(), inputs.size()), channel_dim(views_.working));
    case LayerKind::kGlobalPool2d:
      return at::adaptive_avg_pool2d(input, {1, 1});
    case LayerKind::kSoftmax:
      return at::softmax(input, channel_dim(views_.working));
    case LayerKind::kMatMul:
      return at::matmul(input, views_.transposed ? inputs[1].transpose(2, 3) : inputs[1]);
    case LayerKind::kActivation:
      break;
  }
  throw_no_operator("a layer kind");
}

at::Tensor LayerOperator::padded(const at::Tensor& input, float value) const {
  return explicit_pads_.empty() ? input : at::constant_pad_nd(input, explicit_pads_, value);
}

}  // namespace perfmodel
