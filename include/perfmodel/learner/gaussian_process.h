#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of Gaussian process regression (Rasmussen and Williams, 2006, chapter 2 and equation 5.9).
struct GaussianProcessOptions {
  enum class Kernel {
    kSquaredExponential,
    kMatern52,  ///< less smooth; mostly the better prior for times of real systems
  };
  Kernel kernel = Kernel::kMatern52;
  bool log_target = false;     ///< targets > 0
  bool linear_mean = false;    ///< a linear function of the features as mean, fitted by generalised least squares
  double log_ratio_above = 0;  ///< positive features whose greatest value is more than that many times the least are
                               ///< log-transformed; 0 leaves them as they are
  int restarts = 3;            ///< starting points of the likelihood's maximisation; the first is always the same
  int max_rows = 2000;         ///< more rows are thinned to that many, at random: time grows with the cube
};

/// A learner "gp": a length scale per feature, signal and noise variance by maximum marginal likelihood (L-BFGS on log
/// parameters). Its models answer with a standard deviation, from which intervals are made; where there are too few
/// rows to set any aside, they are calibrated on rows left out in turn. A target that does not vary becomes a constant.
/// @throws Error kInvalidArgument: an option out of range; names it.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_gaussian_process_learner(const GaussianProcessOptions& options = {});

}  // namespace perfmodel
