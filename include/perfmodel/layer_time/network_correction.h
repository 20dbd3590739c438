#pragma once

#include <memory>
#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/timed_network.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Predicts the time of a network from end to end, which is not the sum of its layers' times: what a layer hands to the
/// next stays on the device, the input and the weights may come from elsewhere, a call costs once and not per layer.
///
/// A model answers the factor between the two from facts of the network: layers, times, work and traffic by kind, what
/// is handed in, on and out, the share of the largest layer, the batch. It belongs to the predictor that it was fitted
/// with, or to one of the same environment. Immutable: any number of threads may use it.
class PERFMODEL_EXPORT NetworkCorrection {
 public:
  /// @param environment  that of the predictors whose sums it corrects
  /// @param factor       target "factor", features of fit_network_correction()
  /// @throws Error kMismatch: a model of other features; names one.
  NetworkCorrection(Environment environment, Model factor);

  const Environment& environment() const noexcept;
  const Model& model() const noexcept;

  /// The layers' times, and as `total` the time from end to end, its interval that of the factor: it holds the errors
  /// of the layers too, as it was calibrated on whole networks. `in_domain` says whether the facts lie in what the
  /// correction has learnt; each layer keeps its own.
  ///
  /// @param layers  one at least, as of a network in the order in which they run; of a graph, Network::layers()
  /// @throws Error what LayerTimePredictor::predict_sequence() throws; kMismatch (a predictor of another environment,
  ///         says in what), kInvalidArgument (a sum of 0, or so far from what was learnt that there is no answer).
  NetworkTime predict(const LayerTimePredictor& predictor, Span<const LayerSpec> layers) const;

  /// Writes one file (docs/formats-layers.md), as Model::save() does, and reads it.
  /// @throws Error as Model::save() and Model::load(); load() also kVersion: facts that this build does not know.
  void save(const std::string& path) const;
  static NetworkCorrection load(const std::string& path);
  static NetworkCorrection load(Span<const std::byte> file);

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// Fits the factor on networks that were timed from end to end.
/// @param learner  should count relative errors (log_target); terms of an additive cost are among the features
/// @throws Error kInvalidArgument (no networks, a time that is not > 0, a sum of 0; names the network), and what
///         predict_sequence() and the learner throw.
PERFMODEL_EXPORT NetworkCorrection fit_network_correction(const LayerTimePredictor& predictor,
                                                          Span<const TimedNetwork> networks, const Learner& learner,
                                                          const FitOptions& options);

/// What is simpler, for comparison: the one factor for the sums of all networks that makes the mean absolute percentage
/// error least on these. That is the median of measured / sum, each weighted by sum / measured.
/// @throws Error as above.
PERFMODEL_EXPORT double fit_one_factor(const LayerTimePredictor& predictor, Span<const TimedNetwork> networks);

}  // namespace perfmodel
