#include <cstdio>
#include <fstream>
#include <string>

#include "expect_error.h"
#include "perfmodel/network/network.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr const char* kExample = R"({
  "name": "example",
  "inputs": [{"name": "image", "shape": [4, 3, 224, 224]}],
  "nodes": [
    {"name": "classes", "kind": "dense", "input": "pool2", "channels_out": 10, "bias": false, "channels_in": 576,
     "activation": "sigmoid"},
    {"name": "conv1", "kind": "conv2d", "input": "image", "channels_out": 64, "kernel": [11, 11], "stride": 4,
     "pads": 2, "activation": "relu"},
    {"name": "conv2", "kind": "conv", "input": "pool1", "channels_out": 64, "kernel": [3, 5], "stride": [2, 1],
     "pads": "same", "dilation": [1, 2], "groups": 2},
    {"name": "pool1", "kind": "pool2d", "input": "conv1", "kernel": 3, "stride": 2, "pads": [0, 1, 0, 1],
     "pool": "average", "activation": "none"},
    {"name": "pool2", "kind": "pool", "input": "conv2", "kernel": [4, 7], "pads": "valid"}
  ]
})";

TEST(NetworkJson, InfersShapesFromTheGraph) {
  const Network network = Network::from_json(kExample);
  EXPECT_EQ(network.name(), "example");
  EXPECT_EQ(network.inputs().front().shape, (TensorShape{4, 3, 224, 224}));
  const std::vector<LayerSpec> layers = network.layers();
  ASSERT_EQ(layers.size(), 5u);

  EXPECT_EQ(layers[0], conv2d(4, 224, 3, 64, 11, 4, 2, Activation::kRelu));  // gives 55 x 55

  LayerSpec pool1 = pool2d(4, 55, 64, 3, 2, 0, PoolKind::kAverage);
  pool1.pads = {0, 1, 0, 1};  // 55 + 1 - 3 over 2: 27 x 27
  EXPECT_EQ(layers[1], pool1);

  LayerSpec conv2 = conv2d(4, 27, 64, 64, 1);
  conv2.kernel = {3, 5};
  conv2.stride = {2, 1};
  conv2.dilation = {1, 2};
  conv2.groups = 2;
  conv2.pads = {1, 1, 4, 4};  // rows: 13 * 2 + 3 - 27 = 2; columns: 26 + 9 - 27 = 8; gives 14 x 27
  EXPECT_EQ(layers[2], conv2);

  LayerSpec pool2 = pool2d(4, 1, 64, 1, 1);
  pool2.input = {14, 27};
  pool2.kernel = pool2.stride = {4, 7};  // without a stride, windows stand side by side: 3 x 3
  EXPECT_EQ(layers[3], pool2);

  LayerSpec classes = dense(4, 576, 10, Activation::kSigmoid);  // 64 * 3 * 3
  classes.bias = false;
  EXPECT_EQ(layers[4], classes);
}

TEST(NetworkJson, ComesBackAsItWasWritten) {
  std::vector<Network> networks = {Network::from_json(kExample)};
  for (const std::string& name : builtin_network_names()) networks.push_back(builtin_network(name, 2));
  for (const Network& network : networks) {
    SCOPED_TRACE(network.name());
    const Network again = Network::from_json(network.to_json());
    EXPECT_EQ(again.name(), network.name());
    EXPECT_EQ(again.inputs().front().name, network.inputs().front().name);
    EXPECT_EQ(again.inputs().front().shape, network.inputs().front().shape);
    ASSERT_EQ(again.nodes().size(), network.nodes().size());
    for (std::size_t i = 0; i < network.nodes().size(); ++i) {
      EXPECT_EQ(again.nodes()[i].name, network.nodes()[i].name);
      EXPECT_EQ(again.nodes()[i].inputs, network.nodes()[i].inputs);
      EXPECT_EQ(again.nodes()[i].layer, network.nodes()[i].layer);
    }
    EXPECT_EQ(again.to_json(), network.to_json());
  }
}

TEST(NetworkJson, KeepsNamesWithQuotesAndBraces) {
  const Network network("a \"b\" {}\n", {{"x", {1, 2, 1, 1}}}, {{"{0}", dense(1, 2, 3), {"x"}}});
  const Network again = Network::from_json(network.to_json());
  EXPECT_EQ(again.name(), network.name());
  EXPECT_EQ(again.nodes().front().name, "{0}");
}

std::string network_with(const std::string& node) {
  return R"({"name": "net", "inputs": [{"name": "x", "shape": [1, 3, 8, 8]}], "nodes": [)" + node + "]}";
}

/// A conv2d node "c" on x (3 x 8 x 8) whose other keys are `rest`.
std::string conv_with(const std::string& rest) {
  return network_with(R"({"name": "c", "kind": "conv2d", "input": "x", )" + rest + "}");
}

