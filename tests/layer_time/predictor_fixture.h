#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_time_predictor.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// A model whose answer is `factor` times the sum of its features, in milliseconds, with an interval of 0.5 to 2 times
/// that.
inline Model sum_model(FeatureSet set, LayerKind kind, float factor, double largest_feature = 1e12) {
  ModelInfo info;
  info.kind = "sum";
  info.target = "time_ms";
  info.interval_level = 0.9;
  info.interval_lower_factor = 0.5;
  info.interval_upper_factor = 2;
  for (const std::string& name : layer_feature_names(set, kind)) {
    FeatureInfo feature;
    feature.name = name;
    feature.minimum = 0;
    feature.maximum = largest_feature;
    info.features.push_back(feature);
  }
  NetworkLayer layer;
  layer.inputs = info.features.size();
  layer.outputs = 1;
  layer.relu = false;
  layer.weights.assign(info.features.size(), factor);
  const std::size_t num_inputs = info.features.size();
  return Model(std::move(info), make_sequence_network(num_inputs, {layer}));
}

/// Models of one kind on the paper's features: `factor`, twice and three times that for the three phases.
inline LayerTimePredictor::KindModels sum_models(LayerKind kind, float factor, double largest_feature = 1e12) {
  const FeatureSet set = FeatureSet::kPaper;
  return {kind,
          set,
          {sum_model(set, kind, factor, largest_feature), sum_model(set, kind, 2 * factor, largest_feature),
           sum_model(set, kind, 3 * factor, largest_feature)}};
}

inline Environment test_environment() {
  return {"cpu", "a processor", "eager", "1.2.3", 1};
}

/// Knows all kinds.
inline LayerTimePredictor sum_predictor() {
  TrainingInfo training;
  training.noise_floor_pct = 4.5;
  training.num_layers = 100;
  training.num_failed = 2;
  return LayerTimePredictor(test_environment(),
                            {sum_models(LayerKind::kConv2d, 0.5F), sum_models(LayerKind::kPool2d, 0.25F),
                             sum_models(LayerKind::kDense, 2.0F)},
                            training);
}

}  // namespace perfmodel
