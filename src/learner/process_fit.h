#pragma once

#include <cstddef>
#include <vector>

#include "learner/marginal_likelihood.h"
#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/random.h"

namespace perfmodel {

/// What a Gaussian process is fitted to, and how.
struct ProcessProblem {
  GaussianProcess::Kernel kernel = GaussianProcess::Kernel::kMatern52;
  bool linear_mean = false;
  int restarts = 1;             ///< starting points of the maximisation, >= 1
  std::size_t width = 0;        ///< d
  std::vector<double> rows;     ///< n x d; each column with mean 0 and deviation 1; in random order
  std::vector<double> targets;  ///< n, likewise

  std::size_t num_rows() const { return targets.size(); }
  /// Of the first `count` rows; refers to this.
  MarginalLikelihood likelihood(std::size_t count) const;
};

/// The parameters of greatest marginal likelihood, on the first 500 rows where there are more: each step takes n^3.
/// @throws Error kCancelled.
ProcessParameters maximise_likelihood(const ProcessProblem& problem, Random random, const Callbacks& callbacks);

/// What the process says of rows that it has not seen.
///
/// Up to 80 rows: ten-fold cross-validation, the likelihood maximised anew for each fold. So few rows leave the
/// parameters so uncertain that those of all rows make each left-out row look surer than a new one: intervals made so
/// held 58 to 87 % of new rows instead of 90 from 19 rows of three simulated functions, these 90 to 94 %. From more
/// rows: MarginalLikelihood::leave_one_out().
/// @throws Error kCancelled.
LeftOut leave_out(const ProcessProblem& problem, const ProcessParameters& parameters, Random random,
                  const Callbacks& callbacks);

}  // namespace perfmodel
