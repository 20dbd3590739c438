#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <memory>
#include <vector>

#include "layer_timing/device.h"
#include "layer_timing/tensor_layer.h"
#include "layer_timing/weight_pool.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// A TorchScript graph with tensors as arguments and one tensor as result, ready to run.
class GraphFunction {
 public:
  explicit GraphFunction(const std::shared_ptr<torch::jit::Graph>& graph);
  at::Tensor operator()(const Tensors& inputs, const std::vector<at::Tensor>& more = {}) const;

 private:
  mutable torch::jit::GraphExecutor executor_;
};

/// Makes a module of `source` (its forward method) and `parameters`, and lets LibTorch freeze and optimise it.
struct Parameter {
  std::string name;
  at::Tensor value;
};
torch::jit::Module optimized_module(const std::string& source, const std::vector<Parameter>& parameters);
std::vector<Parameter> parameters_of(const LayerSpec& layer, const WeightSet& set, std::size_t index,
                                     DeviceKind device);

/// One layer as LibTorch's optimiser made it, taken apart: what runs at the layer, and what it makes of the layer
/// before.
///
/// On a CPU the optimiser lets convolutions, pooling and activations work on oneDNN's blocked layouts, reorders the
/// weights once, and puts to_mkldnn and to_dense at the two ends of such a stretch. Both ends are cut off here: in a
/// network they come once, not at every layer. To see how the layer runs inside of a stretch it is optimised behind
/// producers, one per input: convolutions that change nothing (1 x 1, each channel by itself, weight 1), and cut free
/// from them. A batch normalisation is not: it would be folded into the convolution, as it is in networks where it
/// comes right after one. What works on tokens finds dense tensors.
struct FrozenLayer {
  std::vector<at::Tensor> weights;       ///< constants of the graph that became arguments, in their order
  std::unique_ptr<GraphFunction> run;    ///< (inputs..., weights...) -> output; the layer's own graph without its ends
  std::vector<GraphFunction> producers;  ///< any oneDNN tensor -> the layer's input, one for each; none when there is
                                         ///< no stretch, or when the layer takes the caller's image as it is
  bool takes_mkldnn = false;             ///< the inputs are oneDNN tensors
};

/// Images have that many channels at most; a convolution on no more is taken for a network's first layer, which finds
/// its input in plain order. Anything else finds it as a convolution leaves it.
constexpr std::int64_t kMaxImageChannels = 4;

FrozenLayer freeze_layer(const LayerSpec& layer, DeviceKind device, const WeightSet& set);

/// What it costs to enter the interpreter and to come back, without an operator, in milliseconds.
double interpreter_entry_ms();

}  // namespace perfmodel
