#pragma once

#include <memory>

#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/learner.h"
#include "predict/evaluator.h"

namespace perfmodel {

/// LMS and NLMS (Iqbal et al., OpML 2019, section 2; Jamshidi et al., SEAMS 2017): a function of the source model's
/// answer alone, fitted to measurements of the target: a least squares line, or a random forest of 16 trees.
/// @param source  on the features of `rows`
/// @return        from a row to the target
std::shared_ptr<const Evaluator> fit_linear_shift(const Model& source, const Dataset& rows);
std::shared_ptr<const Evaluator> fit_nonlinear_shift(const Model& source, const Dataset& rows,
                                                     const FitOptions& options);

}  // namespace perfmodel
