#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "layer_time/layer_encoder.h"
#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// What a predictor holds: the models of each kind it knows, and where to find them by kind.
struct LayerTimePredictor::Impl {
  Environment environment;
  TrainingInfo training;
  NetworkInterval network_interval;
  std::vector<KindModels> models;
  std::vector<LayerEncoder> encoders;  ///< of each of `models`
  std::array<const KindModels*, kNumLayerKinds> by_kind{};  ///< nullptr: no model for that kind

  const KindModels* find(LayerKind kind) const noexcept {
    const int index = static_cast<int>(kind);
    return index >= 0 && index < kNumLayerKinds ? by_kind[static_cast<std::size_t>(index)] : nullptr;
  }

  /// The kind's models.  @throws Error kUnsupported, with the kinds that there are.
  const KindModels& at(LayerKind kind) const;
};

/// Whether `models` name the same features, all of which this build computes for their kind in their set.
bool takes_features(const LayerTimePredictor::KindModels& models);

/// Layers that are predicted at a time; the workspace holds the features and answers of so many.
constexpr std::size_t kLayersPerBlock = 256;

}  // namespace perfmodel
