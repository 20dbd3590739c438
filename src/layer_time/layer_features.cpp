#include "perfmodel/layer_time/layer_features.h"

#include <fmt/format.h>

#include "layer_time/feature_sets.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Calls `visit` with each feature of the set, in order: the paper's where it has the kind, else the physics features
/// and then the cost terms.
template <typename Visit>
void for_each_feature(FeatureSet set, LayerKind kind, Visit visit) {
  const Span<const LayerFeature> published = set == FeatureSet::kPaper ? paper_features(kind) : Span<const LayerFeature>();
  for (const LayerFeature& feature : published) visit(feature);
  if (!published.empty()) return;
  for (const LayerFeature& feature : physics_features(kind)) visit(feature);
  for (const LayerFeature& feature : cost_terms(kind)) visit(feature);
}

/// A dense layer over positions is one on so many more rows.
LayerSpec as_rows(const LayerSpec& layer) noexcept {
  if (layer.kind != LayerKind::kDense) return layer;
  LayerSpec rows = layer;
  rows.batch = layer.batch * layer.input.height * layer.input.width;
  rows.input = {};
  return rows;
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
  const LayerSpec described = as_rows(layer);
  std::size_t next = 0;
  for_each_feature(set, described.kind,
                   [&](const LayerFeature& feature) { out[next++] = feature.value(described, context); });
}

}  // namespace perfmodel
