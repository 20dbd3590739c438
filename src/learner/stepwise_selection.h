#pragma once

#include <Eigen/Core>
#include <cstddef>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/regression.h"

namespace perfmodel {

/// Terms that may be next in one step: each takes a column of memory and time in every step.
constexpr std::size_t kMostCandidates = 20000;

/// stepwise_regression() on features that are standardised already. Where nothing can be explained (features or targets
/// without variation, too few rows) the answer is an intercept without terms.
/// @param features  n x k, each column with mean 0 and deviation 1
/// @param targets   n, to be fitted as they are
/// @return          terms by column of `features`
/// @throws Error kInvalidArgument: more than kMostCandidates terms might be next; kCancelled.
PERFMODEL_EXPORT StepwiseResult select_terms(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                                             const StepwiseOptions& options, const Callbacks& callbacks);

}  // namespace perfmodel
