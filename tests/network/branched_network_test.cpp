// Networks in which a layer takes what several others give.
#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"
#include "perfmodel/network/network.h"

namespace perfmodel {
namespace {

using Nodes = std::vector<NetworkNode>;

/// image (4 x 8 x 8) -> a (4 x 8 x 8), b (6 x 8 x 8); then `last`.
Network with_last(const NetworkNode& last) {
  return Network("net", {{"image", {1, 4, 8, 8}}},
                 {{"a", conv2d(1, 8, 4, 4, 3, 1, 1), {"image"}}, {"b", conv2d(1, 8, 4, 6, 3, 1, 1), {"image"}}, last});
}

/// q, k, v: 2 x 12 x 5 x 1; then `last`.
Network with_attention(const NetworkNode& last) {
  const LayerSpec project = dense_over_tokens(2, 5, 12, 12);
  return Network("net", {{"x", {2, 12, 5, 1}}},
                 {{"q", project, {"x"}}, {"k", project, {"x"}}, {"v", project, {"x"}}, last});
}

TEST(BranchedNetwork, AddsEqualShapes) {
  const Network network = with_last({"sum", addition(1, 8, 4), {"a", "image"}});
  EXPECT_FALSE(network.is_sequential());
  EXPECT_NO_THROW(with_last({"twice", addition(1, 8, 4), {"a", "a"}}));
  EXPECT_PM_ERROR(with_last({"sum", addition(1, 8, 4), {"a", "b"}}), ErrorCode::kMismatch,
                  "node 'sum': its inputs give 1x4x8x8 and 1x6x8x8 (batch x channels x height x width); an addition "
                  "takes equal shapes");
  EXPECT_PM_ERROR(with_last({"sum", addition(1, 8, 5), {"a", "a"}}), ErrorCode::kMismatch,
                  "node 'sum': its layer takes 1x5x8x8, but its inputs 'a', 'a' give 1x4x8x8 and 1x4x8x8");
}

TEST(BranchedNetwork, ConcatenatesChannels) {
  EXPECT_NO_THROW(with_last({"both", concatenation(1, 8, 10), {"a", "b"}}));
  EXPECT_NO_THROW(with_last({"all", concatenation(1, 8, 14, 3), {"a", "b", "image"}}));
  EXPECT_PM_ERROR(with_last({"both", concatenation(1, 8, 11), {"a", "b"}}), ErrorCode::kMismatch,
                  "node 'both': its layer takes 1x11x8x8 together, but its inputs 'a', 'b' give 1x4x8x8 and 1x6x8x8");
  const Nodes nodes = {{"small", pool2d(1, 8, 4, 2, 2), {"image"}},
                       {"both", concatenation(1, 4, 8), {"small", "image"}}};
  EXPECT_PM_ERROR(Network("net", {{"image", {1, 4, 8, 8}}}, nodes), ErrorCode::kMismatch,
                  "node 'both': its inputs give 1x4x4x4 and 1x4x8x8 (batch x channels x height x width); a "
                  "concatenation takes tensors that differ in their channels alone");
}

TEST(BranchedNetwork, TakesAsManyInputsAsTheLayer) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(with_last({"sum", addition(1, 8, 4), {"a"}}), kCode, "node 'sum': 1 inputs, its add layer has 2");
  EXPECT_PM_ERROR(with_last({"both", concatenation(1, 8, 10, 3), {"a", "b"}}), kCode,
                  "node 'both': 2 inputs, its concat layer has 3");
  EXPECT_PM_ERROR(with_last({"norm", batch_norm2d(1, 8, 4), {"a", "a"}}), kCode,
                  "node 'norm': 2 inputs, a batch_norm2d layer has exactly one");
  EXPECT_PM_ERROR(with_last({"both", concatenation(1, 8, 10, -1), {"a", "b"}}), kCode,
                  "node 'both': concat layer: groups is -1");
}

// Queries times keys: 3 heads, 5 x 4 times the transpose of 5 x 4. Weights times values: 5 x 5 times 5 x 4.
TEST(BranchedNetwork, MultipliesByHeads) {
  EXPECT_NO_THROW(with_attention({"scores", matmul(2, 3, 5, 4, 5), {"q", "k"}}));
  const Nodes nodes = {{"scores", matmul(2, 3, 5, 4, 5), {"x", "x"}},
                       {"weights", softmax(2, 5, 15, 3), {"scores"}},
                       {"context", matmul(2, 3, 5, 5, 4), {"weights", "x"}}};
  EXPECT_NO_THROW(Network("net", {{"x", {2, 12, 5, 1}}}, nodes));
  EXPECT_PM_ERROR(with_attention({"scores", matmul(2, 3, 5, 4, 6), {"q", "k"}}), ErrorCode::kMismatch,
                  "node 'scores': its inputs give 2x12x5x1 and 2x12x5x1 (batch x channels x height x width); the "
                  "second one must hold 4 positions of 18 channels, or 6 of 12");
  EXPECT_PM_ERROR(with_attention({"scores", matmul(2, 2, 5, 4, 5), {"q", "k"}}), ErrorCode::kMismatch,
                  "node 'scores': its layer takes 2x8x5x1, but its inputs 'q', 'k' give 2x12x5x1 and 2x12x5x1");
}

TEST(BranchedNetwork, RunsDenseLayersOverPositionsOrOnAllValues) {
  const std::vector<NetworkInput> image = {{"image", {1, 4, 8, 8}}};
  LayerSpec over_positions = dense(1, 4, 10);
  over_positions.input = {8, 8};
  EXPECT_NO_THROW(Network("net", image, {{"each", over_positions, {"image"}}}));
  EXPECT_NO_THROW(Network("net", image, {{"all", dense(1, 256, 10), {"image"}}}));
  over_positions.input = {64, 1};
  EXPECT_PM_ERROR(Network("net", image, {{"each", over_positions, {"image"}}}), ErrorCode::kMismatch,
                  "node 'each': its layer takes 1x4x64x1, but its input 'image' gives 1x4x8x8");
}

TEST(BranchedNetwork, KeepsItsShapesAtAnotherBatch) {
  const Network network = with_last({"both", concatenation(1, 8, 10), {"a", "b"}}).with_batch(16);
  for (const LayerSpec& layer : network.layers()) EXPECT_EQ(layer.batch, 16);
  EXPECT_EQ(network.layers().back(), concatenation(16, 8, 10));
}

constexpr const char* kBlock = R"({
  "name": "block",
  "inputs": [{"name": "x", "shape": [2, 12, 5, 1]}],
  "nodes": [
    {"name": "q", "kind": "dense", "input": "x", "channels_out": 12, "flatten": false},
    {"name": "scores", "kind": "matmul", "inputs": ["q", "x"], "channels_out": 15, "groups": 3},
    {"name": "weights", "kind": "softmax", "input": "scores", "groups": 3},
    {"name": "context", "kind": "matmul", "inputs": ["weights", "x"], "channels_out": 12, "groups": 3},
    {"name": "sum", "kind": "add", "inputs": ["context", "x"], "activation": "gelu"},
    {"name": "norm", "kind": "layer_norm", "input": "sum", "channels_in": 12},
    {"name": "all", "kind": "concat", "inputs": ["norm", "x", "q"]},
    {"name": "clip", "kind": "activation", "input": "all", "activation": "relu6"},
    {"name": "channels", "kind": "batch_norm2d", "input": "clip"},
    {"name": "mean", "kind": "global_pool2d", "input": "channels"}
  ]
})";

