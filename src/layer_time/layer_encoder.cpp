#include "layer_time/layer_encoder.h"

#include <algorithm>

namespace perfmodel {
namespace {

/// The feature of that name, or none.
const LayerFeature* find(const std::vector<const LayerFeature*>& features, const std::string& name) {
  const auto found = std::find_if(features.begin(), features.end(),
                                  [&](const LayerFeature* feature) { return name == feature->name; });
  return found == features.end() ? nullptr : *found;
}

}  // namespace

LayerEncoder::LayerEncoder(const Model& model, FeatureSet set, LayerKind kind) {
  const std::vector<const LayerFeature*> all = features_of(set, kind);
  for (const FeatureInfo& feature : model.info().features) features_.push_back(find(all, feature.name));
}

bool LayerEncoder::knows(const Model& model, FeatureSet set, LayerKind kind) {
  const std::vector<const LayerFeature*> all = features_of(set, kind);
  const std::vector<FeatureInfo>& features = model.info().features;
  return features.size() <= kMaxLayerFeatures &&
         std::all_of(features.begin(), features.end(),
                     [&](const FeatureInfo& feature) { return find(all, feature.name) != nullptr; });
}

void LayerEncoder::encode(const LayerSpec& layer, const LayerContext& context, Span<double> out) const noexcept {
  const LayerSpec described = as_rows(layer);
  for (std::size_t j = 0; j < features_.size(); ++j) out[j] = features_[j]->value(described, context);
}

LayerSpec as_rows(const LayerSpec& layer) noexcept {
  if (layer.kind != LayerKind::kDense) return layer;
  LayerSpec rows = layer;
  rows.batch = layer.batch * layer.input.height * layer.input.width;
  rows.input = {};
  return rows;
}

std::vector<const LayerFeature*> features_of(FeatureSet set, LayerKind kind) {
  std::vector<const LayerFeature*> features;
  const auto add = [&](Span<const LayerFeature> some) {
    for (const LayerFeature& feature : some) features.push_back(&feature);
  };
  if (set == FeatureSet::kPaper) add(paper_features(kind));
  if (!features.empty()) return features;
  add(physics_features(kind));
  add(algorithm_features(kind));
  add(cost_terms(kind));
  return features;
}

}  // namespace perfmodel
