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

template <typename Predicate>
Node* find_node(Graph& graph, Predicate&& predicate) {
  for (Node* node : graph.nodes()) {
    if (predicate(node)) return node;
  }
  return nullptr;
}

void make_sole_result(Graph& graph, Value* value) {
  while (!graph.outputs().empty()) graph.eraseOutput(graph.outputs().size() - 1);
  graph.registerOutput(value);
}

/// Takes out what nothing uses, and arguments before the last `num_kept` ones.
void clean(const std::shared_ptr<Graph>& graph, std::size_t num_kept) {
  torch::jit::EliminateDeadCode(graph);
  while (graph->inputs().size() > num_kept) graph->eraseInput(0);
}

/// Makes the value of `node` the graph's only argument.
void start_after(const std::shared_ptr<Graph>& graph, Node* node) {
  Value* argument = graph->addInput();
  argument->setType(node->output()->type());
  node->output()->replaceAllUsesWith(argument);
  clean(graph, 1);
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

std::shared_ptr<Graph> optimized_graph(const LayerSpec& layer, DeviceKind device, const WeightSet& set, bool producer) {
  std::vector<Parameter> parameters = parameters_of(layer, set, 0, device);
  if (producer) parameters.push_back({"producer", at::ones({layer.channels_in, 1, 1, 1})});
  return optimized_module(layer_method(layer, producer), parameters).get_method("forward").graph()->copy();
}

}  // namespace

GraphFunction::GraphFunction(const std::shared_ptr<Graph>& graph) : executor_(graph, "layer") {}

at::Tensor GraphFunction::operator()(at::Tensor input, const std::vector<at::Tensor>& more) const {
  torch::jit::Stack stack;
  stack.reserve(1 + more.size());
  stack.emplace_back(std::move(input));
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
  return parameters;
}

FrozenLayer freeze_layer(const LayerSpec& layer, DeviceKind device, const WeightSet& set) {
  FrozenLayer frozen;
  const bool is_image = layer.kind == LayerKind::kConv2d && layer.channels_in <= kMaxImageChannels;
  const bool behind_producer =
      layer.kind != LayerKind::kDense && !is_image && device == DeviceKind::kCpu && at::globalContext().hasMKLDNN();
  std::shared_ptr<Graph> graph = optimized_graph(layer, device, set, behind_producer);
  const auto is_entry = [](const Node* node) { return is_kind(node, "aten::to_mkldnn"); };

  if (behind_producer) {
    std::shared_ptr<Graph> producer = graph->copy();
    Node* entry = find_node(*producer, is_entry);
    if (entry != nullptr) {
      make_sole_result(*producer, find_node(*producer, is_convolution)->output());
      start_after(producer, entry);
      frozen.producer = std::make_unique<GraphFunction>(producer);
    }
    start_after(graph, find_node(*graph, is_convolution));
    frozen.takes_mkldnn = entry != nullptr;
  } else if (Node* entry = find_node(*graph, is_entry); entry != nullptr && entry->inputs()[0] == graph->inputs()[0]) {
    start_after(graph, entry);  // where padding comes before it, the layer takes plain order, as it does in a network
    frozen.takes_mkldnn = true;
  }
  end_before_to_dense(*graph);
  clean(graph, 1);
  frozen.weights = take_constants(graph);
  frozen.run = std::make_unique<GraphFunction>(graph);
  return frozen;
}

double interpreter_entry_ms() {
  constexpr int kSamples = 21, kRunsPerSample = 50;
  const auto graph = std::make_shared<Graph>();
  graph->registerOutput(graph->addInput());
  const GraphFunction nothing(graph);
  const at::Tensor tensor = at::zeros({1});
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
