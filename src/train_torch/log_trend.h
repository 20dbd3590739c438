#pragma once

#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// A linear function of a row.
struct LinearTrend {
  double bias = 0;
  std::vector<double> slopes;  ///< one per column
};

/// Ridge regression: minimises the mean squared residual plus `ridge` times the squared norm of the slopes; the bias is
/// free.
///
/// @param rows     n x d, each column with mean about 0 and variance about 1, so that one penalty suits all
/// @param targets  n.  REQUIRES: n > 0
LinearTrend fit_linear_trend(MatrixView<const float> rows, Span<const double> targets, double ridge);

}  // namespace perfmodel
