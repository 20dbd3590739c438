#include <fmt/format.h>

#include "network/graph_builder.h"
#include "network/graph_networks.h"
#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

/// Writes inverted residual blocks one after the other.
class MobileNetBuilder {
 public:
  explicit MobileNetBuilder(std::int64_t batch) : graph_("mobilenetv2", "image", {batch, 3, 224, 224}) {
    last_ = normalised("stem", bare_conv(32, 3, 2, 1), "image");
  }

  /// 1 x 1 to `expansion` times the channels, depthwise 3 x 3, 1 x 1 without an activation.
  void inverted_residual(std::int64_t expansion, std::int64_t channels, std::int64_t stride) {
    const std::string block = fmt::format("block{}", ++num_blocks_);
    const std::int64_t channels_in = graph_.shape_of(last_).channels, hidden = expansion * channels_in;
    std::string branch = last_;
    if (expansion != 1) branch = normalised(block + "_expand", bare_conv(hidden, 1), branch);
    LayerSpec filter = bare_conv(hidden, 3, stride, 1);
    filter.channels_in = hidden;
    branch = normalised(block + "_depthwise", depthwise(filter), branch);
    branch = normalised(block + "_project", bare_conv(channels, 1), branch, Activation::kNone);
    const bool is_residual = stride == 1 && channels == channels_in;
    last_ = is_residual ? graph_.add(block + "_add", of_kind(LayerKind::kAdd), {branch, last_}) : branch;
  }

  Network finish() {
    last_ = normalised("head", bare_conv(1280, 1), last_);
    const std::string pool = graph_.add("global_pool", of_kind(LayerKind::kGlobalPool2d), {last_});
    graph_.add("classes", dense(1, 1, 1000), {pool});
    return graph_.finish();
  }

 private:
  std::string normalised(const std::string& name, const LayerSpec& conv, const std::string& input,
                         Activation activation = Activation::kRelu6) {
    const std::string filtered = graph_.add(name + "_conv", conv, {input});
    return graph_.add(name + "_norm", of_kind(LayerKind::kBatchNorm2d, activation), {filtered});
  }

  GraphBuilder graph_;
  std::string last_;
  int num_blocks_ = 0;
};

}  // namespace

Network mobilenetv2(std::int64_t batch) {
  struct Stage {
    std::int64_t expansion, channels;
    int num_blocks;
    std::int64_t stride;  // of the first block
  };
  MobileNetBuilder builder(batch);
  for (const Stage& stage : {Stage{1, 16, 1, 1}, Stage{6, 24, 2, 2}, Stage{6, 32, 3, 2}, Stage{6, 64, 4, 2},
                             Stage{6, 96, 3, 1}, Stage{6, 160, 3, 2}, Stage{6, 320, 1, 1}}) {
    for (int i = 0; i < stage.num_blocks; ++i) {
      builder.inverted_residual(stage.expansion, stage.channels, i == 0 ? stage.stride : 1);
    }
  }
  return builder.finish();
}

}  // namespace perfmodel
