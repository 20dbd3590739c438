#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Weights >= 0 that sum to 1 and make sum_i (sum_m w[m] errors[m][i])^2 least, by moving weight between pairs of
/// members until nothing is gained.
/// @param errors  members x rows, finite; all rows alike long
PERFMODEL_EXPORT std::vector<double> blend_weights(const std::vector<std::vector<double>>& errors);

}  // namespace perfmodel
