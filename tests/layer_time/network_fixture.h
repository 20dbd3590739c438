#pragma once

#include <utility>

#include "perfmodel/layer_time/network_correction.h"
#include "predictor_fixture.h"

namespace perfmodel {

/// Of whole calls: dense layers take twice the sum of their features, pooling twice that too; half of it to twice is
/// their interval.
inline LayerTimePredictor call_predictor() {
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  return LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1), sum_models(LayerKind::kPool2d, 1)});
}

/// A correction of sum_predictor(): the factor is `per_layer` for each layer, half and twice that at the interval's
/// ends. It learnt from one to three layers.
inline NetworkCorrection layers_correction(float per_layer) {
  ModelInfo info;
  info.kind = "sum";
  info.target = "factor";
  info.interval_level = 0.9;
  info.interval_lower_factor = 0.5;
  info.interval_upper_factor = 2;
  info.features = {{"num_layers", "", 1, 3, true}};
  NetworkLayer layer;
  layer.inputs = layer.outputs = 1;
  layer.relu = false;
  layer.weights = {per_layer};
  return NetworkCorrection(test_environment(), Model(std::move(info), make_sequence_network(1, {layer})));
}

}  // namespace perfmodel
