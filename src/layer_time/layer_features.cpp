#include "perfmodel/layer_time/layer_features.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "layer_time/layer_encoder.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr FeatureSet kSets[] = {FeatureSet::kPaper, FeatureSet::kPhysics, FeatureSet::kPhysicsTiles};
constexpr const char* kSetNames[] = {"paper", "physics", "physics_tiles"};
constexpr std::size_t kNumSets = std::size(kSets);

// Where tables by set and kind hold them.
std::size_t place_of(FeatureSet set, LayerKind kind) noexcept {
  return static_cast<std::size_t>(set) * kNumLayerKinds + static_cast<std::size_t>(kind);
}

std::vector<std::string> names_of(FeatureSet set, LayerKind kind) {
  std::vector<std::string> names;
  for (const LayerFeature* feature : features_of(set, kind)) names.emplace_back(feature->name);
  return names;
}

}  // namespace

const char* feature_set_name(FeatureSet set) noexcept {
  return kSetNames[static_cast<std::size_t>(set)];
}

FeatureSet parse_feature_set(const std::string& name) {
  for (const FeatureSet set : kSets) {
    if (name == feature_set_name(set)) return set;
  }
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("feature set '{}' is not known; there are {}", name, fmt::join(kSetNames, ", ")));
}

const std::vector<std::string>& layer_feature_names(FeatureSet set, LayerKind kind) {
  static const std::vector<std::vector<std::string>> names = [] {
    std::vector<std::vector<std::string>> all;
    for (const FeatureSet each : kSets) {
      for (int index = 0; index < kNumLayerKinds; ++index) all.push_back(names_of(each, static_cast<LayerKind>(index)));
    }
    return all;
  }();
  return names[place_of(set, kind)];
}

void encode_layer(FeatureSet set, const LayerSpec& layer, const LayerContext& context, Span<double> out) noexcept {
  static const auto features = [] {
    std::array<std::vector<const LayerFeature*>, kNumSets * kNumLayerKinds> all;
    for (const FeatureSet each : kSets) {
      for (int index = 0; index < kNumLayerKinds; ++index) {
        const LayerKind kind = static_cast<LayerKind>(index);
        all[place_of(each, kind)] = features_of(each, kind);
      }
    }
    return all;
  }();
  const LayerSpec described = as_rows(layer);
  std::size_t next = 0;
  for (const LayerFeature* feature : features[place_of(set, layer.kind)]) {
    out[next++] = feature->value(described, context);
  }
}

}  // namespace perfmodel
