#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of polynomial regression with all interactions, on standardised features.
struct PolynomialOptions {
  int min_degree = 2, max_degree = 4;  ///< the total degree is chosen between these by the error on validation rows
  double ridge = 1e-3;   ///< penalty per row on standardised coefficients, where the terms of a degree are as many as
                         ///< the rows that cross-validation leaves to fit on, or more; else none
  int max_terms = 5000;  ///< a degree with more terms is not tried: time grows with the square of their number, or more
  bool log_target = false;  ///< targets > 0
};

/// A learner "polynomial".
/// @throws Error kInvalidArgument: an option out of range; names it.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_polynomial_learner(const PolynomialOptions& options = {});

/// Options of stepwise linear regression over main effects and interactions, which respects marginality: an interaction
/// comes only after its parts and leaves before them.
struct StepwiseOptions {
  enum class Criterion {
    kSignificance,  ///< forward: the term that raises R2 most, while its p-value is below; backward: the term with the
                    ///< greatest p-value above the threshold (t distribution). As Iqbal et al. (OpML 2019) say it
    kAic,           ///< the step, in or out, that lowers n log(RSS / n) + 2 p most, as R's step() does. As their script
  };
  Criterion criterion = Criterion::kSignificance;
  int max_order = 2;               ///< options in one interaction, at most; R's script goes up to 9
  double significance = 0.05;      ///< p-value at which a term enters or leaves
  double min_coefficient = 1e-12;  ///< terms with smaller coefficients, on standardised features, are dropped
  bool log_target = false;         ///< targets > 0
};

/// What a stepwise fit found.
struct StepwiseTerm {
  std::vector<std::size_t> features;  ///< ascending; one: a main effect
  double coefficient = 0;             ///< on standardised features
  double p_value = 1;                 ///< two-sided, t distribution
};

/// A learner "stepwise".
/// @throws Error kInvalidArgument: an option out of range; names it.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_stepwise_learner(const StepwiseOptions& options = {});

/// The terms alone, those that lower the residual sum of squares most first, and the sum itself.
struct StepwiseResult {
  double intercept = 0;  ///< on standardised features
  std::vector<StepwiseTerm> terms;
  double residual_sum_of_squares = 0;
  double aic = 0;  ///< n log(RSS / n) + 2 (number of terms + 1), as R's extractAIC()
};
/// @param callbacks  of these, `cancelled` is asked before each step
/// @throws Error kInvalidArgument: fewer than 3 rows, no feature that varies, a target <= 0 with log_target, more than
///         20 000 terms that might be next, or than 2^26 / rows; kCancelled.
PERFMODEL_EXPORT StepwiseResult stepwise_regression(const Dataset& data, const StepwiseOptions& options,
                                                    const Callbacks& callbacks = {});

}  // namespace perfmodel
