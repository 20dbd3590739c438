#include "predict/network_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "perfmodel/core/error.h"
#include "predict/finite.h"
#include "predict/simd/kernels.h"

namespace perfmodel {
namespace {

/// Rows x positions of a block: enough for an efficient product, few enough for its activations to stay in the cache.
constexpr std::size_t kBlockPositions = 256;

[[noreturn]] void fail(std::size_t layer_index, const std::string& what) {
  throw Error(ErrorCode::kCorrupt, fmt::format("sequence network, layer {}: {}", layer_index, what));
}

/// Product of sizes, at most `limit`.
std::size_t product(std::initializer_list<std::size_t> sizes, std::size_t limit, std::size_t layer_index) {
  std::size_t result = 1;
  for (const std::size_t size : sizes) {
    if (size == 0) fail(layer_index, "a size is 0, each must be at least 1");
    if (result > limit / size)
      fail(layer_index, fmt::format("sizes {} multiply to more than {}", fmt::join(sizes, " x "), limit));
    result *= size;
  }
  return result;
}

void require_values(const std::vector<float>& values, std::size_t expected, const char* what, std::size_t layer_index) {
  if (values.size() != expected) fail(layer_index, fmt::format("{} {}, expected {}", values.size(), what, expected));
  if (!all_finite(values)) fail(layer_index, fmt::format("{} must be finite", what));
}

void check_values(const NetworkLayer& layer, std::size_t layer_index) {
  constexpr std::size_t kMaxWeights = std::size_t{1} << 32;
  const bool residual = layer.kind == NetworkLayer::Kind::kResidual;
  const std::size_t copies = residual ? 2 : layer.kernel;
  require_values(layer.weights, product({copies, layer.inputs, layer.outputs}, kMaxWeights, layer_index), "weights",
                 layer_index);
  if (residual || !layer.bias.empty()) {
    require_values(layer.bias, (residual ? 2 : 1) * layer.outputs, "bias values", layer_index);
  }
}

}  // namespace

NetworkPlan plan_network(std::size_t num_inputs, const std::vector<NetworkLayer>& layers) {
  NetworkPlan plan;
  // A residual block adds what it is given to what it makes: both must lie alike.
  const bool starts_with_block = !layers.empty() && layers.front().kind == NetworkLayer::Kind::kResidual;
  plan.input_stride = starts_with_block ? simd::round_up_to_group(1) : 1;
  std::size_t length = num_inputs, channels = 1, stride = plan.input_stride, longest = 1;
  plan.activation = product({num_inputs, stride}, kMaxActivation, 0);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const NetworkLayer& layer = layers[i];
    const bool dense = layer.kind == NetworkLayer::Kind::kDense;
    const std::size_t given = dense ? length * channels : channels;
    if (layer.inputs != given) fail(i, fmt::format("takes {} inputs, the layer before gives {}", layer.inputs, given));
    if (layer.kernel != 1 && layer.kind != NetworkLayer::Kind::kConv) {
      fail(i, fmt::format("kernel {}, only a convolution has one other than 1", layer.kernel));
    }
    if (layer.kind == NetworkLayer::Kind::kResidual && layer.inputs != layer.outputs) {
      fail(i, fmt::format("a residual block of {} inputs and {} outputs, both must be equal", layer.inputs,
                          layer.outputs));
    }
    if (layer.tanh && (layer.relu || layer.kind == NetworkLayer::Kind::kResidual)) {
      fail(i, "a tanh beside another activation, one is allowed");
    }
    check_values(layer, i);

    if (dense)
      length = 1;
    else
      longest = std::max(longest, length);
    if (layer.kind == NetworkLayer::Kind::kConv && layer.kernel > 1) {
      plan.auxiliary = std::max(plan.auxiliary, product({length, layer.kernel, stride}, kMaxActivation, i));
    }
    channels = layer.outputs;
    if (channels > kMaxActivation) product({channels}, kMaxActivation, i);
    stride = simd::round_up_to_group(channels);
    plan.activation = std::max(plan.activation, product({length, stride}, kMaxActivation, i));
  }
  if (layers.empty() || length * channels != 1) {
    throw Error(ErrorCode::kCorrupt, fmt::format("sequence network: {} layers end in {} values, expected one",
                                                 layers.size(), length * channels));
  }
  plan.block_rows = std::max<std::size_t>(1, kBlockPositions / longest);
  return plan;
}

}  // namespace perfmodel