TEST(BranchedNetwork, IsReadFromJson) {
  const std::vector<LayerSpec> layers = Network::from_json(kBlock).layers();
  LayerSpec sum = addition(2, 1, 12, Activation::kGelu), all = concatenation(2, 1, 36, 3);
  LayerSpec clip = activation_layer(2, 1, 36, Activation::kRelu6), channels = batch_norm2d(2, 1, 36);
  LayerSpec mean = global_pool2d(2, 1, 36);
  for (LayerSpec* layer : {&sum, &all, &clip, &channels, &mean}) layer->input = {5, 1};
  EXPECT_THAT(layers,
              ::testing::ElementsAre(dense_over_tokens(2, 5, 12, 12), matmul(2, 3, 5, 4, 5), softmax(2, 5, 15, 3),
                                     matmul(2, 3, 5, 5, 4), sum, layer_norm(2, 5, 12), all, clip, channels, mean));
}

TEST(BranchedNetwork, ComesBackFromJsonAsItWasWritten) {
  const Network network = Network::from_json(kBlock);
  const Network again = Network::from_json(network.to_json());
  EXPECT_EQ(again.layers(), network.layers());
  for (std::size_t i = 0; i < network.nodes().size(); ++i) {
    EXPECT_EQ(again.nodes()[i].inputs, network.nodes()[i].inputs);
  }
  EXPECT_EQ(again.to_json(), network.to_json());
}

