#include <fmt/format.h>

#include "network/graph_builder.h"
#include "network/transformer.h"
#include "perfmodel/network/layer_makers.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {
namespace {

std::string normalised(GraphBuilder& graph, const std::string& name, const LayerSpec& conv, Activation activation,
                       const std::string& input) {
  const std::string filtered = graph.add(name + "_conv", conv, {input});
  return graph.add(name + "_norm", of_kind(LayerKind::kBatchNorm2d, activation), {filtered});
}

std::string classify(GraphBuilder& graph, const std::string& input) {
  const std::string pool = graph.add("global_pool", of_kind(LayerKind::kGlobalPool2d), {input});
  return graph.add("classes", dense(1, 1, 200), {pool});
}

/// In the manner of ResNet, with one block of each stage.
Network residual_like() {
  GraphBuilder graph("residual_like", "image", {1, 3, 192, 192});
  std::string last = normalised(graph, "stem", bare_conv(56, 7, 2, 3), Activation::kRelu, "image");
  last = graph.add("pool", pool2d(1, 1, 1, 3, 2, 1), {last});
  for (const std::int64_t channels : {56, 112, 224, 448}) {
    const std::string block = fmt::format("block{}", channels);
    const std::int64_t stride = channels == 56 ? 1 : 2;
    const std::string a = normalised(graph, block + "a", bare_conv(channels, 1), Activation::kRelu, last);
    const std::string b = normalised(graph, block + "b", bare_conv(channels, 3, stride, 1), Activation::kRelu, a);
    const std::string c = normalised(graph, block + "c", bare_conv(3 * channels, 1), Activation::kNone, b);
    last = normalised(graph, block + "_shortcut", bare_conv(3 * channels, 1, stride), Activation::kNone, last);
    last = graph.add(block, of_kind(LayerKind::kAdd, Activation::kRelu), {c, last});
  }
  classify(graph, last);
  return graph.finish();
}

/// In the manner of MobileNetV2, with one block of each stage and one more that adds what it took.
Network inverted_like() {
  GraphBuilder graph("inverted_like", "image", {1, 3, 192, 192});
  std::string last = normalised(graph, "stem", bare_conv(24, 3, 2, 1), Activation::kRelu6, "image");
  for (const std::int64_t channels : {20, 28, 56, 80, 144}) {
    for (const bool is_residual : {false, true}) {
      const std::string block = fmt::format("block{}{}", channels, is_residual ? "b" : "a");
      const std::int64_t hidden = 5 * graph.shape_of(last).channels;
      LayerSpec filter = bare_conv(hidden, 3, is_residual ? 1 : 2, 1);
      filter.channels_in = hidden;
      std::string branch = normalised(graph, block + "_expand", bare_conv(hidden, 1), Activation::kRelu6, last);
      branch = normalised(graph, block + "_depthwise", depthwise(filter), Activation::kRelu6, branch);
      branch = normalised(graph, block + "_project", bare_conv(channels, 1), Activation::kNone, branch);
      last = is_residual ? graph.add(block, of_kind(LayerKind::kAdd), {branch, last}) : branch;
    }
  }
  classify(graph, last);
  return graph.finish();
}

/// In the manner of SqueezeNet.
Network fire_like() {
  GraphBuilder graph("fire_like", "image", {1, 3, 200, 200});
  std::string last = graph.add("conv", conv2d(1, 1, 1, 48, 3, 2, 0, Activation::kRelu), {"image"});
  for (const std::int64_t squeezed : {12, 24, 40, 56}) {
    const std::string name = fmt::format("fire{}", squeezed);
    last = graph.add(name + "_pool", pool2d(1, 1, 1, 3, 2), {last});
    last = graph.add(name + "_squeeze", conv2d(1, 1, 1, squeezed, 1, 1, 0, Activation::kRelu), {last});
    const std::string narrow =
        graph.add(name + "_narrow", conv2d(1, 1, 1, 4 * squeezed, 1, 1, 0, Activation::kRelu), {last});
    const std::string wide =
        graph.add(name + "_wide", conv2d(1, 1, 1, 4 * squeezed, 3, 1, 1, Activation::kRelu), {last});
    last = graph.add(name, of_kind(LayerKind::kConcat), {narrow, wide});
  }
  classify(graph, last);
  return graph.finish();
}

}  // namespace

std::vector<Network> branched_steering_networks() {
  return {residual_like(), inverted_like(), fire_like(), encoder_block("encoder_like", 1, {96, 512, 8, 2048}),
          encoder_block("small_encoder_like", 1, {160, 384, 6, 1536})};
}

}  // namespace perfmodel
