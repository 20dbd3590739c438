#include "layer_timing/script_source.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "layer_timing/framework.h"

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

std::string operator_call(const LayerSpec& layer, std::size_t index, const std::string& input) {
  const std::string pads = is_one_sided(layer.pads) ? "[0, 0]" : pair(layer.pads.top, layer.pads.left);
  const std::string bias = layer.bias ? "self." + bias_name(index) : "None";
  switch (layer.kind) {
    case LayerKind::kConv2d:
      return fmt::format("torch.conv2d({}, self.{}, {}, {}, {}, {}, {})", input, weights_name(index), bias,
                         pair(layer.stride), pads, pair(layer.dilation), layer.groups);
    case LayerKind::kPool2d:
      if (layer.pool_kind == PoolKind::kAverage) {
        return fmt::format("torch.avg_pool2d({}, {}, {}, {})", input, pair(layer.kernel), pair(layer.stride), pads);
      }
      return fmt::format("torch.max_pool2d({}, {}, {}, {}, {})", input, pair(layer.kernel), pair(layer.stride), pads,
                         pair(layer.dilation));
    case LayerKind::kDense:
      return fmt::format("torch.linear({}, self.{}, {})", input, weights_name(index), bias);
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

std::string layer_script(const LayerSpec& layer, std::size_t index, const std::string& input,
                         const std::string& output) {
  std::string script;
  std::string operand = input;
  if (layer.kind != LayerKind::kDense && is_one_sided(layer.pads)) {
    const bool is_max = layer.kind == LayerKind::kPool2d && layer.pool_kind == PoolKind::kMax;
    script += fmt::format("  {} = torch.constant_pad_nd({}, [{}, {}, {}, {}], {})\n", output, input, layer.pads.left,
                          layer.pads.right, layer.pads.top, layer.pads.bottom, is_max ? "float('-inf')" : "0.0");
    operand = output;
  }
  script += fmt::format("  {} = {}\n", output, operator_call(layer, index, operand));
  if (layer.activation != Activation::kNone) {
    script += fmt::format("  {0} = torch.{1}_({0})\n", output, activation_name(layer.activation));
  }
  return script;
}

std::string layer_method(const LayerSpec& layer, bool producer) {
  std::string script = "def forward(self, x):\n";
  if (producer) {
    script +=
        fmt::format("  x = torch.conv2d(x, self.producer, None, [1, 1], [0, 0], [1, 1], {})\n", layer.channels_in);
  }
  return script + layer_script(layer, 0, "x", "x") + "  return x\n";
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
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string input = variables.at(nodes[i].inputs.front());
    const std::string output = variable(variables.size());
    variables.emplace(nodes[i].name, output);
    if (nodes[i].layer.kind == LayerKind::kDense) {
      script += fmt::format("  {} = torch.flatten({}, 1)\n", output, input);
      input = output;
    }
    script += layer_script(nodes[i].layer, i, input, output);
  }
  std::string results;
  for (const std::size_t node : output_nodes(network)) {
    results += (results.empty() ? "" : ", ") + variables.at(nodes[node].name);
  }
  return script + fmt::format("  return {}\n", results);
}

}  // namespace perfmodel
