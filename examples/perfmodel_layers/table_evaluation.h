#pragma once

#include <limits>
#include <string>
#include <vector>

#include "perfmodel/data/metrics.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/layer_time/network_table.h"

namespace perfmodel::tools {

/// The interval whose coverage is reported.
constexpr double kReportedLevel = 0.9;

/// How far a predictor is from the rows of a table, one layer kind and phase.
struct LayerErrors {
  LayerKind kind = LayerKind::kConv2d;
  Phase phase = Phase::kExecution;
  ErrorReport errors;
  double in_domain_pct = 0;
  /// Share of rows inside the 90 % interval, and its mean width in percent of the prediction; NaN where the model has
  /// no such interval.
  double coverage_pct = std::numeric_limits<double>::quiet_NaN();
  double interval_width_pct = std::numeric_limits<double>::quiet_NaN();
  /// Mean standard deviation of a row's repeated runs, in percent of its time; NaN where the table does not tell.
  double spread_pct = std::numeric_limits<double>::quiet_NaN();
};

/// Predicts the rows of `table`, each kind and phase that it tells. Phases that took less than a microsecond are left
/// out and added to `skipped`; whole calls are compared however short they are.
/// @throws Error kMismatch (the table and the predictor hold different times: whole calls and phases), kUnsupported (no
///         model for a kind of the table), kInvalidArgument (no time is left to compare, says why).
std::vector<LayerErrors> evaluate_layers(const LayerTimePredictor& predictor, const LayerTable& table,
                                         std::vector<Skipped>& skipped);

/// A network of a table of whole calls, predicted.
struct TableNetwork {
  MeasuredNetwork measured;
  NetworkTime predicted;  ///< of all its layers: the coverage is 1

  double ape_pct() const;  ///< predicted total against the sum of the measured layers
};

/// Predicts the networks of `table` as sums of their layers. A network with a layer whose kind has no model is left out
/// and added to `skipped`.
/// @throws Error kMismatch (the predictor does not predict whole calls), kUnsupported (no network is left, says why).
std::vector<TableNetwork> evaluate_networks(const LayerTimePredictor& predictor, const NetworkTable& table,
                                            std::vector<Skipped>& skipped);

}  // namespace perfmodel::tools
