#include <fmt/format.h>

#include "network/graph_builder.h"
#include "network/graph_networks.h"

namespace perfmodel {
namespace {

LayerSpec relu_conv(std::int64_t channels_out, std::int64_t kernel, std::int64_t stride = 1, std::int64_t pad = 0) {
  return conv2d(1, 1, 1, channels_out, kernel, stride, pad, Activation::kRelu);
}

/// 1 x 1 to few channels, then 1 x 1 and 3 x 3 side by side to `expanded` channels each.
std::string fire(GraphBuilder& graph, int number, std::int64_t squeezed, std::int64_t expanded,
                 const std::string& input) {
  const std::string name = fmt::format("fire{}", number);
  const std::string squeeze = graph.add(name + "_squeeze", relu_conv(squeezed, 1), {input});
  const std::string narrow = graph.add(name + "_expand1", relu_conv(expanded, 1), {squeeze});
  const std::string wide = graph.add(name + "_expand3", relu_conv(expanded, 3, 1, 1), {squeeze});
  return graph.add(name, of_kind(LayerKind::kConcat), {narrow, wide});
}

}  // namespace

Network squeezenet(std::int64_t batch) {
  const LayerSpec pool = pool2d(1, 1, 1, 3, 2);
  GraphBuilder graph("squeezenet", "image", {batch, 3, 224, 224});
  std::string last = graph.add("pool1", pool, {graph.add("conv1", relu_conv(64, 3, 2), {"image"})});
  last = fire(graph, 2, 16, 64, last);
  last = fire(graph, 3, 16, 64, last);
  last = graph.add("pool3", pool, {last});
  last = fire(graph, 4, 32, 128, last);
  last = fire(graph, 5, 32, 128, last);
  last = graph.add("pool5", pool, {last});
  last = fire(graph, 6, 48, 192, last);
  last = fire(graph, 7, 48, 192, last);
  last = fire(graph, 8, 64, 256, last);
  last = fire(graph, 9, 64, 256, last);
  last = graph.add("classes", relu_conv(1000, 1), {last});
  graph.add("global_pool", of_kind(LayerKind::kGlobalPool2d), {last});
  return graph.finish();
}

}  // namespace perfmodel
