#pragma once

#include "perfmodel/core/export.h"

namespace perfmodel {

/// The probability that a t-distributed number is further from 0 than `t`: the two-sided p-value of a coefficient.
/// Relative error below 1e-8 for up to 1e6 degrees of freedom.
/// @param degrees_of_freedom  > 0
PERFMODEL_EXPORT double student_t_p_value(double t, double degrees_of_freedom) noexcept;

/// The number t for which a t-distributed number lies within +-t with probability `level`; relative error below 1e-8 up
/// to a level of 0.999.
/// @param level               in (0, 1)
/// @param degrees_of_freedom  >= 1
PERFMODEL_EXPORT double student_t_quantile(double level, double degrees_of_freedom) noexcept;

/// The regularised incomplete beta function I_x(a, b).
/// @param a, b  > 0
/// @param x     in [0, 1]
PERFMODEL_EXPORT double incomplete_beta(double a, double b, double x) noexcept;

}  // namespace perfmodel
