#include <fmt/format.h>
#include <fmt/ranges.h>

#include "network/graph_networks.h"
#include "network/sequential_builder.h"
#include "perfmodel/core/error.h"
#include "perfmodel/network/network.h"

namespace perfmodel {
namespace {

/// LeCun et al., "Gradient-based learning applied to document recognition", 1998, in today's form: relu, every map
/// connected, 28 x 28 pictures padded by 2. 61 706 parameters.
Network lenet(std::int64_t batch) {
  return SequentialBuilder("lenet", {batch, 1, 28, 28})
      .conv(6, 5, 1, 2)
      .pool(2, 2)
      .conv(16, 5, 1, 0)
      .pool(2, 2)
      .dense(120)
      .dense(84)
      .dense(10, Activation::kNone)
      .finish();
}

/// Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014: the one-tower AlexNet that
/// torchvision has. 61 100 840 parameters.
Network alexnet(std::int64_t batch) {
  return SequentialBuilder("alexnet", {batch, 3, 224, 224})
      .conv(64, 11, 4, 2)
      .pool(3, 2)
      .conv(192, 5, 1, 2)
      .pool(3, 2)
      .conv(384, 3, 1, 1)
      .conv(256, 3, 1, 1)
      .conv(256, 3, 1, 1)
      .pool(3, 2)
      .dense(4096)
      .dense(4096)
      .dense(1000, Activation::kNone)
      .finish();
}

/// Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015, configuration D.
/// 138 357 544 parameters.
Network vgg16(std::int64_t batch) {
  SequentialBuilder builder("vgg16", {batch, 3, 224, 224});
  struct Stage {
    std::int64_t channels;
    int num_convs;
  };
  for (const Stage& stage : {Stage{64, 2}, Stage{128, 2}, Stage{256, 3}, Stage{512, 3}, Stage{512, 3}}) {
    for (int i = 0; i < stage.num_convs; ++i) builder.conv(stage.channels, 3, 1, 1);
    builder.pool(2, 2);
  }
  return builder.dense(4096).dense(4096).dense(1000, Activation::kNone).finish();
}

/// The convolutional network for CIFAR-10 among Keras' examples: two pairs of 3 x 3 convolutions, the second of each
/// pair unpadded, and two dense layers. 1 250 858 parameters.
Network cifarnet(std::int64_t batch) {
  return SequentialBuilder("cifarnet", {batch, 3, 32, 32})
      .conv(32, 3, 1, 1)
      .conv(32, 3, 1, 0)
      .pool(2, 2)
      .conv(64, 3, 1, 1)
      .conv(64, 3, 1, 0)
      .pool(2, 2)
      .dense(512)
      .dense(10, Activation::kNone)
      .finish();
}

struct Builtin {
  const char* name;
  Network (*make)(std::int64_t batch);
};
constexpr Builtin kBuiltins[] = {{"lenet", lenet},
                                 {"alexnet", alexnet},
                                 {"vgg16", vgg16},
                                 {"cifarnet", cifarnet},
                                 {"resnet18", resnet18},
                                 {"resnet50", resnet50},
                                 {"mobilenetv2", mobilenetv2},
                                 {"squeezenet", squeezenet},
                                 {"transformer_encoder", transformer_encoder}};

}  // namespace

Network builtin_network(std::string_view name, std::int64_t batch) {
  for (const Builtin& builtin : kBuiltins) {
    if (name != builtin.name) continue;
    if (batch < 1) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("network '{}': batch is {}, must be at least 1", name, batch));
    }
    return builtin.make(batch);
  }
  throw Error(ErrorCode::kNotFound, fmt::format("no built-in network is called '{}' (there are: {})", name,
                                                fmt::join(builtin_network_names(), ", ")));
}

std::vector<std::string> builtin_network_names() {
  std::vector<std::string> names;
  for (const Builtin& builtin : kBuiltins) names.emplace_back(builtin.name);
  return names;
}

}  // namespace perfmodel
