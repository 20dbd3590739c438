#include <gmock/gmock.h>

#include "expect_error.h"
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
    if (layer.kind == LayerKind::kPool2d) continue;
    const double window = static_cast<double>(layer.kernel.height * layer.kernel.width);
    count += static_cast<double>(layer.num_outputs()) * static_cast<double>(layer.channels_in) * window;
  }
  return count;
}

double flops(const Network& network) {
  double sum = 0;
  for (const LayerSpec& layer : network.layers()) sum += layer.flops();
  return sum;
}

// Published: LeNet-5 with all maps connected; torchvision's documentation for AlexNet and VGG16; the summary that Keras
// prints for its CIFAR-10 example.
TEST(BuiltinNetworks, HaveThePublishedNumbersOfParameters) {
  EXPECT_EQ(num_parameters(builtin_network("lenet", 1)), 61706);
  EXPECT_EQ(num_parameters(builtin_network("alexnet", 1)), 61100840);
  EXPECT_EQ(num_parameters(builtin_network("vgg16", 1)), 138357544);
  EXPECT_EQ(num_parameters(builtin_network("cifarnet", 1)), 1250858);
}

// torchvision's documentation: 0.71 and 15.47 GFLOPS, where one multiply-add counts as one.
TEST(BuiltinNetworks, HaveThePublishedNumbersOfMultiplyAdds) {
  constexpr double kRounding = 0.005e9;  // half a unit of the last published digit
  EXPECT_NEAR(multiply_adds(builtin_network("alexnet", 1)), 0.71e9, kRounding);
  EXPECT_NEAR(multiply_adds(builtin_network("vgg16", 1)), 15.47e9, kRounding);
}

TEST(BuiltinNetworks, SpendNearlyAllFlopsOnMultiplyAdds) {
  for (const char* name : {"alexnet", "vgg16"}) {
    const Network network = builtin_network(name, 2);
    EXPECT_GT(flops(network), 2 * multiply_adds(network));
    EXPECT_LT(flops(network), 2.02 * multiply_adds(network));  // bias, relu and pooling are about one per cent
  }
}

TEST(BuiltinNetworks, AreSequentialForAnyBatch) {
  for (const std::string& name : builtin_network_names()) {
    for (const std::int64_t batch : {1, 8, 64}) {
      const Network network = builtin_network(name, batch);
      EXPECT_EQ(network.name(), name);
      EXPECT_EQ(network.batch(), batch);
      EXPECT_TRUE(network.is_sequential());
      EXPECT_EQ(network.layers(), builtin_network(name, 1).with_batch(batch).layers());
    }
  }
}

TEST(BuiltinNetworks, EndInTheirNumbersOfClasses) {
  EXPECT_EQ(builtin_network("lenet", 1).layers().back(), dense(1, 84, 10));
  EXPECT_EQ(builtin_network("alexnet", 1).layers().back(), dense(1, 4096, 1000));
  EXPECT_EQ(builtin_network("vgg16", 1).layers().back(), dense(1, 4096, 1000));
  EXPECT_EQ(builtin_network("cifarnet", 1).layers().back(), dense(1, 512, 10));
}

TEST(BuiltinNetworks, HaveTheLayersThatAreHardToCover) {
  EXPECT_EQ(builtin_network("alexnet", 1).layers().front(), conv2d(1, 224, 3, 64, 11, 4, 2, Activation::kRelu));
  EXPECT_THAT(builtin_network("vgg16", 1).layers(), ::testing::Contains(dense(1, 25088, 4096, Activation::kRelu)));
}

TEST(BuiltinNetworks, RejectOtherNamesAndBatches) {
  EXPECT_PM_ERROR(builtin_network("resnet", 1), ErrorCode::kNotFound,
                  "no built-in network is called 'resnet' (there are: lenet, alexnet, vgg16, cifarnet)");
  EXPECT_PM_ERROR(builtin_network("lenet", 0), ErrorCode::kInvalidArgument,
                  "network 'lenet': batch is 0, must be at least 1");
}

}  // namespace
}  // namespace perfmodel