struct BadText {
  std::string text;
  ErrorCode code;
  const char* says;
};

void expect_rejected(const std::vector<BadText>& bad_texts) {
  for (const BadText& bad : bad_texts) {
    SCOPED_TRACE(bad.text);
    EXPECT_PM_ERROR(Network::from_json(bad.text), bad.code, bad.says);
  }
}

TEST(NetworkJson, RejectsUnknownKeys) {
  expect_rejected({
      {R"({"name": "n", "inputs": [], "nodes": [], "layers": []})", ErrorCode::kParse,
       "network: unknown key 'layers' (allowed: name, inputs, nodes)"},
      {R"({"name": "n", "inputs": [{"name": "x", "size": 3}], "nodes": []})", ErrorCode::kParse,
       "input 1: unknown key 'size' (allowed: name, shape)"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "padding": 1)"), ErrorCode::kParse,
       "node 'c': unknown key 'padding' (allowed: name, kind, input, channels_in, channels_out, kernel, stride, pads, "
       "dilation, groups, bias, activation)"},
      {network_with(R"({"name": "p", "kind": "pool2d", "input": "x", "kernel": 2, "bias": true})"), ErrorCode::kParse,
       "node 'p': unknown key 'bias' (allowed: name, kind, input, channels_in, kernel, stride, pads, dilation, pool, "
       "activation)"},
      {network_with(R"({"name": "d", "kind": "dense", "input": "x", "channels_out": 2, "kernel": 1})"),
       ErrorCode::kParse,
       "node 'd': unknown key 'kernel' (allowed: name, kind, input, channels_in, channels_out, flatten, bias, "
       "activation)"},
  });
}

TEST(NetworkJson, RejectsSizesOutOfRange) {
  constexpr ErrorCode kCode = ErrorCode::kInvalidArgument;
  expect_rejected({
      {conv_with(R"("channels_out": -4, "kernel": 3)"), kCode,
       "node 'c': 'channels_out' is -4, allowed are 1 to 2147483647"},
      {conv_with(R"("channels_out": 4, "kernel": 0)"), kCode, "node 'c': 'kernel' is 0, allowed are 1"},
      {conv_with(R"("channels_out": 4, "kernel": [3, -3])"), kCode, "node 'c': 'kernel' is -3, allowed are 1"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "stride": 0, "pads": "same")"), kCode, "node 'c': 'stride' is 0"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "pads": -1)"), kCode, "node 'c': 'pads' is -1, allowed are 0 to"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "pads": [0, 0, -2, 0])"), kCode, "node 'c': 'pads' is -2"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "dilation": 0)"), kCode, "node 'c': 'dilation' is 0"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "groups": -1)"), kCode, "node 'c': 'groups' is -1"},
      {conv_with(R"("channels_out": 2147483648, "kernel": 3)"), kCode, "node 'c': 'channels_out' is 2147483648"},
      {conv_with(R"("channels_out": 18446744073709551615, "kernel": 3)"), kCode, "is 18446744073709551615, allowed"},
      {R"({"name": "n", "inputs": [{"name": "x", "shape": [1, 3, -8, 8]}], "nodes": []})", kCode,
       "input 'x': 'shape' is -8, allowed are 1"},
      {conv_with(R"("channels_out": 4, "kernel": 2147483647, "dilation": 2147483647, "pads": "same")"), kCode,
       "node 'c': conv2d layer: top pad is"},
  });
}

TEST(NetworkJson, RejectsShapesThatDoNotFit) {
  expect_rejected({
      {conv_with(R"("channels_out": 4, "kernel": 9)"), ErrorCode::kInvalidArgument,
       "node 'c': conv2d layer: the dilated kernel 9 does not fit into the input 8 with pads 0"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "groups": 2)"), ErrorCode::kInvalidArgument,
       "node 'c': conv2d layer: 3 channels in and 4 out are not divisible by groups 2"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "channels_in": 64)"), ErrorCode::kMismatch,
       "node 'c': channels_in is 64, but its input 'x' gives 3 (1x3x8x8, batch x channels x height x width)"},
      {network_with(R"({"name": "d", "kind": "dense", "input": "x", "channels_out": 4, "channels_in": 3})"),
       ErrorCode::kMismatch, "node 'd': channels_in is 3, but its input 'x' gives 192 (1x3x8x8"},
      {R"({"name": "n", "inputs": [{"name": "x", "shape": [1, 3, 8, 8]}, {"name": "y", "shape": [2, 3, 8, 8]}],
           "nodes": [{"name": "d", "kind": "dense", "input": "x", "channels_out": 4}]})",
       ErrorCode::kMismatch, "input 'y': batch 2 differs from batch 1"},
  });
}

