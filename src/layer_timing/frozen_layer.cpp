#include "layer_timing/frozen_layer.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <algorithm>
#include <string>

#include "layer_timing/device.h"
#include "layer_timing/script_source.h"
#include "layer_timing/tensor_layer.h"
#include "network/layer_inputs.h"

namespace perfmodel {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

bool is_kind(const Node* node, const char* kind) {
  return std::string(node->kind().toQualString()) == kind;
}
bool is_convolution(const Node* node) {
  return std::string(node->kind().toUnqualString()).find("conv") != std::string::npos;
}

bool is_entry(const Node* node) {
  return is_kind(node, "aten::to_mkldnn");
}

template <typename Predicate>
std::vector<Node*> find_nodes(Graph& graph, Predicate&& predicate) {
  std::vector<Node*> nodes;
  for (Node* node : graph.nodes()) {
    if (predicate(node)) nodes.push_back(node);
  }
  return nodes;
}

/// The convolutions of the producers, which come before all else.
std::vector<Node*> find_producers(Graph& graph, std::size_t num_inputs) {
  std::vector<Node*> nodes = find_nodes(graph, is_convolution);
  nodes.resize(std::min(nodes.size(), num_inputs));
  return nodes;
}

void make_sole_result(Graph& graph, Value* value) {
  while (!graph.outputs().empty()) graph.eraseOutput(graph.outputs().size() - 1);
  graph.registerOutput(value);
}

/// Makes the value of `last` the graph's only result. What comes after it goes: some of that may write into the value,
/// and so would count as used.
void end_after(Graph& graph, Node* last) {
  make_sole_result(graph, last->output());
  std::vector<Node*> later(graph.nodes().begin(), graph.nodes().end());
  later.erase(later.begin(), std::find(later.begin(), later.end(), last) + 1);
  for (auto node = later.rbegin(); node != later.rend(); ++node) (*node)->destroy();
}

/// Takes out what nothing uses, and arguments before the last `num_kept` ones.
void clean(const std::shared_ptr<Graph>& graph, std::size_t num_kept) {
  torch::jit::EliminateDeadCode(graph);
  while (graph->inputs().size() > num_kept) graph->eraseInput(0);
}

/// Makes the values of `nodes` the graph's only arguments.
void start_after(const std::shared_ptr<Graph>& graph, const std::vector<Node*>& nodes) {
  for (Node* node : nodes) {
    Value* argument = graph->addInput();
    argument->setType(node->output()->type());
    node->output()->replaceAllUsesWith(argument);
  }
  clean(graph, nodes.size());
}

/// Takes off the return to dense tensors at the end, where there is one.
void end_before_to_dense(Graph& graph) {
  Node* last = graph.outputs()[0]->node();
  if (is_kind(last, "aten::to_dense")) make_sole_result(graph, last->inputs()[0]);
}

bool has_tensor(const Node* node) {
  return node->hasAttribute(torch::jit::attr::value) &&
         node->kindOf(torch::jit::attr::value) == torch::jit::AttributeKind::t;
}

/// Turns the tensors that the optimiser baked into the graph into further arguments.
std::vector<at::Tensor> take_constants(const std::shared_ptr<Graph>& graph) {
  std::vector<Node*> constants;
  for (Node* node : graph->nodes()) {
    if (has_tensor(node)) constants.push_back(node);
  }
  std::vector<at::Tensor> tensors;
  for (Node* constant : constants) {
    tensors.push_back(constant->t(torch::jit::attr::value));
    Value* argument = graph->addInput();
    argument->setType(c10::TensorType::get());
    constant->output()->replaceAllUsesWith(argument);
  }
  torch::jit::EliminateDeadCode(graph);
  return tensors;
}

/// Whether the layer finds its inputs in oneDNN's blocks, as a convolution before it leaves them.
bool has_blocks_before(const LayerSpec& layer) {
  switch (layer.kind) {
    case LayerKind::kConv2d:
      return layer.channels_in > kMaxImageChannels;
    case LayerKind::kPool2d:
    case LayerKind::kAdd:
    case LayerKind::kConcat:
    case LayerKind::kActivation:
    case LayerKind::kGlobalPool2d:
      return true;
    default:
      return false;
  }
}

std::shared_ptr<Graph> optimized_graph(const LayerSpec& layer, DeviceKind device, const WeightSet& set,
                                       bool behind_producers) {
  std::vector<Parameter> parameters = parameters_of(layer, set, 0, device);
  const std::vector<TensorShape> shapes = input_shapes(layer);
  for (std::size_t i = 0; behind_producers && i < shapes.size(); ++i) {
    parameters.push_back({producer_name(i), at::ones({shapes[i].channels, 1, 1, 1})});
  }
  return optimized_module(layer_method(layer, behind_producers), parameters).get_method("forward").graph()->copy();
}

}  // namespace

