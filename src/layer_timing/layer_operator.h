#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "layer_timing/tensor_form.h"
#include "layer_timing/tensor_layer.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// A layer as calls of LibTorch's operators, with their arguments made once.
class LayerOperator {
 public:
  LayerOperator(const LayerSpec& layer, InputViews views);

  /// Brings the inputs into the layer's working form, runs the operator and then, in place, the activation.
  at::Tensor operator()(const Tensors& inputs, const WeightTensors& weights) const;

 private:
  at::Tensor apply(const Tensors& inputs, const WeightTensors& weights) const;
  /// LibTorch's operators pad both sides alike; anything else is an operator of its own before.
  at::Tensor padded(const at::Tensor& input, float value) const;

  LayerSpec layer_;
  InputViews views_;
  bool takes_inputs_as_they_come_;
  std::vector<int64_t> kernel_, stride_, dilation_, padding_;
  std::vector<int64_t> explicit_pads_;  ///< empty: the operator pads
};

}  // namespace perfmodel
