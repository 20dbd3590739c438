#include "perfmodel/layer_time/layer_features.h"

#include <fmt/format.h>

#include "layer_time/feature_sets.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Calls `visit` with each feature of the set, in order: the paper's, or the physics features and then the cost terms.
template <typename Visit>
void for_each_feature(FeatureSet set, LayerKind kind, Visit visit) {
  if (set == FeatureSet::kPaper) {
    for (const LayerFeature& feature : paper_features(kind)) visit(feature);
    return;
  }
  for (const LayerFeature& feature : physics_features(kind)) visit(feature);
  for (const LayerFeature& feature : cost_terms(kind)) visit(feature);
}

std::vector<std::string> names_of(FeatureSet set, LayerKind kind) {
  std::vector<std::string> names;
  for_each_feature(set, kind, [&](const LayerFeature& feature) { names.emplace_back(feature.name); });
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
  static const std::vector<std::string> names[2][kNumLayerKinds] = {
      {names_of(FeatureSet::kPaper, LayerKind::kConv2d), names_of(FeatureSet::kPaper, LayerKind::kPool2d),
       names_of(FeatureSet::kPaper, LayerKind::kDense)},
      {names_of(FeatureSet::kPhysics, LayerKind::kConv2d), names_of(FeatureSet::kPhysics, LayerKind::kPool2d),
       names_of(FeatureSet::kPhysics, LayerKind::kDense)}};
  return names[set == FeatureSet::kPaper ? 0 : 1][static_cast<int>(kind)];
}

void encode_layer(FeatureSet set, const LayerSpec& layer, const LayerContext& context, Span<double> out) noexcept {
  std::size_t next = 0;
  for_each_feature(set, layer.kind, [&](const LayerFeature& feature) { out[next++] = feature.value(layer, context); });
}

}  // namespace perfmodel
