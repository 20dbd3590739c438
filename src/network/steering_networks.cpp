#include "network/sequential_builder.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {
namespace {

/// The shapes of ResNet-50 (He et al., 2016): 7 x 7 stem, bottlenecks of 1 x 1, 3 x 3, 1 x 1. Two of each stage.
Network resnet_like() {
  SequentialBuilder builder("resnet_like", {1, 3, 224, 224});
  builder.conv(64, 7, 2, 3).pool(3, 2, 1);
  for (const std::int64_t channels : {64, 128, 256, 512}) {
    const std::int64_t stride = channels == 64 ? 1 : 2;
    builder.conv(channels, 1, 1, 0).conv(channels, 3, stride, 1).conv(4 * channels, 1, 1, 0);
    builder.conv(channels, 1, 1, 0).conv(channels, 3, 1, 1).conv(4 * channels, 1, 1, 0);
  }
  return builder.pool(7, 7, 0, PoolKind::kAverage).dense(1000, Activation::kNone).finish();
}

/// The pointwise layers of MobileNet (Howard et al., 2017); pooling stands where its depthwise layers shrink the
/// picture.
Network mobile_like() {
  SequentialBuilder builder("mobile_like", {1, 3, 224, 224});
  builder.conv(32, 3, 2, 1).conv(64, 1, 1, 0);
  for (const std::int64_t channels : {128, 256, 512, 1024}) {
    builder.pool(3, 2, 1).conv(channels, 1, 1, 0).conv(channels, 1, 1, 0);
  }
  return builder.pool(7, 7, 0, PoolKind::kAverage).dense(1000, Activation::kNone).finish();
}

/// The shapes of SqueezeNet (Iandola et al., 2016): 1 x 1 layers that squeeze, 3 x 3 layers that expand.
Network squeeze_like() {
  SequentialBuilder builder("squeeze_like", {1, 3, 224, 224});
  builder.conv(96, 7, 2, 0);
  for (const std::int64_t channels : {16, 32, 48, 64}) {
    builder.pool(3, 2).conv(channels, 1, 1, 0).conv(4 * channels, 3, 1, 1);
  }
  return builder.conv(1000, 1, 1, 0).finish();
}

/// In the manner of VGG, on smaller pictures and with other channels.
Network vgg_like() {
  SequentialBuilder builder("vgg_like", {1, 3, 192, 192});
  for (const std::int64_t channels : {48, 96, 192, 384, 448}) {
    builder.conv(channels, 3, 1, 1).conv(channels, 3, 1, 1).pool(2, 2);
  }
  return builder.dense(2048).dense(2048).dense(500, Activation::kNone).finish();
}

/// In the manner of AlexNet, on smaller pictures and with other channels.
Network alexnet_like() {
  return SequentialBuilder("alexnet_like", {1, 3, 200, 200})
      .conv(48, 11, 4, 2)
      .pool(3, 2)
      .conv(128, 5, 1, 2)
      .pool(3, 2)
      .conv(288, 3, 1, 1)
      .conv(208, 3, 1, 1)
      .conv(208, 3, 1, 1)
      .pool(3, 2)
      .dense(3072)
      .dense(3072)
      .dense(512, Activation::kNone)
      .finish();
}

/// In the manner of LeNet-5, on larger pictures and with other channels.
Network lenet_like() {
  return SequentialBuilder("lenet_like", {1, 1, 32, 32})
      .conv(8, 5, 1, 0)
      .pool(2, 2)
      .conv(20, 5, 1, 2)
      .pool(2, 2)
      .dense(160)
      .dense(96)
      .dense(20, Activation::kNone)
      .finish();
}

}  // namespace

std::vector<Network> steering_networks() {
  return {resnet_like(), mobile_like(), squeeze_like(), vgg_like(), alexnet_like(), lenet_like()};
}

}  // namespace perfmodel
