#pragma once

#include <Eigen/Core>

#include "learner/monomials.h"

namespace perfmodel {

struct PolynomialFit {
  double base = 0;
  Eigen::VectorXd coefficients;  ///< one per term
};

/// Ridge regression on the terms; with a ridge of 0 least squares. Of terms that are combinations of others, and where
/// they are as many as rows or more, the answer with small coefficients is taken.
/// @param features  n x k, n > 0
/// @param targets   n
/// @param ridge     >= 0, penalty per row on the coefficients of the standardised terms
PolynomialFit fit_polynomial(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                             double ridge);

/// What a fit answers for rows of features.
Eigen::VectorXd answers_of(const PolynomialFit& fit, const Monomials& terms, const Eigen::MatrixXd& features);

}  // namespace perfmodel
