#include "perfmodel/layer_time/layer_features.h"

#include <fmt/format.h>

#include <array>

#include "layer_time/layer_encoder.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

std::vector<std::string> names_of(FeatureSet set, LayerKind kind) {
  std::vector<std::string> names;
  for (const LayerFeature* feature : features_of(set, kind)) names.emplace_back(feature->name);
  return names;
}

}  // namespace

const char* feature_set_name(FeatureSet set) noexcept {
  return set == FeatureSet::kPaper ? "paper" : "physics";
}

FeatureSet parse_feature_set(const std::string& name) {
  for (FeatureSet set : {FeatureSet::kPaper, FeatureSet::kPhysics}) {
    if (name == feature_set_name(set)) return set;
  }
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("feature set '{}' is not known; there are paper and physics", name));
}

const std::vector<std::string>& layer_feature_names(FeatureSet set, LayerKind kind) {
  static const std::vector<std::vector<std::string>> names = [] {
    std::vector<std::vector<std::string>> all;
    for (FeatureSet each : {FeatureSet::kPaper, FeatureSet::kPhysics}) {
      for (int index = 0; index < kNumLayerKinds; ++index) all.push_back(names_of(each, static_cast<LayerKind>(index)));
    }
    return all;
  }();
  return names[static_cast<std::size_t>((set == FeatureSet::kPaper ? 0 : kNumLayerKinds) + static_cast<int>(kind))];
}

void encode_layer(FeatureSet set, const LayerSpec& layer, const LayerContext& context, Span<double> out) noexcept {
  static const auto features = [] {
    std::array<std::vector<const LayerFeature*>, std::size_t{2} * kNumLayerKinds> all;
    for (std::size_t index = 0; index < all.size(); ++index) {
      const bool is_paper = index < kNumLayerKinds;
      all[index] = features_of(is_paper ? FeatureSet::kPaper : FeatureSet::kPhysics,
                               static_cast<LayerKind>(index % kNumLayerKinds));
    }
    return all;
  }();
  const LayerSpec described = as_rows(layer);
  const std::size_t kind = static_cast<std::size_t>(layer.kind);
  std::size_t next = 0;
  for (const LayerFeature* feature : features[(set == FeatureSet::kPaper ? 0 : kNumLayerKinds) + kind]) {
    out[next++] = feature->value(described, context);
  }
}

}  // namespace perfmodel
