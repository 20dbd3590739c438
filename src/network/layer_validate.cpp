#include <fmt/format.h>

#include <cmath>

#include "network/layer_inputs.h"
#include "network/layer_text.h"
#include "perfmodel/core/error.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {
namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 53;  // beyond it a double no longer counts in ones

[[noreturn]] void reject(const LayerSpec& layer, const std::string& reason) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{} layer: {}", layer_kind_name(layer.kind), reason));
}

void check_enums(const LayerSpec& layer) {
  const int kind = static_cast<int>(layer.kind);
  if (kind < 0 || kind >= kNumLayerKinds) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("layer kind {} is not known (0 to {})", kind, kNumLayerKinds - 1));
  }
  const int activation = static_cast<int>(layer.activation);
  if (activation < 0 || activation >= kNumActivations) {
    reject(layer, fmt::format("activation {} is not known (0 to {})", activation, kNumActivations - 1));
  }
  if (layer.pool_kind != PoolKind::kMax && layer.pool_kind != PoolKind::kAverage) {
    reject(layer, fmt::format("pool kind {} is not known (0 max, 1 average)", static_cast<int>(layer.pool_kind)));
  }
  if (layer.data_type != DataType::kFloat32) {
    reject(layer, fmt::format("data type {} is not known (0 float32)", static_cast<int>(layer.data_type)));
  }
}

void check_range(const LayerSpec& layer, const char* name, std::int64_t value, std::int64_t minimum) {
  if (value < minimum || value > kMaxSize) {
    reject(layer, fmt::format("{} is {}, allowed are {} to 2^53", name, value, minimum));
  }
}

void check_sizes(const LayerSpec& layer) {
  check_range(layer, "batch", layer.batch, 1);
  check_range(layer, "input height", layer.input.height, 1);
  check_range(layer, "input width", layer.input.width, 1);
  check_range(layer, "channels_in", layer.channels_in, 1);
  check_range(layer, "channels_out", layer.channels_out, 1);
  check_range(layer, "kernel height", layer.kernel.height, 1);
  check_range(layer, "kernel width", layer.kernel.width, 1);
  check_range(layer, "stride height", layer.stride.height, 1);
  check_range(layer, "stride width", layer.stride.width, 1);
  check_range(layer, "dilation height", layer.dilation.height, 1);
  check_range(layer, "dilation width", layer.dilation.width, 1);
  check_range(layer, "groups", layer.groups, 1);
  check_range(layer, "top pad", layer.pads.top, 0);
  check_range(layer, "bottom pad", layer.pads.bottom, 0);
  check_range(layer, "left pad", layer.pads.left, 0);
  check_range(layer, "right pad", layer.pads.right, 0);
}

bool has_window(LayerKind kind) {
  return kind == LayerKind::kConv2d || kind == LayerKind::kPool2d;
}

void check_groups(const LayerSpec& layer) {
  switch (layer.kind) {
    case LayerKind::kConv2d:
    case LayerKind::kMatMul:
    case LayerKind::kSoftmax:
      if (layer.channels_in % layer.groups == 0 && layer.channels_out % layer.groups == 0) return;
      reject(layer, fmt::format("{} channels in and {} out are not divisible by groups {}", layer.channels_in,
                                layer.channels_out, layer.groups));
    case LayerKind::kConcat:
      if (layer.groups >= 2 && layer.groups <= layer.channels_in) return;
      reject(layer, fmt::format("groups is {}, allowed are 2 to {} tensors of {} channels together", layer.groups,
                                layer.channels_in, layer.channels_in));
    default:
      if (layer.groups != 1) reject(layer, fmt::format("groups is {}, this kind has none", layer.groups));
  }
}

void check_kind(const LayerSpec& layer) {
  check_groups(layer);
  if (keeps_channels(layer.kind) && layer.channels_out != layer.channels_in) {
    reject(layer, fmt::format("channels_out is {}, must equal channels_in {}", layer.channels_out, layer.channels_in));
  }
  if (layer.kind == LayerKind::kActivation && layer.activation == Activation::kNone) {
    reject(layer, "activation is 0 (none), there is nothing to do");
  }
  const Size2 one;
  const bool is_default = layer.kernel == one && layer.stride == one && layer.dilation == one && layer.pads == Pads{};
  if (!has_window(layer.kind) && !is_default) {
    reject(layer, fmt::format("kernel {}, stride {}, dilation {}, pads {} must be 1, 1, 1, 0", to_text(layer.kernel),
                              to_text(layer.stride), to_text(layer.dilation), to_text(layer.pads)));
  }
}

void check_products(const LayerSpec& layer, const char* name, std::initializer_list<std::int64_t> factors) {
  double product = 1;
  for (const std::int64_t factor : factors) product *= static_cast<double>(factor);
  if (product > static_cast<double>(kMaxSize)) reject(layer, fmt::format("{} {:.3g}, allowed are 2^53", name, product));
}

void check_window(const LayerSpec& layer) {
  const std::int64_t height = layer.dilation.height * (layer.kernel.height - 1) + 1;
  const std::int64_t width = layer.dilation.width * (layer.kernel.width - 1) + 1;
  const Pads& pads = layer.pads;
  if (pads.top >= height || pads.bottom >= height || pads.left >= width || pads.right >= width) {
    reject(layer, fmt::format("pads {} must be smaller than the dilated kernel {}", to_text(pads),
                              to_text(Size2{height, width})));
  }
  const Size2 output = layer.output();
  if (output.height < 1 || output.width < 1) {
    reject(layer, fmt::format("the dilated kernel {} does not fit into the input {} with pads {}",
                              to_text(Size2{height, width}), to_text(layer.input), to_text(pads)));
  }
}

}  // namespace

void LayerSpec::validate() const {
  check_enums(*this);
  check_sizes(*this);
  check_kind(*this);
  check_products(*this, "elements of the input are", {batch, channels_in, input.height, input.width});
  if (kind == LayerKind::kMatMul) {
    check_products(*this, "elements of the second input are", {batch, channels_in / groups, channels_out});
  }
  if (!is_memory_bound(kind)) {
    check_products(*this, "elements of the weights are",
                   {channels_out, channels_in / groups, kernel.height, kernel.width});
  }
  check_products(*this, "rows of the dilated kernel are", {kernel.height, dilation.height});
  check_products(*this, "columns of the dilated kernel are", {kernel.width, dilation.width});
  check_window(*this);
  const Size2 out = output();
  check_products(*this, "elements of the output are", {batch, channels_out, out.height, out.width});
  if (flops() > static_cast<double>(kMaxSize))
    reject(*this, fmt::format("flops are {:.3g}, allowed are 2^53", flops()));
}

std::string LayerSpec::why_invalid() const {
  try {
    validate();
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace perfmodel
