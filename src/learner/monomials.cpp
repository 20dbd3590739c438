#include "learner/monomials.h"

#include <algorithm>

namespace perfmodel {

Monomials::Monomials(const std::vector<int>& max_powers, int degree, std::size_t max_terms)
    : num_features_(max_powers.size()) {
  const auto num_features = static_cast<std::int32_t>(max_powers.size());
  std::ptrdiff_t first = -1, last = 0;  // the terms of one degree less
  for (int d = 1; d <= degree; ++d) {
    for (std::ptrdiff_t parent = first; parent < last; ++parent) {
      const Term stem = parent < 0 ? Term{-1, 0, 0} : terms_[static_cast<std::size_t>(parent)];
      for (std::int32_t feature = stem.feature; feature < num_features; ++feature) {  // each product once
        const std::int32_t power = feature == stem.feature ? stem.power + 1 : 1;
        if (power > max_powers[static_cast<std::size_t>(feature)]) continue;
        if (terms_.size() > max_terms) return;
        terms_.push_back({parent, feature, power});
      }
    }
    first = std::max<std::ptrdiff_t>(last, 0);
    last = static_cast<std::ptrdiff_t>(terms_.size());
  }
}

Eigen::MatrixXd Monomials::values(const Eigen::MatrixXd& features) const {
  Eigen::MatrixXd values(features.rows(), static_cast<Eigen::Index>(terms_.size()));
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    auto column = values.col(static_cast<Eigen::Index>(t));
    column = features.col(terms_[t].feature);
    if (terms_[t].parent >= 0) column.array() *= values.col(terms_[t].parent).array();
  }
  return values;
}

Polynomial Monomials::polynomial(double base, const Eigen::VectorXd& coefficients) const {
  Polynomial out;
  out.num_inputs = num_features_;
  out.base = base;
  out.first_factor.push_back(0);
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    const double coefficient = coefficients[static_cast<Eigen::Index>(t)];
    if (coefficient == 0) continue;
    out.coefficients.push_back(coefficient);
    std::int32_t feature = -1;
    for (auto at = static_cast<std::ptrdiff_t>(t); at >= 0; at = terms_[static_cast<std::size_t>(at)].parent) {
      const Term& term = terms_[static_cast<std::size_t>(at)];
      if (term.feature == feature) continue;  // the power counts it already
      feature = term.feature;
      out.factors.push_back({term.feature, term.power});
    }
    out.first_factor.push_back(static_cast<std::int32_t>(out.factors.size()));
  }
  return out;
}

}  // namespace perfmodel
