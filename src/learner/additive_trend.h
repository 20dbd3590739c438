#pragma once

#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Fits an additive cost model: target = sum_j weight[j] * term[j] with weights >= 0, a roofline whose slopes come from
/// the data. Relative errors count (a microsecond matters to a short layer), and rows that disagree count less: least
/// absolute relative deviations by iteratively reweighted non-negative least squares (coordinate descent on the normal
/// equations).
///
/// @param terms    n x d, finite, >= 0; a column of zeros gets weight 0
/// @param targets  n, > 0
/// @return         d weights in target units per term unit; all 0 when no term varies with the target
std::vector<double> fit_additive_trend(MatrixView<const double> terms, Span<const double> targets);

}  // namespace perfmodel