GraphFunction::GraphFunction(const std::shared_ptr<Graph>& graph) : executor_(graph, "layer") {}

at::Tensor GraphFunction::operator()(const Tensors& inputs, const std::vector<at::Tensor>& more) const {
  torch::jit::Stack stack;
  stack.reserve(inputs.size() + more.size());
  for (const at::Tensor& input : inputs) stack.emplace_back(input);
  for (const at::Tensor& tensor : more) stack.emplace_back(tensor);
  executor_.run(stack);
  return std::move(stack.front()).toTensor();
}

torch::jit::Module optimized_module(const std::string& source, const std::vector<Parameter>& parameters) {
  torch::jit::Module module("Timed");
  for (const Parameter& parameter : parameters) module.register_parameter(parameter.name, parameter.value, false);
  module.define(source);
  module.eval();
  torch::jit::Module frozen = torch::jit::freeze(module);
  return torch::jit::optimize_for_inference(frozen);
}

std::vector<Parameter> parameters_of(const LayerSpec& layer, const WeightSet& set, std::size_t index,
                                     DeviceKind device) {
  std::vector<Parameter> parameters;
  const WeightTensors tensors = on_device(tensors_of(layer, set), device);
  if (tensors.weights.defined()) parameters.push_back({weights_name(index), tensors.weights});
  if (tensors.bias.defined()) parameters.push_back({bias_name(index), tensors.bias});
  if (tensors.mean.defined()) parameters.push_back({mean_name(index), tensors.mean});
  if (tensors.variance.defined()) parameters.push_back({variance_name(index), tensors.variance});
  return parameters;
}

FrozenLayer freeze_layer(const LayerSpec& layer, DeviceKind device, const WeightSet& set) {
  FrozenLayer frozen;
  const auto num_inputs = static_cast<std::size_t>(layer.num_input_tensors());
  const bool behind_producers =
      has_blocks_before(layer) && device == DeviceKind::kCpu && at::globalContext().hasMKLDNN();
  std::shared_ptr<Graph> graph = optimized_graph(layer, device, set, behind_producers);
  const std::vector<Node*> entries = find_nodes(*graph, is_entry);

  if (behind_producers) {
    for (std::size_t i = 0; i < num_inputs && !entries.empty(); ++i) {
      std::shared_ptr<Graph> producer = graph->copy();
      Node* convolution = find_producers(*producer, num_inputs).at(i);
      end_after(*producer, convolution);
      start_after(producer, {convolution->inputs()[0]->node()});
      frozen.producers.emplace_back(producer);
    }
    start_after(graph, find_producers(*graph, num_inputs));
    frozen.takes_mkldnn = !entries.empty();
  } else if (!entries.empty() && entries.front()->inputs()[0] == graph->inputs()[0]) {
    // Where padding comes before it, the layer takes plain order, as it does in a network.
    start_after(graph, {entries.front()});
    frozen.takes_mkldnn = true;
  }
  end_before_to_dense(*graph);
  clean(graph, num_inputs);
  frozen.weights = take_constants(graph);
  frozen.run = std::make_unique<GraphFunction>(graph);
  return frozen;
}

double interpreter_entry_ms() {
  constexpr int kSamples = 21, kRunsPerSample = 50;
  const auto graph = std::make_shared<Graph>();
  graph->registerOutput(graph->addInput());
  const GraphFunction nothing(graph);
  const Tensors tensor = {at::zeros({1})};
  const c10::InferenceMode inference;
  std::vector<double> samples_ms;
  for (int i = 0; i < kSamples; ++i) {
    samples_ms.push_back(PhaseClock(DeviceKind::kCpu).wall_ms(kRunsPerSample, [&] { nothing(tensor); }) /
                         kRunsPerSample);
  }
  std::nth_element(samples_ms.begin(), samples_ms.begin() + kSamples / 2, samples_ms.end());
  return samples_ms[kSamples / 2];
}

}  // namespace perfmodel
