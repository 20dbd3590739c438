#include "perfmodel/network/network.h"

#include "expect_error.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

std::vector<NetworkInput> image(std::int64_t batch = 1) {
  return {{"image", {batch, 3, 8, 8}}};
}

/// image (3 x 8 x 8) -> a (4 x 8 x 8) -> b (4 x 4 x 4) -> c (10).
std::vector<NetworkNode> three_nodes() {
  return {{"a", conv2d(1, 8, 3, 4, 3, 1, 1), {"image"}},
          {"b", pool2d(1, 8, 4, 2, 2), {"a"}},
          {"c", dense(1, 64, 10), {"b"}}};
}

std::vector<std::string> node_names(const Network& network) {
  std::vector<std::string> names;
  for (const NetworkNode& node : network.nodes()) names.push_back(node.name);
  return names;
}

TEST(Network, KeepsAValidOrder) {
  const Network network("net", image(), three_nodes());
  EXPECT_THAT(node_names(network), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(network.is_sequential());
  EXPECT_EQ(network.batch(), 1);
  EXPECT_EQ(network.layers()[1], pool2d(1, 8, 4, 2, 2));
}

TEST(Network, PutsNodesIntoAnOrderInWhichTheyCanRun) {
  std::vector<NetworkNode> nodes = three_nodes();
  std::swap(nodes[0], nodes[2]);
  EXPECT_THAT(node_names(Network("net", image(), nodes)), ElementsAre("a", "b", "c"));
}

TEST(Network, MovesOnlyNodesThatMustMove) {
  // Two branches, given alternately; y2 alone stands before what it reads.
  const LayerSpec same = conv2d(1, 8, 3, 3, 3, 1, 1);
  const Network network("net", image(),
                        {{"y2", same, {"y1"}}, {"x1", same, {"image"}}, {"y1", same, {"image"}}, {"x2", same, {"x1"}}});
  EXPECT_THAT(node_names(network), ElementsAre("x1", "y1", "y2", "x2"));
  EXPECT_FALSE(network.is_sequential());
}

TEST(Network, IsSequentialOnlyAsOneChain) {
  const LayerSpec same = conv2d(1, 8, 3, 3, 3, 1, 1);
  EXPECT_FALSE(Network("fork", image(), {{"a", same, {"image"}}, {"b", same, {"image"}}}).is_sequential());
  EXPECT_FALSE(
      Network("fork", image(), {{"a", same, {"image"}}, {"b", same, {"a"}}, {"c", same, {"a"}}}).is_sequential());
  const std::vector<NetworkInput> two = {{"image", {1, 3, 8, 8}}, {"other", {1, 3, 8, 8}}};
  EXPECT_FALSE(Network("two", two, {{"a", same, {"image"}}, {"b", same, {"other"}}}).is_sequential());
}

TEST(Network, ChangesItsBatch) {
  const Network network = Network("net", image(), three_nodes()).with_batch(16);
  EXPECT_EQ(network.batch(), 16);
  EXPECT_EQ(network.name(), "net");
  for (const LayerSpec& layer : network.layers()) EXPECT_EQ(layer.batch, 16);
  EXPECT_PM_ERROR(network.with_batch(0), ErrorCode::kInvalidArgument, "network 'net': batch is 0, must be at least 1");
}

TEST(Network, FootprintIsWeightsAndOutputs) {
  // Weights 3 * 4 * 9 + 4 and 64 * 10 + 10; outputs 4 * 64, 4 * 16 and 10; four bytes each.
  EXPECT_EQ(Network("net", image(), three_nodes()).footprint_bytes(), 4.0 * (112 + 650 + 256 + 64 + 10));
}

TEST(Network, RejectsBadNames) {
  const LayerSpec same = conv2d(1, 8, 3, 3, 3, 1, 1);
  const auto make = [](std::vector<NetworkInput> inputs, std::vector<NetworkNode> nodes) {
    return Network("net", std::move(inputs), std::move(nodes));
  };
  constexpr ErrorCode kCode = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(make({}, three_nodes()), kCode, "a network needs at least one input");
  EXPECT_PM_ERROR(make(image(), {}), kCode, "a network needs at least one node");
  EXPECT_PM_ERROR(make({{"", {1, 3, 8, 8}}}, three_nodes()), kCode, "an input of the network has no name");
  EXPECT_PM_ERROR(make({image()[0], image()[0]}, three_nodes()), kCode, "input 'image' appears twice");
  EXPECT_PM_ERROR(make(image(), {{"", same, {"image"}}}), kCode, "node 1 has no name");
  EXPECT_PM_ERROR(make(image(), {{"a", same, {"image"}}, {"a", same, {"image"}}}), kCode,
                  "node 'a': the name appears twice, names must be unique");
  EXPECT_PM_ERROR(make(image(), {{"image", same, {"image"}}}), kCode, "node 'image': an input has that name");
  EXPECT_PM_ERROR(make(image(), {{"a", same, {"imag"}}}), kCode,
                  "node 'a': its input 'imag' is neither an input of the network nor a node");
  EXPECT_PM_ERROR(make(image(), {{"a", same, {}}}), kCode, "node 'a': 0 inputs, a conv2d layer has exactly one");
  EXPECT_PM_ERROR(make(image(), {{"a", same, {"image", "image"}}}), kCode, "node 'a': 2 inputs");
}

TEST(Network, NamesTheCycle) {
  const LayerSpec same = conv2d(1, 8, 3, 3, 3, 1, 1);
  const auto make = [&](std::vector<NetworkNode> nodes) { return Network("net", image(), std::move(nodes)); };
  EXPECT_PM_ERROR(make({{"a", same, {"a"}}}), ErrorCode::kInvalidArgument, "nodes form a cycle: a -> a");
  // z hangs on the cycle but is no part of it.
  EXPECT_PM_ERROR(
      make({{"z", same, {"c"}}, {"ok", same, {"image"}}, {"a", same, {"c"}}, {"b", same, {"a"}}, {"c", same, {"b"}}}),
      ErrorCode::kInvalidArgument, "nodes form a cycle: c -> a -> b -> c");
}

TEST(Network, RejectsShapesThatDoNotFit) {
  constexpr ErrorCode kCode = ErrorCode::kMismatch;
  const auto with_node = [](std::size_t index, const LayerSpec& layer) {
    std::vector<NetworkNode> nodes = three_nodes();
    nodes[index].layer = layer;
    return Network("net", image(), nodes);
  };
  EXPECT_PM_ERROR(with_node(0, conv2d(1, 8, 4, 4, 3, 1, 1)), kCode,
                  "node 'a': its layer takes 1x4x8x8, but its input 'image' gives 1x3x8x8");
  EXPECT_PM_ERROR(with_node(1, pool2d(1, 9, 4, 2, 2)), kCode,
                  "node 'b': its layer takes 1x4x9x9, but its input 'a' gives 1x4x8x8");
  EXPECT_PM_ERROR(with_node(1, pool2d(2, 8, 4, 2, 2)), kCode, "node 'b': its layer takes 2x4x8x8");
  EXPECT_PM_ERROR(with_node(2, dense(1, 4, 10)), kCode,
                  "node 'c': its layer takes batch 1 of 4 values, but its input 'b' gives 1x4x4x4");
  EXPECT_PM_ERROR(Network("net", {{"image", {1, 3, 8, 8}}, {"other", {2, 3, 8, 8}}}, three_nodes()), kCode,
                  "input 'other': batch 2 differs from batch 1 of input 'image'");
}

TEST(Network, RejectsBadShapesAndLayers) {
  EXPECT_PM_ERROR(Network("net", {{"image", {1, 0, 8, 8}}}, three_nodes()), ErrorCode::kInvalidArgument,
                  "input 'image': shape 1x0x8x8: each size must be at least 1");
  EXPECT_PM_ERROR(Network("net", {{"image", {INT64_MAX, 3, INT64_MAX, 8}}}, three_nodes()), ErrorCode::kInvalidArgument,
                  "their product at most 2^53");
  std::vector<NetworkNode> nodes = three_nodes();
  nodes[1].layer.pads = {2, 2, 2, 2};
  EXPECT_PM_ERROR(Network("net", image(), nodes), ErrorCode::kInvalidArgument,
                  "node 'b': pool2d layer: pads 2 must be smaller than the dilated kernel 2");
}

TEST(Network, OrdersALongChainQuickly) {
  constexpr int kNumNodes = 20000;  // a search for the next ready node among all would take minutes
  std::vector<NetworkNode> nodes;
  for (int i = kNumNodes - 1; i >= 0; --i) {
    nodes.push_back({std::to_string(i), dense(1, 2, 2), {i == 0 ? "x" : std::to_string(i - 1)}});
  }
  const Network network("chain", {{"x", {1, 2, 1, 1}}}, std::move(nodes));
  EXPECT_EQ(network.nodes().front().name, "0");
  EXPECT_TRUE(network.is_sequential());
}

}  // namespace
}  // namespace perfmodel
