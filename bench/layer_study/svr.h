#pragma once

#include <functional>
#include <string>
#include <vector>

#include "perfmodel/learner/learner.h"

namespace perfmodel::bench {

/// A fitted support vector machine.
struct SvrFit {
  std::function<std::vector<double>(MatrixView<const double>)> predict;  ///< rows as in the data set it was fitted to
  std::string chosen;                                                    ///< C, gamma, epsilon
  std::size_t training_rows = 0;                                         ///< of the last fit
  double choose_s = 0, fit_s = 0;
};

/// Support vector regression with an RBF kernel (epsilon-SVR, Debian's libsvm) on standardised features and target.
///
/// C, gamma and epsilon are those of the least MAPE on 1 500 rows among fits to 3 000 others, all drawn from `training`
/// by FitOptions::seed (of a smaller set, on a third of it). With them it is fitted to as many rows as `minutes` allow,
/// where time is taken to grow with the power of 2.5 of the rows.
/// @throws Error kUnsupported in a build without libsvm; kCancelled.
SvrFit fit_svr(const Dataset& training, double minutes, const FitOptions& fit);

}  // namespace perfmodel::bench
