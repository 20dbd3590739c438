#include <gmock/gmock.h>

#include <algorithm>

#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"
#include "perfmodel/network/network.h"

namespace perfmodel {
namespace {

std::int64_t num_parameters(const Network& network) {
  std::int64_t parameters = 0;
  for (const LayerSpec& layer : network.layers()) parameters += layer.num_weights();
  return parameters;
}

double multiply_adds(const Network& network) {
  double count = 0;
  for (const LayerSpec& layer : network.layers()) {
    const bool multiplies =
        layer.kind == LayerKind::kConv2d || layer.kind == LayerKind::kDense || layer.kind == LayerKind::kMatMul;
    if (!multiplies) continue;
    const double window = static_cast<double>(layer.kernel.height * layer.kernel.width);
    count += static_cast<double>(layer.num_outputs()) * static_cast<double>(layer.channels_in / layer.groups) * window;
  }
  return count;
}

std::int64_t count(const Network& network, LayerKind kind) {
  const std::vector<LayerSpec> layers = network.layers();
  return std::count_if(layers.begin(), layers.end(), [kind](const LayerSpec& layer) { return layer.kind == kind; });
}

double flops(const Network& network) {
  double sum = 0;
  for (const LayerSpec& layer : network.layers()) sum += layer.flops();
  return sum;
}

// Published: LeNet-5 with all maps connected; the summary that Keras prints for its CIFAR-10 example; torchvision's
// documentation for the others but the Transformer's block: BERT-base's 12 blocks have 85 054 464.
TEST(BuiltinNetworks, HaveThePublishedNumbersOfParameters) {
  EXPECT_EQ(num_parameters(builtin_network("lenet", 1)), 61706);
  EXPECT_EQ(num_parameters(builtin_network("alexnet", 1)), 61100840);
  EXPECT_EQ(num_parameters(builtin_network("vgg16", 1)), 138357544);
  EXPECT_EQ(num_parameters(builtin_network("cifarnet", 1)), 1250858);
  EXPECT_EQ(num_parameters(builtin_network("resnet18", 1)), 11689512);
  EXPECT_EQ(num_parameters(builtin_network("resnet50", 1)), 25557032);
  EXPECT_EQ(num_parameters(builtin_network("mobilenetv2", 1)), 3504872);
  EXPECT_EQ(num_parameters(builtin_network("squeezenet", 1)), 1235496);
  EXPECT_EQ(12 * num_parameters(builtin_network("transformer_encoder", 1)), 85054464);
}

// torchvision's documentation: 0.71, 15.47, 1.81, 4.09, 0.30 and 0.35 GFLOPS, where one multiply-add counts as one. The
// Transformer's by hand: per token the weights of its dense layers, and scores and contexts of 128 x 768 each.
TEST(BuiltinNetworks, HaveThePublishedNumbersOfMultiplyAdds) {
  constexpr double kRounding = 0.005e9;  // half a unit of the last published digit
  EXPECT_NEAR(multiply_adds(builtin_network("alexnet", 1)), 0.71e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("vgg16", 1)), 15.47e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("resnet18", 1)), 1.81e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("resnet50", 1)), 4.09e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("mobilenetv2", 1)), 0.30e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("squeezenet", 1)), 0.35e9, kRounding);
  EXPECT_EQ(multiply_adds(builtin_network("transformer_encoder", 2)),
            2 * 128.0 * (4 * 768 * 768 + 2 * 768 * 3072 + 2 * 128 * 768));
}

TEST(BuiltinNetworks, SpendNearlyAllFlopsOnMultiplyAdds) {
  for (const char* name : {"alexnet", "vgg16"}) {
    const Network network = builtin_network(name, 2);
    EXPECT_GT(flops(network), 2 * multiply_adds(network));
    EXPECT_LT(flops(network), 2.02 * multiply_adds(network));  // bias, relu and pooling are about one per cent
  }
}

TEST(BuiltinNetworks, AreTheSameForAnyBatch) {
  for (const std::string& name : builtin_network_names()) {
    for (const std::int64_t batch : {1, 8, 64}) {
      const Network network = builtin_network(name, batch);
      EXPECT_EQ(network.name(), name);
      EXPECT_EQ(network.batch(), batch);
      EXPECT_EQ(network.layers(), builtin_network(name, 1).with_batch(batch).layers());
    }
  }
}

TEST(BuiltinNetworks, HaveBranchesOrNot) {
  for (const char* name : {"lenet", "alexnet", "vgg16", "cifarnet"}) {
    EXPECT_TRUE(builtin_network(name, 1).is_sequential()) << name;
  }
  for (const char* name : {"resnet18", "resnet50", "mobilenetv2", "squeezenet", "transformer_encoder"}) {
    EXPECT_FALSE(builtin_network(name, 1).is_sequential()) << name;
  }
}

struct Counts {
  const char* network;
  std::int64_t convs, norms, additions, others;
};

