#include <fmt/format.h>

#include "network/graph_builder.h"
#include "network/graph_networks.h"

namespace perfmodel {
namespace {

constexpr Activation kRelu = Activation::kRelu;

/// Writes residual blocks one after the other.
class ResNetBuilder {
 public:
  ResNetBuilder(const std::string& name, std::int64_t batch) : graph_(name, "image", {batch, 3, 224, 224}) {
    const std::string stem = normalised("stem", bare_conv(64, 7, 2, 3), kRelu, "image");
    last_ = graph_.add("pool", pool2d(1, 1, 1, 3, 2, 1), {stem});
  }

  /// Two 3 x 3 convolutions.
  void basic_block(std::int64_t channels, std::int64_t stride) {
    const std::string block = next_name();
    const std::string a = normalised(block + "a", bare_conv(channels, 3, stride, 1), kRelu, last_);
    close(block, channels, stride, normalised(block + "b", bare_conv(channels, 3, 1, 1), Activation::kNone, a));
  }

  /// 1 x 1, 3 x 3, 1 x 1 with four times the channels.
  void bottleneck_block(std::int64_t channels, std::int64_t stride) {
    const std::string block = next_name();
    const std::string a = normalised(block + "a", bare_conv(channels, 1), kRelu, last_);
    const std::string b = normalised(block + "b", bare_conv(channels, 3, stride, 1), kRelu, a);
    close(block, 4 * channels, stride, normalised(block + "c", bare_conv(4 * channels, 1), Activation::kNone, b));
  }

  Network finish() {
    const std::string pool = graph_.add("global_pool", of_kind(LayerKind::kGlobalPool2d), {last_});
    graph_.add("classes", dense(1, 1, 1000), {pool});
    return graph_.finish();
  }

 private:
  std::string next_name() { return fmt::format("block{}", ++num_blocks_); }

  std::string normalised(const std::string& name, const LayerSpec& conv, Activation activation,
                         const std::string& input) {
    const std::string filtered = graph_.add(name + "_conv", conv, {input});
    return graph_.add(name + "_norm", of_kind(LayerKind::kBatchNorm2d, activation), {filtered});
  }

  /// Adds what the block takes, brought to the shape of what it makes.
  void close(const std::string& block, std::int64_t channels, std::int64_t stride, const std::string& branch) {
    std::string shortcut = last_;
    if (stride != 1 || graph_.shape_of(last_).channels != channels) {
      shortcut = normalised(block + "_shortcut", bare_conv(channels, 1, stride), Activation::kNone, last_);
    }
    last_ = graph_.add(block + "_add", of_kind(LayerKind::kAdd, kRelu), {branch, shortcut});
  }

  GraphBuilder graph_;
  std::string last_;
  int num_blocks_ = 0;
};

}  // namespace

Network resnet18(std::int64_t batch) {
  ResNetBuilder builder("resnet18", batch);
  for (const std::int64_t channels : {64, 128, 256, 512}) {
    builder.basic_block(channels, channels == 64 ? 1 : 2);
    builder.basic_block(channels, 1);
  }
  return builder.finish();
}

Network resnet50(std::int64_t batch) {
  struct Stage {
    std::int64_t channels;
    int num_blocks;
  };
  ResNetBuilder builder("resnet50", batch);
  for (const Stage& stage : {Stage{64, 3}, Stage{128, 4}, Stage{256, 6}, Stage{512, 3}}) {
    for (int i = 0; i < stage.num_blocks; ++i) {
      builder.bottleneck_block(stage.channels, i == 0 && stage.channels != 64 ? 2 : 1);
    }
  }
  return builder.finish();
}

}  // namespace perfmodel
