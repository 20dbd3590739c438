#pragma once

#include <functional>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Fits a model on some of the target's rows.
using FitRows = std::function<Model(const Dataset& rows)>;

/// What a way of fitting answers for rows that it did not see: each row is left out once, in `num_folds` parts.
struct LeftOutAnswers {
  std::vector<double> measured, predicted;
  std::vector<double> deviation;  ///< empty where the models have none
};
/// @throws what `fit` throws.
LeftOutAnswers leave_out(const Dataset& rows, const FitRows& fit, std::size_t num_folds, std::uint64_t seed);

/// Mean of |predicted / measured - 1|.
double relative_error(const LeftOutAnswers& answers);

/// `model` with an interval that the left out answers calibrate: conformal where there are enough, else as normal
/// errors; none for fewer than 3 rows.
Model with_interval(const Model& model, const LeftOutAnswers& answers, double level);

}  // namespace perfmodel
