#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "layer_time/layer_encoder.h"
#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// Of the rows of every table of calls.
inline constexpr LayerContext kCallContext;

/// Layers wherever they stand: one after the other, or in the nodes of a network.
class LayerView {
 public:
  explicit LayerView(Span<const LayerSpec> layers) noexcept : layers_(layers.data()), size_(layers.size()) {}
  explicit LayerView(const Network& network) noexcept : nodes_(network.nodes().data()), size_(network.nodes().size()) {}

  std::size_t size() const noexcept { return size_; }
  const LayerSpec& operator[](std::size_t i) const noexcept { return nodes_ == nullptr ? layers_[i] : nodes_[i].layer; }

 private:
  const LayerSpec* layers_ = nullptr;
  const NetworkNode* nodes_ = nullptr;
  std::size_t size_ = 0;
};

/// What a predictor holds: the models of each kind it knows, and where to find them by kind.
struct LayerTimePredictor::Impl {
  Environment environment;
  TrainingInfo training;
  NetworkInterval network_interval;
  std::vector<KindModels> models;
  std::vector<LayerEncoder> encoders;                       ///< of each of `models`
  std::array<const KindModels*, kNumLayerKinds> by_kind{};  ///< nullptr: no model for that kind

  const KindModels* find(LayerKind kind) const noexcept {
    const int index = static_cast<int>(kind);
    return index >= 0 && index < kNumLayerKinds ? by_kind[static_cast<std::size_t>(index)] : nullptr;
  }

  /// Predicts the layers of kinds that have models; the others' times stay as they are.
  /// REQUIRES: valid layers, a valid context, out.size() is layers.size(), workspace_bytes(layers.size()).
  void predict_known(const LayerView& layers, const LayerContext& context, Span<LayerTime> out,
                     Workspace& workspace) const noexcept;

  /// The kind's models.  @throws Error kUnsupported, with the kinds that there are.
  const KindModels& at(LayerKind kind) const;
};

/// Whether `models` name the same features, all of which this build computes for their kind in their set.
bool takes_features(const LayerTimePredictor::KindModels& models);

/// Adds up the times of layers (equation 2), those of `ends` with their first and last phases; one of each per layer.
NetworkTotal add_up(const LayerTimePredictor& predictor, const LayerView& layers, Span<const NetworkEnds> ends,
                    Span<const LayerTime> times) noexcept;

/// The first and the last of `count` layers that run one after the other; count > 0.
std::vector<NetworkEnds> sequence_ends(std::size_t count);

/// Layers that are predicted at a time; the workspace holds the features and answers of so many.
constexpr std::size_t kLayersPerBlock = 256;

}  // namespace perfmodel
