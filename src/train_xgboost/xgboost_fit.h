#pragma once

#include <memory>
#include <vector>

#include "perfmodel/data/transform.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/train/xgboost.h"
#include "predict/evaluators.h"
#include "train_xgboost/booster.h"

namespace perfmodel {

/// Grown trees with what is around them, still in XGBoost.
struct XGBoostFit {
  FeatureTransform features;
  TargetTransform target;
  std::vector<std::size_t> training_rows, validation_rows;  ///< positions in the data set
  std::shared_ptr<const DMatrix> training;
  std::shared_ptr<Booster> booster;
  int num_trees = 0;  ///< the best number on the validation rows
};

/// @throws Error as Learner::fit.
XGBoostFit fit_trees(const Dataset& data, const XGBoostOptions& options, const FitOptions& fit);

/// What the fit answers, computed by XGBoost, for n x d raw rows, in the unit of the target.
std::vector<double> predict_in_xgboost(const XGBoostFit& fit, MatrixView<const double> rows);

/// The same for perfmodel's own evaluator.
std::shared_ptr<const Evaluator> to_evaluator(const XGBoostFit& fit);

}  // namespace perfmodel
