#include "perfmodel/layer_time/merge_predictors.h"

#include <cmath>

#include "layer_time/same_environment.h"

namespace perfmodel {
namespace {

TrainingInfo merged_training(Span<const LayerTimePredictor> predictors) {
  TrainingInfo merged;
  double sum = 0, weight = 0;
  for (const LayerTimePredictor& each : predictors) {
    const TrainingInfo& training = each.training();
    merged.num_layers += training.num_layers;
    merged.num_failed += training.num_failed;
    if (!std::isfinite(training.noise_floor_pct)) continue;
    sum += training.noise_floor_pct * static_cast<double>(training.num_layers);
    weight += static_cast<double>(training.num_layers);
  }
  if (weight > 0) merged.noise_floor_pct = sum / weight;
  return merged;
}

}  // namespace

LayerTimePredictor merge_predictors(Span<const LayerTimePredictor> predictors) {
  if (predictors.empty()) throw Error(ErrorCode::kInvalidArgument, "no predictors to merge");
  std::vector<LayerTimePredictor::KindModels> models;
  for (const LayerTimePredictor& each : predictors) {
    require_same_environment(predictors[0].environment(), each.environment(), "predictors");
    for (const LayerKind kind : each.kinds()) {
      LayerTimePredictor::KindModels of_kind{kind, each.features(kind), {}};
      for (int phase = 0; phase < kNumPhases; ++phase) {
        of_kind.phases.push_back(each.model(kind, static_cast<Phase>(phase)));
      }
      models.push_back(std::move(of_kind));
    }
  }
  return LayerTimePredictor(predictors[0].environment(), std::move(models), merged_training(predictors));
}

}  // namespace perfmodel