TEST(NetworkJson, RejectsUnknownNames) {
  constexpr ErrorCode kCode = ErrorCode::kUnsupported;
  expect_rejected({
      {network_with(R"({"name": "r", "kind": "lstm", "input": "x", "units": 4})"), kCode,
       "node 'r': layer kind 'lstm' is not known (conv2d, pool2d, dense, batch_norm2d"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "activation": "swish")"), kCode,
       "node 'c': activation 'swish' is not known (none, relu, sigmoid, tanh, gelu, relu6)"},
      {network_with(R"({"name": "p", "kind": "pool2d", "input": "x", "kernel": 2, "pool": "min"})"), kCode,
       "node 'p': pool 'min' is not known (max, average)"},
      {network_with(R"({"name": "d", "kind": "dense", "input": "y", "channels_out": 4})"), ErrorCode::kInvalidArgument,
       "node 'd': its input 'y' is neither an input of the network nor a node"},
      {network_with(R"({"name": "d", "kind": "dense", "input": "d", "channels_out": 4})"), ErrorCode::kInvalidArgument,
       "nodes form a cycle: d -> d"},
  });
}

TEST(NetworkJson, RejectsWrongTypesAndMissingKeys) {
  constexpr ErrorCode kCode = ErrorCode::kParse;
  expect_rejected({
      {conv_with(R"("kernel": 3)"), kCode, "node 'c': key 'channels_out' is missing"},
      {conv_with(R"("channels_out": 4)"), kCode, "node 'c': key 'kernel' is missing"},
      {conv_with(R"("channels_out": "4", "kernel": 3)"), kCode,
       "node 'c': 'channels_out' is \"4\", expected a whole number"},
      {conv_with(R"("channels_out": 4.5, "kernel": 3)"), kCode, "node 'c': 'channels_out' is 4.5, expected a whole"},
      {conv_with(R"("channels_out": 4, "kernel": "3")"), kCode,
       "node 'c': 'kernel' is \"3\", expected a whole number or [height, width]"},
      {conv_with(R"("channels_out": 4, "kernel": [3, 3, 3])"), kCode,
       "'kernel' is [3,3,3], expected a whole number or"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "pads": "full")"), kCode,
       "node 'c': 'pads' is \"full\", expected a whole number, [top, bottom, left, right], \"same\" or \"valid\""},
      {conv_with(R"("channels_out": 4, "kernel": 3, "pads": [1, 1])"), kCode, "node 'c': 'pads' is [1,1], expected"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "bias": 1)"), kCode, "node 'c': 'bias' is 1, not true or false"},
      {conv_with(R"("channels_out": 4, "kernel": 3, "activation": null)"), kCode, "node 'c': 'activation' is null"},
      {network_with(R"({"kind": "dense"})"), kCode, "node 1: key 'name' is missing"},
      {network_with("7"), kCode, "node 1: number where an object belongs"},
      {R"({"inputs": [], "nodes": []})", kCode, "network: key 'name' is missing"},
      {R"({"name": "n", "nodes": []})", kCode, "network: key 'inputs' is missing"},
      {R"({"name": "n", "inputs": {}, "nodes": []})", kCode, "network: 'inputs' is object, not an array"},
      {R"({"name": "n", "inputs": [{"name": "x", "shape": [1, 3]}], "nodes": []})", kCode,
       "input 'x': 'shape' has 2 sizes, expected [batch, channels, height, width]"},
      {"[]", kCode, "network: array where an object belongs"},
  });
}

TEST(NetworkJson, RejectsEmptyNetworks) {
  expect_rejected({
      {R"({"name": "n", "inputs": [], "nodes": []})", ErrorCode::kInvalidArgument, "at least one input"},
      {network_with(""), ErrorCode::kInvalidArgument, "at least one node"},
  });
}

TEST(NetworkJson, SaysWhereTheTextIsNotJson) {
  expect_rejected({
      {"", ErrorCode::kParse, "network:1:1"},
      {"{\n  \"name\": \"n\",\n  nodes: []\n}", ErrorCode::kParse, "network:3:"},
      {conv_with(R"("kernel": 3, "kernel": 5)"), ErrorCode::kParse, "key 'kernel' appears twice"},
  });
}

TEST(NetworkJson, NamesTheFile) {
  const std::string path = temporary_path("network_json_test.json");
  std::ofstream(path) << kExample;
  EXPECT_EQ(Network::read(path).name(), "example");
  std::ofstream(path) << conv_with(R"("channels_out": -4, "kernel": 3)");
  EXPECT_PM_ERROR(Network::read(path), ErrorCode::kInvalidArgument, "'" + path + "': node 'c': 'channels_out' is -4");
  std::remove(path.c_str());
  EXPECT_PM_ERROR(Network::read(path), ErrorCode::kNotFound, path);
}

}  // namespace
}  // namespace perfmodel
