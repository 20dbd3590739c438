#include "layer_timing/layer_operator.h"

#include <ATen/Functions.h>

#include <limits>

#include "perfmodel/core/error.h"

namespace perfmodel {

LayerOperator::LayerOperator(const LayerSpec& layer)
    : layer_(layer),
      kernel_{layer.kernel.height, layer.kernel.width},
      stride_{layer.stride.height, layer.stride.width},
      dilation_{layer.dilation.height, layer.dilation.width},
      padding_{layer.pads.top, layer.pads.left} {
  if (layer.pads.top != layer.pads.bottom || layer.pads.left != layer.pads.right) {
    padding_ = {0, 0};
    explicit_pads_ = {layer.pads.left, layer.pads.right, layer.pads.top, layer.pads.bottom};
  }
}

at::Tensor LayerOperator::operator()(const at::Tensor& input, const WeightTensors& weights) const {
  at::Tensor output = apply(input, weights);
  switch (layer_.activation) {
    case Activation::kNone:
      return output;
    case Activation::kRelu:
      return at::relu_(output);
    case Activation::kSigmoid:
      return at::sigmoid_(output);
    case Activation::kTanh:
      return at::tanh_(output);
  }
  throw Error(ErrorCode::kInternal, "an activation without an operator");
}

at::Tensor LayerOperator::apply(const at::Tensor& input, const WeightTensors& weights) const {
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
      return at::linear(input.dim() > 2 ? input.flatten(1) : input, weights.weights, weights.bias);
  }
  throw Error(ErrorCode::kInternal, "a layer kind without an operator");
}

at::Tensor LayerOperator::padded(const at::Tensor& input, float value) const {
  return explicit_pads_.empty() ? input : at::constant_pad_nd(input, explicit_pads_, value);
}

}  // namespace perfmodel
