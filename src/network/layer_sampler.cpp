#include "perfmodel/network/layer_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "network/draw_layer.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr int kMaxDraws = 10000;  // for one sample; caps that reject so many leave next to nothing

// A processor does some 100 operations of convolutions in the time of one of pooling, so one cap on work that is to
// bound the time of both must differ.
constexpr double kPoolShareOfFlops = 1.0 / 128;

/// Streams of a sample's generator: what decides the context is not moved by how many layers were rejected.
enum Stream : std::uint64_t { kContextStream = 1 };

void require_share(const char* name, double share) {
  if (!(share >= 0 && share <= 1)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is {}, allowed are 0 to 1", name, share));
  }
}

void require_positive(const char* name, double value) {
  if (!(value > 0)) throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is {}, must be above 0", name, value));
}

/// Whether two layers have one shape: all sizes but the batch. Bias, activation and kind of pooling do not make another
/// one.
bool is_same_shape(const LayerSpec& a, const LayerSpec& b) noexcept {
  return a.kind == b.kind && a.input == b.input && a.channels_in == b.channels_in && a.channels_out == b.channels_out &&
         a.kernel == b.kernel && a.stride == b.stride && a.dilation == b.dilation && a.pads == b.pads &&
         a.groups == b.groups;
}

/// Whether the kernel fits into the input without its pads, as in any network that people run.
bool covers_kernel(const LayerSpec& layer) noexcept {
  return layer.kernel.height <= layer.input.height && layer.kernel.width <= layer.input.width;
}

bool is_valid(const LayerSpec& layer) {
  try {
    layer.validate();
    return true;
  } catch (const Error&) {
    return false;
  }
}

template <typename Item>
const Item& pick(const std::vector<Item>& items, Random& random) {
  return items[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(items.size()) - 1))];
}

LayerContext draw_context(Random random) {
  LayerContext context;
  constexpr double kMinReuseBytes = 64.0 * 1024, kMaxReuseBytes = 256.0 * 1024 * 1024;
  if (random.chance(0.5)) context.reuse_bytes = random.log_uniform(kMinReuseBytes, kMaxReuseBytes);
  return context;
}

}  // namespace

LayerSampler::LayerSampler(SamplerOptions options) : options_(std::move(options)) {
  require_share("conv_share", options_.conv_share);
  require_share("dense_share", options_.dense_share);
  require_share("conv_share + dense_share", options_.conv_share + options_.dense_share);
  require_share("around_fraction", options_.around_fraction);
  require_positive("max_bytes", options_.max_bytes);
  require_positive("max_flops", options_.max_flops);
  if (options_.around_fraction > 0 && options_.around.empty()) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("around_fraction is {}, but there are no networks to draw around", options_.around_fraction));
  }
  for (const Network& network : options_.around) {
    std::vector<LayerSpec> layers[kNumLayerKinds];
    for (const LayerSpec& layer : network.layers()) layers[static_cast<int>(layer.kind)].push_back(layer);
    for (int kind = 0; kind < kNumLayerKinds; ++kind) {
      if (!layers[kind].empty()) around_[kind].push_back(std::move(layers[kind]));
    }
  }
  for (const Network& network : options_.never) {
    for (const LayerSpec& layer : network.layers()) never_.push_back(layer);
  }
}

LayerSample LayerSampler::sample(std::uint64_t index) const {
  Random random = Random(options_.seed).fork(index);
  const LayerContext context = draw_context(random.fork(kContextStream));
  const double choice = random.uniform();
  const LayerKind kind = choice < options_.conv_share                          ? LayerKind::kConv2d
                         : choice < options_.conv_share + options_.dense_share ? LayerKind::kDense
                                                                               : LayerKind::kPool2d;
  const auto& models = around_[static_cast<int>(kind)];
  const bool is_around = random.chance(options_.around_fraction) && !models.empty();
  for (int draw = 0; draw < kMaxDraws; ++draw) {
    const LayerSpec layer = is_around ? draw_around(pick(pick(models, random), random), random)
                                      : draw_from_ranges(options_.ranges, kind, random);
    if (is_allowed(layer)) return {layer, context};
  }
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("no {} layer within max_bytes {} and max_flops {} in {} draws, raise the caps",
                          layer_kind_name(kind), options_.max_bytes, options_.max_flops, kMaxDraws));
}

bool LayerSampler::is_allowed(const LayerSpec& layer) const {
  if (!is_valid(layer)) return false;
  if (options_.ranges == SamplingRanges::kWide && !covers_kernel(layer)) return false;
  if (layer.input_bytes() + layer.output_bytes() + layer.weight_bytes() > options_.max_bytes) return false;
  if (layer.flops() > options_.max_flops * (layer.kind == LayerKind::kPool2d ? kPoolShareOfFlops : 1)) return false;
  return std::none_of(never_.begin(), never_.end(),
                      [&layer](const LayerSpec& never) { return is_same_shape(layer, never); });
}

}  // namespace perfmodel
