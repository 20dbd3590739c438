#include "layer_time/layer_encoder.h"

#include <algorithm>

namespace perfmodel {
namespace {

/// Finds features by name, at the first look where they are asked for in their own order, as nearly all files do.
class FeatureFinder {
 public:
  FeatureFinder(FeatureSet set, LayerKind kind) : features_(features_of(set, kind)) {}

  /// The feature of that name, or none.
  const LayerFeature* find(const std::string& name) {
    for (std::size_t looks = 0; looks < features_.size(); ++looks) {
      const LayerFeature* const feature = features_[next_];
      next_ = (next_ + 1) % features_.size();
      if (name == feature->name) return feature;
    }
    return nullptr;
  }

 private:
  std::vector<const LayerFeature*> features_;
  std::size_t next_ = 0;
};

}  // namespace

LayerEncoder::LayerEncoder(const Model& model, FeatureSet set, LayerKind kind) {
  FeatureFinder finder(set, kind);
  for (const FeatureInfo& feature : model.info().features) features_.push_back(finder.find(feature.name));
}

bool LayerEncoder::knows(const Model& model, FeatureSet set, LayerKind kind) {
  FeatureFinder finder(set, kind);
  const std::vector<FeatureInfo>& features = model.info().features;
  return features.size() <= kMaxLayerFeatures &&
         std::all_of(features.begin(), features.end(),
                     [&](const FeatureInfo& feature) { return finder.find(feature.name) != nullptr; });
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
  if (set == FeatureSet::kPhysicsTiles) add(tile_features(kind));
  add(cost_terms(kind));
  return features;
}

}  // namespace perfmodel
