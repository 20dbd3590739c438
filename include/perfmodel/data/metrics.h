#pragma once

#include <cstddef>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// How far predictions are from measurements. Errors in the unit of the values, percentages 0..100.
struct ErrorReport {
  std::size_t rows = 0;
  double mape_pct = 0;       ///< mean of 100 |p - m| / m
  double rmse = 0;           ///< root of the mean squared error
  double mae = 0;            ///< mean absolute error
  double r2 = 0;             ///< 1 - residual / total sum of squares; NaN when the measurements do not vary
  double within_10_pct = 0;  ///< share of rows with an absolute percentage error of at most 10, in percent
  double p95_ape_pct = 0;    ///< 95th percentile of the absolute percentage error
  double spearman = 0;       ///< rank correlation, ties by mean rank; NaN when either side does not vary
};

/// @param measured, predicted  n values each; measured > 0.
/// @throws Error kInvalidArgument (n = 0, a measured value <= 0 or not finite, a prediction not finite), kMismatch
/// (sizes).
PERFMODEL_EXPORT ErrorReport compare(Span<const double> measured, Span<const double> predicted);

/// Alone what compare() says of it, with the same errors (spearman: values of any sign).
PERFMODEL_EXPORT double mape_pct(Span<const double> measured, Span<const double> predicted);
PERFMODEL_EXPORT double spearman(Span<const double> a, Span<const double> b);

/// The q-quantile (0 <= q <= 1) by linear interpolation between order statistics (Hyndman and Fan's type 7).
/// @throws Error kInvalidArgument: no values, a value that is not finite, or q outside [0, 1].
PERFMODEL_EXPORT double quantile(Span<const double> values, double q);
PERFMODEL_EXPORT double median(Span<const double> values);

/// Median absolute deviation times 1.4826, which estimates the standard deviation of normal data.
PERFMODEL_EXPORT double robust_spread(Span<const double> values);

}  // namespace perfmodel
