#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/regression.h"

namespace perfmodel {

/// Terms that may be next in one step: each takes time in every step.
constexpr std::size_t kMostCandidates = 20000;
/// Numbers that are kept of them, one per term and row: 512 MiB.
constexpr std::size_t kMostNumbers = std::size_t{1} << 26;

/// stepwise_regression() on features that are standardised already. Where nothing can be explained (features or targets
/// without variation, too few rows) the answer is an intercept without terms.
/// @param features  n x k, each column with mean 0 and deviation 1
/// @param targets   n, to be fitted as they are
/// @return          terms by column of `features`
/// @param groups        of each feature; no term has two of one group, as indicators of one option have a product that
///                      says nothing new. Empty: each feature is a group
/// @param most_numbers  as kMostNumbers
/// @throws Error kInvalidArgument: more than kMostCandidates terms might be next, or than `most_numbers` / n;
/// kCancelled.
PERFMODEL_EXPORT StepwiseResult select_terms(const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                                             const StepwiseOptions& options, const Callbacks& callbacks,
                                             const std::vector<std::size_t>& groups = {},
                                             std::size_t most_numbers = kMostNumbers);

/// stepwise_regression() of features in groups.
/// @param groups  as select_terms() takes them, one per feature of the data
PERFMODEL_EXPORT StepwiseResult stepwise_regression_in_groups(const Dataset& data, const StepwiseOptions& options,
                                                              const std::vector<std::size_t>& groups,
                                                              const Callbacks& callbacks);

}  // namespace perfmodel
