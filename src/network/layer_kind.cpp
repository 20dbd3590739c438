// Names of the enums of a layer.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "perfmodel/core/error.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {
namespace {

constexpr const char* kKindNames[kNumLayerKinds] = {"conv2d",        "pool2d",  "dense",  "batch_norm2d",
                                                    "layer_norm",    "add",     "concat", "activation",
                                                    "global_pool2d", "softmax", "matmul"};
constexpr const char* kActivationNames[kNumActivations] = {"none", "relu", "sigmoid", "tanh", "gelu", "relu6"};

template <std::size_t n>
const char* name_of(const char* const (&names)[n], int value) noexcept {
  return value >= 0 && value < static_cast<int>(n) ? names[value] : "unknown";
}

template <std::size_t n>
int value_of(const char* const (&names)[n], std::string_view name, const char* what) {
  for (std::size_t i = 0; i < n; ++i) {
    if (name == names[i]) return static_cast<int>(i);
  }
  throw Error(ErrorCode::kUnsupported, fmt::format("{} '{}' is not known ({})", what, name,
                                                   fmt::join(std::begin(names), std::end(names), ", ")));
}

}  // namespace

const char* layer_kind_name(LayerKind kind) noexcept {
  return name_of(kKindNames, static_cast<int>(kind));
}

LayerKind parse_layer_kind(std::string_view name) {
  if (name == "conv") return LayerKind::kConv2d;
  if (name == "pool") return LayerKind::kPool2d;
  return static_cast<LayerKind>(value_of(kKindNames, name, "layer kind"));
}

const char* activation_name(Activation activation) noexcept {
  return name_of(kActivationNames, static_cast<int>(activation));
}

Activation parse_activation(std::string_view name) {
  return static_cast<Activation>(value_of(kActivationNames, name, "activation"));
}

bool is_memory_bound(LayerKind kind) noexcept {
  return kind >= LayerKind::kBatchNorm2d && kind <= LayerKind::kSoftmax;
}

}  // namespace perfmodel
