#pragma once

#include <cstddef>

#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Fewest rows on which an interval is calibrated at any level.
constexpr std::size_t kMinCalibrationRows = 20;

/// The model's info with an interval that holds a new row's target with probability `level` or more, when that row
/// comes from where `rows` come from.
///
/// Split conformal prediction (Lei et al., 2018, algorithm 2) on the ratio measured / predicted: with alpha = 1 -
/// level, the factors are the floor((n + 1) alpha / 2)-th and the ceil((n + 1) (1 - alpha / 2))-th smallest of n
/// ratios. An answer <= 0 counts as a ratio beyond all others. The factors are widened to hold 1, so that no mean lies
/// outside its own interval.
///
/// With fewer than kMinCalibrationRows rows, or too few for either order statistic to exist, or one that is not finite,
/// the interval stays uncalibrated: level 0, factors 1.
///
/// @param rows   rows that took no part in the fit, with the model's features
/// @param level  in (0, 1)
/// @throws Error kInvalidArgument (level, or a row the model has no finite answer for), kMismatch (number of features).
PERFMODEL_EXPORT ModelInfo calibrate_interval(const Model& model, const Dataset& rows, double level);

}  // namespace perfmodel
