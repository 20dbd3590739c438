#include "perfmodel/network/layer_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "network/draw_branched.h"
#include "network/draw_layer.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr int kMaxDraws = 10000;  // for one sample; caps that reject so many leave next to nothing

// A processor does some 100 operations of convolutions in the time of one of pooling or of what memory bounds, so one
// cap on work that is to bound the time of all must differ.
constexpr double kSlowShareOfFlops = 1.0 / 128;

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

/// Whether the kernel fits into the input without its pads, as in any network that people run.
bool covers_kernel(const LayerSpec& layer) noexcept {
  return layer.kernel.height <= layer.input.height && layer.kernel.width <= layer.input.width;
}

/// What the cap on work is about: a concatenation has no operations, but moves its elements.
double work_of(const LayerSpec& layer) {
  return layer.kind == LayerKind::kConcat ? static_cast<double>(layer.num_outputs()) : layer.flops();
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

bool have_same_shape(const LayerSpec& a, const LayerSpec& b) noexcept {
  return a.kind == b.kind && a.input == b.input && a.channels_in == b.channels_in && a.channels_out == b.channels_out &&
         a.kernel == b.kernel && a.stride == b.stride && a.dilation == b.dilation && a.pads == b.pads &&
         a.groups == b.groups;
}

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
  for (const LayerKind kind : options_.kinds) {
    const int index = static_cast<int>(kind);
    if (index >= 0 && index < kNumLayerKinds) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("layer kind {} is not known (0 to {})", index, kNumLayerKinds - 1));
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
  const LayerKind kind = kind_of(random.uniform());
  const auto& models = around_[static_cast<int>(kind)];
  const bool is_around = random.chance(options_.around_fraction) && !models.empty();
  for (int attempt = 0; attempt < kMaxDraws; ++attempt) {
    const LayerSpec layer = is_around ? draw_around(pick(pick(models, random), random), random) : draw(kind, random);
    if (is_allowed(layer)) return {layer, context};
  }
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("no {} layer within max_bytes {} and max_flops {} in {} draws, raise the caps",
                          layer_kind_name(kind), options_.max_bytes, options_.max_flops, kMaxDraws));
}

LayerKind LayerSampler::kind_of(double choice) const {
  if (!options_.kinds.empty()) {
    return options_.kinds[static_cast<std::size_t>(choice * static_cast<double>(options_.kinds.size()))];
  }
  if (choice < options_.conv_share) return LayerKind::kConv2d;
  return choice < options_.conv_share + options_.dense_share ? LayerKind::kDense : LayerKind::kPool2d;
}

LayerSpec LayerSampler::draw(LayerKind kind, Random& random) const {
  return options_.kinds.empty() ? draw_from_ranges(options_.ranges, kind, random) : draw_branched(kind, random);
}

bool LayerSampler::is_allowed(const LayerSpec& layer) const {
  if (!is_valid(layer)) return false;
  if (options_.ranges == SamplingRanges::kWide && !covers_kernel(layer)) return false;
  if (layer.input_bytes() + layer.output_bytes() + layer.weight_bytes() > options_.max_bytes) return false;
  const bool is_slow = layer.kind == LayerKind::kPool2d || is_memory_bound(layer.kind);
  if (work_of(layer) > options_.max_flops * (is_slow ? kSlowShareOfFlops : 1)) return false;
  return std::none_of(never_.begin(), never_.end(),
                      [&layer](const LayerSpec& never) { return have_same_shape(layer, never); });
}

}  // namespace perfmodel