// From the papers' tables. ResNet-18: 17 convolutions and 3 on shortcuts; ResNet-50: 49 and 4; MobileNetV2: 2 around 17
// blocks of 3, but 2 in the first, 10 of which add what they took; others: pooling, global pooling, classes.
TEST(BuiltinNetworks, HaveThePublishedNumbersOfLayers) {
  for (const Counts& expected :
       {Counts{"resnet18", 20, 20, 8, 3}, Counts{"resnet50", 53, 53, 16, 3}, Counts{"mobilenetv2", 52, 52, 10, 2}}) {
    SCOPED_TRACE(expected.network);
    const Network network = builtin_network(expected.network, 1);
    EXPECT_EQ(count(network, LayerKind::kConv2d), expected.convs);
    EXPECT_EQ(count(network, LayerKind::kBatchNorm2d), expected.norms);
    EXPECT_EQ(count(network, LayerKind::kAdd), expected.additions);
    EXPECT_EQ(static_cast<std::int64_t>(network.nodes().size()),
              expected.convs + expected.norms + expected.additions + expected.others);
  }
  const Network squeezenet = builtin_network("squeezenet", 1);  // 2 convolutions around 8 modules of 3
  EXPECT_EQ(count(squeezenet, LayerKind::kConv2d), 26);
  EXPECT_EQ(count(squeezenet, LayerKind::kConcat), 8);
  EXPECT_EQ(squeezenet.nodes().size(), 26u + 8u + 3u + 1u);
  const Network encoder = builtin_network("transformer_encoder", 1);
  EXPECT_EQ(count(encoder, LayerKind::kDense), 6);
  EXPECT_EQ(count(encoder, LayerKind::kMatMul), 2);
  EXPECT_EQ(encoder.nodes().size(), 6u + 2u + 1u + 2u + 2u);
}

TEST(BuiltinNetworks, AttendInTwelveHeadsTo128Tokens) {
  const std::vector<LayerSpec> layers = builtin_network("transformer_encoder", 4).layers();
  EXPECT_THAT(layers, ::testing::IsSupersetOf({matmul(4, 12, 128, 64, 128), matmul(4, 12, 128, 128, 64),
                                               softmax(4, 128, 12 * 128, 12), layer_norm(4, 128, 768),
                                               dense_over_tokens(4, 128, 768, 3072, Activation::kGelu)}));
}

TEST(BuiltinNetworks, FilterEachChannelByItself) {
  const std::vector<LayerSpec> layers = builtin_network("mobilenetv2", 1).layers();
  LayerSpec first = depthwise(conv2d(1, 112, 32, 32, 3, 1, 1)), last = depthwise(conv2d(1, 7, 960, 960, 3, 1, 1));
  first.bias = last.bias = false;
  EXPECT_THAT(layers, ::testing::IsSupersetOf({first, last}));
  EXPECT_EQ(std::count_if(layers.begin(), layers.end(), [](const LayerSpec& layer) { return layer.groups > 1; }), 17);
}

TEST(BuiltinNetworks, EndInTheirNumbersOfClasses) {
  EXPECT_EQ(builtin_network("lenet", 1).layers().back(), dense(1, 84, 10));
  EXPECT_EQ(builtin_network("alexnet", 1).layers().back(), dense(1, 4096, 1000));
  EXPECT_EQ(builtin_network("vgg16", 1).layers().back(), dense(1, 4096, 1000));
  EXPECT_EQ(builtin_network("cifarnet", 1).layers().back(), dense(1, 512, 10));
  EXPECT_EQ(builtin_network("resnet18", 1).layers().back(), dense(1, 512, 1000));
  EXPECT_EQ(builtin_network("resnet50", 1).layers().back(), dense(1, 2048, 1000));
  EXPECT_EQ(builtin_network("mobilenetv2", 1).layers().back(), dense(1, 1280, 1000));
  EXPECT_EQ(builtin_network("squeezenet", 1).layers().back(), global_pool2d(1, 13, 1000));
}

TEST(BuiltinNetworks, HaveTheLayersThatAreHardToCover) {
  EXPECT_EQ(builtin_network("alexnet", 1).layers().front(), conv2d(1, 224, 3, 64, 11, 4, 2, Activation::kRelu));
  EXPECT_THAT(builtin_network("vgg16", 1).layers(), ::testing::Contains(dense(1, 25088, 4096, Activation::kRelu)));
}

TEST(BuiltinNetworks, RejectOtherNamesAndBatches) {
  EXPECT_PM_ERROR(builtin_network("resnet", 1), ErrorCode::kNotFound,
                  "no built-in network is called 'resnet' (there are: lenet, alexnet, vgg16, cifarnet, resnet18, "
                  "resnet50, mobilenetv2, squeezenet, transformer_encoder)");
  EXPECT_PM_ERROR(builtin_network("lenet", 0), ErrorCode::kInvalidArgument,
                  "network 'lenet': batch is 0, must be at least 1");
}

}  // namespace
}  // namespace perfmodel
