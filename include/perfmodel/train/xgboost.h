#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of boosted trees; names as in XGBoost's documentation where they differ.
struct XGBoostOptions {
  enum class Loss {
    kSquaredError,        ///< of the target or its logarithm; a leaf is about the mean of its rows
    kAbsolutePercentage,  ///< mean |y - t| / t, or |y - t| of logarithms with log_target; targets > 0. XGBoost's
                          ///< reg:absoluteerror on rows weighted by 1 / t: a leaf is their weighted median, and odd
                          ///< rows count little. Splits lie between 1024 quantiles of a feature at most
  };
  Loss loss = Loss::kSquaredError;
  int num_rounds = 600;            ///< most trees; fewer with early stopping
  int early_stopping_rounds = 50;  ///< stop when validation has not improved for so many trees and keep the best number
                                   ///< of trees; 0 grows all (num_boost_round). Without validation rows all are grown
  int max_depth = 6;               ///< levels of decisions in a tree
  double learning_rate = 0.08;     ///< (eta) lower learns finer and needs more rounds
  double subsample = 0.8;          ///< share of the rows a tree is grown on
  double column_sample = 0.8;      ///< share of the features a tree may use (colsample_bytree)
  double min_child_weight = 2;     ///< least rows in a leaf; raise it on noisy data
  double l2 = 1;                   ///< penalty on leaf values (lambda)
  bool log_target = true;  ///< fit the logarithm of the target, so that relative errors count; needs targets > 0
  bool cost_terms = true;  ///< with log_target: fit the features named kCostPrefix... as an additive cost first and
                           ///< grow trees on what it leaves, as trees alone answer no more than they have seen
};

/// A learner "xgboost": fitted through XGBoost's C API; its models are evaluated without, and keep how much each
/// feature matters (total gain) for feature_importance(). Same seed, data, options and number of threads give the same
/// bits. fit() throws kInvalidArgument: fewer than 10 rows, a target <= 0 with log_target or kAbsolutePercentage;
/// kInternal: what XGBoost says.
/// @throws Error kUnsupported in a build without XGBoost; kInvalidArgument (an option out of range; names it).
PERFMODEL_EXPORT std::unique_ptr<Learner> make_xgboost_learner(const XGBoostOptions& options);

}  // namespace perfmodel
