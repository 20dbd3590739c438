#include "layer_timing/tensor_form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "network/layer_inputs.h"

namespace perfmodel {
namespace {

using Order = TensorForm::Order;
using Kind = ViewStep::Kind;

/// To batch x positions x channels.
std::vector<ViewStep> steps_to_tokens(Order from) {
  switch (from) {
    case Order::kFlat:
      return {{Kind::kUnsqueeze, 1}};
    case Order::kImage:
      return {{Kind::kFlatten, 2}, {Kind::kSwap, 1}};
    case Order::kTokens:
      return {};
    case Order::kHeads:
      return {{Kind::kSwap, 1}, {Kind::kFlatten, 2}};
  }
  return {};
}

std::vector<ViewStep> steps_from_tokens(TensorForm to, TensorShape shape) {
  switch (to.order) {
    case Order::kFlat:
      return {{Kind::kFlatten, 1}};
    case Order::kImage:
      return {{Kind::kSwap, 1}, {Kind::kReshape, 0, sizes_in(to, shape)}};
    case Order::kTokens:
      return {};
    case Order::kHeads:
      return {{Kind::kReshape, 0, {shape.batch, shape.height * shape.width, to.heads, shape.channels / to.heads}},
              {Kind::kSwap, 1}};
  }
  return {};
}

}  // namespace

TensorForm working_form(const LayerSpec& layer, TensorForm given) {
  switch (layer.kind) {
    case LayerKind::kConv2d:
    case LayerKind::kPool2d:
    case LayerKind::kBatchNorm2d:
    case LayerKind::kGlobalPool2d:
      return {Order::kImage};
    case LayerKind::kDense:
      return {layer.input == Size2{} ? Order::kFlat : Order::kTokens};
    case LayerKind::kLayerNorm:
      return {given.order == Order::kFlat ? Order::kFlat : Order::kTokens};
    case LayerKind::kAdd:
    case LayerKind::kActivation:
      return given;
    case LayerKind::kConcat:
      return {given.order == Order::kHeads ? Order::kTokens : given.order};
    case LayerKind::kSoftmax:
      if (layer.groups > 1) return {Order::kHeads, layer.groups};
      return {given.order == Order::kFlat ? Order::kFlat : Order::kTokens};
    case LayerKind::kMatMul:
      return {Order::kHeads, layer.groups};
  }
  return given;
}

TensorForm form_given_alone(const LayerSpec& layer) {
  if (layer.kind == LayerKind::kMatMul) return {Order::kTokens};
  return working_form(layer, {});
}

std::vector<TensorForm> input_forms(const Network& network) {
  std::vector<TensorForm> forms;
  for (const NetworkInput& input : network.inputs()) {
    TensorForm form;
    const auto reads = [&](const NetworkNode& node) { return node.inputs.front() == input.name; };
    const auto reader = std::find_if(network.nodes().begin(), network.nodes().end(), reads);
    if (reader != network.nodes().end()) form = form_given_alone(reader->layer);
    const bool is_sequence = form.order == Order::kTokens || form.order == Order::kHeads;
    forms.push_back({is_sequence ? Order::kTokens : Order::kImage});
  }
  return forms;
}

std::int64_t channel_dim(TensorForm form) {
  switch (form.order) {
    case Order::kFlat:
    case Order::kImage:
      return 1;
    case Order::kTokens:
      return 2;
    case Order::kHeads:
      return 3;
  }
  return 1;
}

std::vector<std::int64_t> sizes_in(TensorForm form, TensorShape shape) {
  const std::int64_t positions = shape.height * shape.width;
  switch (form.order) {
    case Order::kFlat:
      return {shape.batch, shape.channels * positions};
    case Order::kImage:
      return {shape.batch, shape.channels, shape.height, shape.width};
    case Order::kTokens:
      return {shape.batch, positions, shape.channels};
    case Order::kHeads:
      return {shape.batch, form.heads, positions, shape.channels / form.heads};
  }
  return {};
}

std::vector<ViewStep> steps_between(TensorForm from, TensorForm to, TensorShape shape) {
  if (from == to) return {};
  if (to.order == Order::kFlat && from.order == Order::kImage) return {{Kind::kFlatten, 1}};
  std::vector<ViewStep> steps = steps_to_tokens(from.order);
  for (ViewStep& step : steps_from_tokens(to, shape)) steps.push_back(std::move(step));
  return steps;
}

at::Tensor apply(const std::vector<ViewStep>& steps, at::Tensor tensor) {
  for (const ViewStep& step : steps) {
    switch (step.kind) {
      case Kind::kFlatten:
        tensor = tensor.flatten(step.dim);
        break;
      case Kind::kUnsqueeze:
        tensor = tensor.unsqueeze(step.dim);
        break;
      case Kind::kSwap:
        tensor = tensor.transpose(step.dim, step.dim + 1);
        break;
      case Kind::kReshape:
        tensor = tensor.reshape(step.sizes);
        break;
    }
  }
  return tensor;
}

std::string script_of(const std::vector<ViewStep>& steps, const std::string& variable) {
  std::string text = variable;
  for (const ViewStep& step : steps) {
    switch (step.kind) {
      case Kind::kFlatten:
        text = fmt::format("torch.flatten({}, {})", text, step.dim);
        break;
      case Kind::kUnsqueeze:
        text = fmt::format("torch.unsqueeze({}, {})", text, step.dim);
        break;
      case Kind::kSwap:
        text = fmt::format("torch.transpose({}, {}, {})", text, step.dim, step.dim + 1);
        break;
      case Kind::kReshape:
        text = fmt::format("torch.reshape({}, [{}])", text, fmt::join(step.sizes, ", "));
        break;
    }
  }
  return text;
}

InputViews views_alone(const LayerSpec& layer) {
  InputViews views;
  const TensorForm given = form_given_alone(layer);
  views.working = working_form(layer, given);
  for (const TensorShape& shape : input_shapes(layer)) {
    views.steps.push_back(steps_between(given, views.working, shape));
  }
  return views;
}

std::vector<InputViews> views_in(const Network& network) {
  std::map<std::string, std::pair<TensorForm, TensorShape>> values;
  const std::vector<TensorForm> forms = input_forms(network);
  for (std::size_t i = 0; i < forms.size(); ++i) {
    values.emplace(network.inputs()[i].name, std::pair(forms[i], network.inputs()[i].shape));
  }
  std::vector<InputViews> all;
  for (const NetworkNode& node : network.nodes()) {
    InputViews views;
    views.working = working_form(node.layer, values.at(node.inputs.front()).first);
    for (const std::string& input : node.inputs) {
      const auto& [form, shape] = values.at(input);
      views.steps.push_back(steps_between(form, views.working, shape));
    }
    if (node.layer.kind == LayerKind::kMatMul) {
      views.transposed = is_transposed(node.layer, values.at(node.inputs.back()).second);
    }
    values.emplace(node.name, std::pair(views.working, output_shape(node.layer)));
    all.push_back(std::move(views));
  }
  return all;
}

}  // namespace perfmodel
