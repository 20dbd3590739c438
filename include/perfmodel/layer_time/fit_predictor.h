#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/data/metrics.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// How a predictor is fitted.
struct FitPredictorOptions {
  FeatureSet features = FeatureSet::kPhysics;
  double held_out_fraction = 0.2;  ///< of each kind's layers: never seen by a fit, only reported on (the paper's 20 %)
  double constant_below_ms = 0.001;  ///< a phase whose median is below is modelled as a constant and left out of MAPE
  /// Fit the kinds that memory bounds (is_memory_bound()) by additive_cost, whatever the learner: some dozen measured
  /// layers of each are enough. Off: by the learner, as the others.
  bool memory_bound_by_cost = true;
  /// Of another device, where layers were measured well: the learner sees what it answers (make_source_learner()). Same
  /// timing and features; kinds that it does not know are fitted without, but one it must know.
  std::shared_ptr<const LayerTimePredictor> source;
  FitOptions fit;  ///< seed also decides which layers are held out
};

/// Errors of one phase on the held-out layers.
struct PhaseReport {
  LayerKind kind = LayerKind::kConv2d;
  Phase phase = Phase::kExecution;
  bool constant = false;            ///< modelled as a constant
  std::size_t num_below_clock = 0;  ///< held-out rows under constant_below_ms, left out of the errors
  ErrorReport errors;
  /// Share of held-out rows inside their interval; NaN without rows or a calibrated interval.
  double interval_coverage_pct = std::numeric_limits<double>::quiet_NaN();
};

/// A predictor and what is known about it.
struct FittedPredictor {
  LayerTimePredictor predictor;
  std::vector<PhaseReport> reports;  ///< kinds x phases that the table tells (told_phases())
};

/// Fits one model per layer kind and phase found in `table` with `learner`. Of a table of whole calls it fits one per
/// kind, in the place of the execution; the other phases are constants of 0.
///
/// No model answers less than a roofline fitted to its training rows: the time that the layer's floating-point
/// operations, or the bytes of its input, output or weights, take at 1.5 times the highest rate of any row, one row in
/// 1000 left out as a mistake (Williams, Waterman and Patterson, 2009). Features that lack these, as FeatureSet::kPaper
/// of convolution, pooling and dense layers, and constants have none.
/// @throws Error kInvalidArgument (no rows; a kind with fewer than 20 layers, names it; held_out_fraction outside
///         [0, 1); a source that knows none of the table's kinds), kMismatch (a source of another timing, or of other
///         features than a build computes now), kCancelled, and what the learner throws.
PERFMODEL_EXPORT FittedPredictor fit_layer_time_predictor(const LayerTable& table, const Learner& learner,
                                                          const FitPredictorOptions& options);

/// The layers of `table` that a fit with these options holds out: kind by kind. They follow from the options' seed and
/// fraction alone.
/// @throws Error kInvalidArgument: held_out_fraction outside [0, 1).
PERFMODEL_EXPORT std::vector<LayerRow> held_out_layers(const LayerTable& table, const FitPredictorOptions& options);

/// Rows of one kind and phase as a data set with the features of `set` and the target "<phase>_ms"; a time of 0 counts
/// as 1e-6 ms, which no clock can tell from it. The execution of whole calls is "total_ms".
PERFMODEL_EXPORT Dataset layer_dataset(const std::vector<LayerRow>& rows, LayerKind kind, Phase phase, FeatureSet set,
                                       LayerTiming timing = LayerTiming::kPhases);

}  // namespace perfmodel
