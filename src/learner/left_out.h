#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// What a way of fitting answers for rows that it did not see (cross-validation), in the unit of the target.
struct LeftOutAnswers {
  std::vector<double> measured, predicted;
  std::vector<double> deviation;  ///< of the predictions; empty where the models have none
};

/// Fits to the rows `kept` and answers for the rows `left_out`, both ascending positions.
using AnswerRows =
    std::function<std::vector<double>(const std::vector<std::size_t>& kept, const std::vector<std::size_t>& left_out)>;
/// Answers fold by fold.
/// @param folds  each ascending: left_out_rows()
/// @throws what `answer` throws.
PERFMODEL_EXPORT LeftOutAnswers leave_out(Span<const double> targets,
                                          const std::vector<std::vector<std::size_t>>& folds, const AnswerRows& answer);

/// Fits a model on some rows.
using FitRows = std::function<Model(const Dataset& rows)>;

/// The same for models, with their deviations: each row is left out once, in `num_folds` parts. There are no answers
/// for fewer than 3 rows, nor where `fit` throws kInvalidArgument: a part of the rows may be too few for a learner that
/// fits all of them, or have no feature that varies.
/// @throws what else `fit` throws.
PERFMODEL_EXPORT LeftOutAnswers leave_out(const Dataset& rows, const FitRows& fit, std::size_t num_folds,
                                          std::uint64_t seed);

/// Mean of |predicted / measured - 1|; infinite where there are no answers.
PERFMODEL_EXPORT double relative_error(const LeftOutAnswers& answers);

/// `model` with an interval that the left out answers calibrate: conformal where there are enough, else as normal
/// errors. As it is for fewer than 3 answers, for answers or measured values <= 0 where errors are taken as normal, and
/// where some of the left out answers and the model have a deviation and others none.
/// @throws Error kInvalidArgument (level).
PERFMODEL_EXPORT Model with_interval(const Model& model, const LeftOutAnswers& answers, double level);

}  // namespace perfmodel