struct BadNode {
  const char* node;
  ErrorCode code;
  const char* says;
};

TEST(BranchedNetwork, SaysWhatIsWrongWithItsJson) {
  const BadNode bad_nodes[] = {
      {R"({"name": "s", "kind": "add", "input": "x"})", ErrorCode::kParse,
       "node 's': unknown key 'input' (allowed: name, kind, inputs, channels_in, activation)"},
      {R"({"name": "s", "kind": "add", "inputs": "x"})", ErrorCode::kParse,
       "node 's': 'inputs' is \"x\", not an array"},
      {R"({"name": "s", "kind": "add", "inputs": ["x", 7]})", ErrorCode::kParse,
       "node 's': 'inputs' holds number, expected names"},
      {R"({"name": "s", "kind": "add", "inputs": ["x"]})", ErrorCode::kInvalidArgument,
       "node 's': 1 inputs, a layer of kind add has two"},
      {R"({"name": "s", "kind": "concat", "inputs": []})", ErrorCode::kInvalidArgument,
       "node 's': 0 inputs, a layer of kind concat has two or more"},
      {R"({"name": "s", "kind": "matmul", "inputs": ["x", "x", "x"], "channels_out": 4})", ErrorCode::kInvalidArgument,
       "node 's': 3 inputs, a layer of kind matmul has two"},
      {R"({"name": "s", "kind": "matmul", "inputs": ["x", "x"]})", ErrorCode::kParse, "key 'channels_out' is missing"},
      {R"({"name": "s", "kind": "matmul", "inputs": ["x", "x"], "channels_out": 7, "groups": 3})",
       ErrorCode::kInvalidArgument, "node 's': matmul layer: 12 channels in and 7 out are not divisible by groups 3"},
      {R"({"name": "s", "kind": "matmul", "inputs": ["x", "x"], "channels_out": 6, "groups": 3})", ErrorCode::kMismatch,
       "the second one must hold 4 positions of 6 channels, or 2 of 12"},
      {R"({"name": "s", "kind": "activation", "input": "x"})", ErrorCode::kInvalidArgument,
       "node 's': activation layer: activation is 0 (none), there is nothing to do"},
      {R"({"name": "s", "kind": "softmax", "input": "x", "groups": 5})", ErrorCode::kInvalidArgument,
       "node 's': softmax layer: 12 channels in and 12 out are not divisible by groups 5"},
      {R"({"name": "s", "kind": "concat", "inputs": ["x", "x"], "channels_in": 12})", ErrorCode::kMismatch,
       "node 's': channels_in is 12, but its input 'x' and 'x' gives 24"},
      {R"({"name": "s", "kind": "dense", "input": "x", "channels_out": 4, "flatten": 1})", ErrorCode::kParse,
       "node 's': 'flatten' is 1, not true or false"},
      {R"({"name": "s", "kind": "layer_norm", "input": "x", "groups": 2})", ErrorCode::kParse,
       "node 's': unknown key 'groups'"},
  };
  for (const BadNode& bad : bad_nodes) {
    SCOPED_TRACE(bad.node);
    const std::string text =
        R"({"name": "n", "inputs": [{"name": "x", "shape": [2, 12, 5, 1]}], "nodes": [)" + std::string(bad.node) + "]}";
    EXPECT_PM_ERROR(Network::from_json(text), bad.code, bad.says);
  }
}

/// A layer that doubles the channels again and again cannot overflow them.
TEST(BranchedNetwork, RefusesMoreChannelsThanANumberHolds) {
  std::string nodes;
  for (int i = 0; i < 80; ++i) {
    const std::string input = i == 0 ? "x" : "c" + std::to_string(i - 1);
    std::string inputs;
    for (int j = 0; j < 8; ++j) inputs += (j == 0 ? "\"" : ",\"") + input + "\"";
    nodes += (i == 0 ? "" : ",") + (R"({"name": "c)" + std::to_string(i)) + R"(", "kind": "concat", "inputs": [)" +
             inputs + "]}";
  }
  EXPECT_PM_ERROR(Network::from_json(R"({"name": "n", "inputs": [{"name": "x", "shape": [1, 1, 1, 1]}], "nodes": [)" +
                                     nodes + "]}"),
                  ErrorCode::kInvalidArgument, "channels_in is 18014398509481984, allowed are 1 to 2^53");
}

}  // namespace
}  // namespace perfmodel
