#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {

/// The products of powers of some features up to a total degree, without the constant.
class Monomials {
 public:
  /// @param max_powers  per feature, the highest power that is no combination of lower ones: one less than the
  ///                    feature's number of levels
  /// @param max_terms   makes no more than one above that
  Monomials(const std::vector<int>& max_powers, int degree, std::size_t max_terms);

  std::size_t size() const noexcept { return terms_.size(); }
  /// @param features  n x k
  /// @return          n x size()
  Eigen::MatrixXd values(const Eigen::MatrixXd& features) const;
  /// base + sum of coefficients[t] * term t; terms whose coefficient is 0 are left out.
  Polynomial polynomial(double base, const Eigen::VectorXd& coefficients) const;

 private:
  struct Term {
    std::ptrdiff_t parent;  ///< the term it is the product of with a feature; -1: none
    std::int32_t feature;
    std::int32_t power;  ///< of that feature in the term
  };
  std::size_t num_features_;
  std::vector<Term> terms_;  ///< by ascending degree
};

}  // namespace perfmodel
