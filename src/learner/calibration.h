#pragma once

#include <cstddef>

#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Fewest rows on which an interval is calibrated at any level, where rows are set aside for it.
constexpr std::size_t kMinCalibrationRows = 20;

/// The model's info with an interval that holds a new row's target with probability `level` or more, when that row
/// comes from where `rows` come from.
///
/// Split conformal prediction (Lei et al., 2018, algorithm 2) on the ratio measured / predicted: with alpha = 1 -
/// level, the factors are the floor((n + 1) alpha / 2)-th and the ceil((n + 1) (1 - alpha / 2))-th smallest of n
/// ratios. Where the model has a deviation, the ratio is raised to the power |mean| / deviation before (normalised
/// conformal prediction: Papadopoulos et al., 2002), as Model::predict() undoes. An answer <= 0 counts as a ratio
/// beyond all others. The factors are widened to hold 1, so that no mean lies outside its own interval.
///
/// With fewer than kMinCalibrationRows rows, or too few for either order statistic to exist, or one that is not finite,
/// or at level 0, the interval stays uncalibrated: level 0, factors 1.
///
/// @param rows   rows that took no part in the fit, with the model's features
/// @param level  in [0, 1)
/// @throws Error kInvalidArgument (level, or a row the model has no finite answer for), kMismatch (number of features).
PERFMODEL_EXPORT ModelInfo calibrate_interval(const Model& model, const Dataset& rows, double level);

/// The same from answers that are known already: of cross-validation, of leaving one row out, of rows out of bag. Any
/// number of rows for which the order statistics exist is enough (19 at level 0.9).
///
/// @param measured, predicted  n values each
/// @param deviation  n standard deviations of the predictions, of a model that has them; else none
/// @throws Error kInvalidArgument (level), kMismatch (sizes).
PERFMODEL_EXPORT ModelInfo calibrate_interval(ModelInfo info, Span<const double> measured, Span<const double> predicted,
                                              Span<const double> deviation, double level);

/// For fewer rows than order statistics need: errors are taken as normal on the scale of `standardised_errors`, of n
/// rows left out. These are log(measured / predicted) |predicted| / deviation, or errors / deviation; of a model that
/// has no deviation, log(measured / predicted). The factors are exp(+-t s): t the quantile of Student's distribution
/// with n - 1 degrees of freedom (1 for n = 1), s the root mean square, but not less than `least_scale`.
///
/// @param least_scale  1 for a model that has a deviation, so that errors are not taken as smaller than it says; 0 for
///                     one that has none
/// @throws Error kInvalidArgument (level, no errors or one that is not finite).
PERFMODEL_EXPORT ModelInfo assume_normal_interval(ModelInfo info, Span<const double> standardised_errors, double level,
                                                  double least_scale = 1);

}  // namespace perfmodel
