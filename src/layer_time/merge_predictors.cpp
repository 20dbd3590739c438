#include "perfmodel/layer_time/merge_predictors.h"

#include <fmt/format.h>

#include <cmath>

namespace perfmodel {
namespace {

void require_same(const char* what, const std::string& first, const std::string& other) {
  if (first == other) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("predictors of different environments: {} '{}' and '{}'", what, first, other));
}

void require_same_environment(const Environment& first, const Environment& other) {
  require_same("timing", layer_timing_name(first.timing), layer_timing_name(other.timing));
  require_same("device", first.device, other.device);
  require_same("device name", first.device_name, other.device_name);
  require_same("framework", first.framework, other.framework);
  require_same("framework version", first.framework_version, other.framework_version);
  require_same("number of threads", std::to_string(first.num_threads), std::to_string(other.num_threads));
}

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
    require_same_environment(predictors[0].environment(), each.environment());
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
