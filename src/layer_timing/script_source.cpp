#include "layer_timing/script_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "layer_timing/framework.h"
#include "network/layer_inputs.h"

namespace perfmodel {
namespace {

std::string pair(std::int64_t first, std::int64_t second) {
  return fmt::format("[{}, {}]", first, second);
}
std::string pair(Size2 size) {
  return pair(size.height, size.width);
}

bool is_one_sided(const Pads& pads) {
  return pads.top != pads.bottom || pads.left != pads.right;
}

/// The operator on `inputs`, which are in the layer's working form.
std::string operator_call(const LayerSpec& layer, std::size_t index, const InputViews& views,
                          const std::vector<std::string>& inputs) {
  const std::string& input = inputs.front();
  const std::string pads = is_one_sided(layer.pads) ? "[0, 0]" : pair(layer.pads.top, layer.pads.left);
  const std::string weights = "self." + weights_name(index);
  const std::string bias = layer.bias ? "self." + bias_name(index) : "None";
  const std::int64_t dim = channel_dim(views.working);
  switch (layer.kind) {
    case LayerKind::kConv2d:
      return fmt::format("torch.conv2d({}, {}, {}, {}, {}, {}, {})", input, weights, bias, pair(layer.stride), pads,
                         pair(layer.dilation), layer.groups);
    case LayerKind::kPool2d:
      if (layer.pool_kind == PoolKind::kAverage) {
        return fmt::format("torch.avg_pool2d({}, {}, {}, {})", input, pair(layer.kernel), pair(layer.stride), pads);
      }
      return fmt::format("torch.max_pool2d({}, {}, {}, {}, {})", input, pair(layer.kernel), pair(layer.stride), pads,
                         pair(layer.dilation));
    case LayerKind::kDense:
      return fmt::format("torch.linear({}, {}, {})", input, weights, bias);
    case LayerKind::kBatchNorm2d:
      return fmt::format("torch.batch_norm({}, {}, self.{}, self.{}, self.{}, False, 0.0, 1e-05, True)", input, weights,
                         bias_name(index), mean_name(index), variance_name(index));
    case LayerKind::kLayerNorm:
      return fmt::format("torch.layer_norm({}, [{}], {}, self.{}, 1e-05)", input, layer.channels_in, weights,
                         bias_name(index));
    case LayerKind::kAdd:
      return fmt::format("torch.add({}, {})", input, inputs.back());
    case LayerKind::kConcat:
      return fmt::format("torch.cat([{}], {})", fmt::join(inputs, ", "), dim);
    case LayerKind::kActivation:
      return fmt::format("torch.{}({})", activation_name(layer.activation), input);
    case LayerKind::kGlobalPool2d:
      return fmt::format("torch.adaptive_avg_pool2d({}, [1, 1])", input);
    case LayerKind::kSoftmax:
      return fmt::format("torch.softmax({}, {})", input, dim);
    case LayerKind::kMatMul:
      return views.transposed ? fmt::format("torch.matmul({}, torch.transpose({}, 2, 3))", input, inputs.back())
                              : fmt::format("torch.matmul({}, {})", input, inputs.back());
  }
  return {};
}

std::string variable(std::size_t index) {
  return fmt::format("v{}", index);
}

}  // namespace

std::string weights_name(std::size_t index) {
  return fmt::format("weights{}", index);
}
std::string bias_name(std::size_t index) {
  return fmt::format("bias{}", index);
}

std::string producer_name(std::size_t input) {
  return fmt::format("producer{}", input);
}
std::string mean_name(std::size_t index) {
  return fmt::format("mean{}", index);
}
std::string variance_name(std::size_t index) {
  return fmt::format("variance{}", index);
}

std::string layer_script(const LayerSpec& layer, std::size_t index, const InputViews& views,
                         std::vector<std::string> inputs, const std::string& output) {
  std::string script;
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = script_of(views.steps[i], inputs[i]);
  if (is_one_sided(layer.pads)) {
    const bool is_max = layer.kind == LayerKind::kPool2d && layer.pool_kind == PoolKind::kMax;
    script +=
        fmt::format("  {} = torch.constant_pad_nd({}, [{}, {}, {}, {}], {})\n", output, inputs.front(), layer.pads.left,
                    layer.pads.right, layer.pads.top, layer.pads.bottom, is_max ? "float('-inf')" : "0.0");
    inputs.front() = output;
  }
  script += fmt::format("  {} = {}\n", output, operator_call(layer, index, views, inputs));
  if (layer.activation != Activation::kNone && layer.kind != LayerKind::kActivation) {
    script += fmt::format("  {0} = torch.{1}_({0})\n", output, activation_name(layer.activation));
  }
  return script;
}

std::string layer_method(const LayerSpec& layer, bool behind_producers) {
  const std::vector<TensorShape> shapes = input_shapes(layer);
  std::vector<std::string> inputs;
  for (std::size_t i = 0; i < shapes.size(); ++i) inputs.push_back(variable(i));
  std::string script = fmt::format("def forward(self, {}):\n", fmt::join(inputs, ", "));
  for (std::size_t i = 0; behind_producers && i < shapes.size(); ++i) {
    script += fmt::format("  {0} = torch.conv2d({0}, self.{1}, None, [1, 1], [0, 0], [1, 1], {2})\n", inputs[i],
                          producer_name(i), shapes[i].channels);
  }
  return script + layer_script(layer, 0, views_alone(layer), inputs, "y") + "  return y\n";
}

std::string network_method(const Network& network) {
  std::map<std::string, std::string> variables;
  std::string arguments = "self";
  for (const NetworkInput& input : network.inputs()) {
    const std::string name = variable(variables.size());
    variables.emplace(input.name, name);
    arguments += ", " + name;
  }
  std::string script = fmt::format("def forward({}):\n", arguments);
  const std::vector<NetworkNode>& nodes = network.nodes();
  const std::vector<InputViews> views = views_in(network);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::vector<std::string> inputs;
    for (const std::string& input : nodes[i].inputs) inputs.push_back(variables.at(input));
    const std::string output = variable(variables.size());
    variables.emplace(nodes[i].name, output);
    script += layer_script(nodes[i].layer, i, views[i], inputs, output);
  }
  std::string results;
  for (const std::size_t node : output_nodes(network)) {
    results += (results.empty() ? "" : ", ") + variables.at(nodes[node].name);
  }
  return script + fmt::format("  return {}\n", results);
}

}  // namespace perfmodel
