#pragma once

#include <string>
#include <vector>

#include "layer_time/feature_sets.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Describes layers of one kind by chosen features of a set: those that a model was fitted on, which may be fewer than
/// the set has by now.
class LayerEncoder {
 public:
  /// Takes the features that `model` names, in its order.  REQUIRES: knows(model, set, kind).
  LayerEncoder(const Model& model, FeatureSet set, LayerKind kind);
  /// Whether each of the model's features is one of the set's.
  static bool knows(const Model& model, FeatureSet set, LayerKind kind);

  std::size_t num_features() const noexcept { return features_.size(); }

  /// REQUIRES: a valid layer of the kind; out.size() is num_features().
  void encode(const LayerSpec& layer, const LayerContext& context, Span<double> out) const noexcept;

 private:
  std::vector<const LayerFeature*> features_;
};

/// All features of a set, in order: the paper's where it has the kind; else of physics, of algorithms, of tiles where
/// the set has them, and cost terms.
std::vector<const LayerFeature*> features_of(FeatureSet set, LayerKind kind);

/// The layer as features see it: a dense layer over positions is one on so many more rows.
LayerSpec as_rows(const LayerSpec& layer) noexcept;

}  // namespace perfmodel
