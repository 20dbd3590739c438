#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/train/layer_benchmark.h"

namespace perfmodel::tools {

/// A network at one batch size, predicted and measured.
struct EvaluatedNetwork {
  Network network;
  NetworkTime predicted;
  bool steered = true;                 ///< whether `measure` draws around a shape of its layers
  std::vector<double> samples_ms;      ///< end to end, those of all rounds beside which nothing disturbed the machine
  std::vector<double> disturbed_ms;    ///< the others
  std::vector<ProtocolResult> layers;  ///< each layer by itself, in the network's context; empty when skipped

  /// Median of the undisturbed samples; of all when there are fewer than kFewestSamples of them.
  double measured_ms() const;
  double ape_pct() const;

  /// Equation 2 on the layers as measured one by one; NaN when they were not.
  double sum_of_layers_ms() const;

  static constexpr std::size_t kFewestSamples = 5;
};

/// How networks are measured.
struct EvaluationOptions {
  int num_rounds = 3;      ///< the networks take turns, so that a slow spell of the machine hits all alike
  double max_seconds = 1;  ///< for one network in one round; a few samples are taken whatever they cost
  bool measure_layers = true;
  Callbacks callbacks;
};

/// Measures `networks` on the device and framework of `predictor`.
/// @throws Error kUnsupported: that device or framework is not here.
void measure_networks(const LayerTimePredictor& predictor, const EvaluationOptions& options,
                      std::vector<EvaluatedNetwork>& networks);

}  // namespace perfmodel::tools
