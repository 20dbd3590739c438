#include "perfmodel/layer_time/merge_predictors.h"

#include <algorithm>
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

/// Whether all have intervals of networks fitted, and the same.
bool share_network_interval(Span<const LayerTimePredictor> predictors) {
  const NetworkInterval& first = predictors[0].network_interval();
  return first.num_networks > 0 && std::all_of(predictors.begin(), predictors.end(), [&](const auto& each) {
           const NetworkInterval& own = each.network_interval();
           return own.correlation == first.correlation && own.scale == first.scale &&
                  own.num_networks == first.num_networks;
         });
}

}  // namespace

LayerTimePredictor merge_predictors(Span<const LayerTimePredictor> predictors) {
  if (predictors.empty()) throw Error(ErrorCode::kInvalidArgument, "no predictors to merge");
  if (predictors.size() == 1) return predictors[0];
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
  const LayerTimePredictor merged(predictors[0].environment(), std::move(models), merged_training(predictors));
  if (!share_network_interval(predictors)) return merged;
  return merged.with_network_interval(predictors[0].network_interval());
}

}  // namespace perfmodel
