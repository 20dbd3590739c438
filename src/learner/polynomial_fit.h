#pragma once

#include <Eigen/Core>

#include "learner/monomials.h"

namespace perfmodel {

struct PolynomialFit {
  double base = 0;
  Eigen::VectorXd coefficients;  ///< one per term
};

/// Least squares on the terms; with as many terms as rows or more, ridge regression: `ridge` is the penalty per row on
/// the coefficients of the standardised terms. Of terms that are combinations of others the answer with small
/// coefficients is taken.
/// @param features  n x k, n > 0
/// @param targets   n
PolynomialFit fit_polynomial(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                             double ridge);

/// What a fit answers for rows of features.
Eigen::VectorXd answers_of(const PolynomialFit& fit, const Monomials& terms, const Eigen::MatrixXd& features);

}  // namespace perfmodel
