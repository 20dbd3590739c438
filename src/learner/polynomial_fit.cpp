#include "learner/polynomial_fit.h"

#include <Eigen/Dense>
#include <algorithm>

namespace perfmodel {
namespace {

constexpr Eigen::Index kBlockRows = 512;  ///< rows whose terms are held in memory at a time

/// Penalty per row that keeps a matrix of terms that depend on one another solvable, below what shows in an answer.
constexpr double kSmallRidge = 1e-10;
/// A standardised term varies by 1; one that varies by less than this part of its mean square is a constant.
constexpr double kConstant = 1e-20;

/// 1 / deviation of each term, 0 for a constant one.
Eigen::VectorXd inverse_deviations(const Eigen::VectorXd& variances, const Eigen::VectorXd& means) {
  Eigen::VectorXd inverse(variances.size());
  for (Eigen::Index j = 0; j < inverse.size(); ++j) {
    const double mean_square = variances[j] + means[j] * means[j];
    inverse[j] = variances[j] > kConstant * mean_square ? 1 / std::sqrt(variances[j]) : 0;
  }
  return inverse;
}

/// Calls work(first row, values of the terms less their means) block by block.
template <typename Work>
void for_each_block(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& means,
                    const Work& work) {
  for (Eigen::Index first = 0; first < features.rows(); first += kBlockRows) {
    const Eigen::Index count = std::min(kBlockRows, features.rows() - first);
    Eigen::MatrixXd values = terms.values(features.middleRows(first, count));
    values.rowwise() -= means.transpose();
    work(first, values);
  }
}

Eigen::VectorXd means_of(const Monomials& terms, const Eigen::MatrixXd& features) {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(terms.size()));
  for_each_block(terms, features, Eigen::VectorXd::Zero(sums.size()),
                 [&](Eigen::Index, const Eigen::MatrixXd& values) { sums += values.colwise().sum().transpose(); });
  return sums / static_cast<double>(features.rows());
}

PolynomialFit with_base(Eigen::VectorXd coefficients, const Eigen::VectorXd& means, double target_mean) {
  const double base = target_mean - coefficients.dot(means);
  return {base, std::move(coefficients)};
}

/// One equation per standardised term. The squared condition of these equations costs digits, which two rounds of
/// refinement on the residuals give back.
PolynomialFit solve_by_terms(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                             double ridge) {
  const auto num_rows = static_cast<double>(features.rows());
  const Eigen::VectorXd means = means_of(terms, features), centred = targets.array() - targets.mean();
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(means.size(), means.size());
  for_each_block(terms, features, means, [&](Eigen::Index, const Eigen::MatrixXd& values) {
    products.selfadjointView<Eigen::Lower>().rankUpdate(values.transpose());
  });
  const Eigen::VectorXd scale = inverse_deviations(products.diagonal() / num_rows, means);
  products = scale.asDiagonal() * products * scale.asDiagonal();
  products.diagonal().array() += std::max(ridge, kSmallRidge) * num_rows;
  const Eigen::LLT<Eigen::MatrixXd> cholesky(products);

  constexpr int kRefinements = 2;
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(means.size());  // coefficients of the standardised terms
  for (int round = 0; round <= kRefinements; ++round) {
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(means.size());
    for_each_block(terms, features, means, [&](Eigen::Index first, const Eigen::MatrixXd& values) {
      gradient += values.transpose() * (centred.segment(first, values.rows()) - values * scale.cwiseProduct(weights));
    });
    weights += cholesky.solve(scale.cwiseProduct(gradient) - ridge * num_rows * weights);
  }
  return with_base(scale.cwiseProduct(weights), means, targets.mean());
}

/// One equation per row.
PolynomialFit solve_by_rows(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                            double ridge) {
  const auto num_rows = static_cast<double>(features.rows());
  Eigen::MatrixXd values = terms.values(features);
  const Eigen::VectorXd means = values.colwise().mean();
  values.rowwise() -= means.transpose();
  const Eigen::VectorXd scale = inverse_deviations(values.colwise().squaredNorm() / num_rows, means);
  values = values * scale.asDiagonal();
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(values.rows(), values.rows());
  products.selfadjointView<Eigen::Lower>().rankUpdate(values);
  products.diagonal().array() += std::max(ridge, kSmallRidge) * num_rows;
  const Eigen::VectorXd centred = targets.array() - targets.mean();
  const Eigen::VectorXd weights = products.selfadjointView<Eigen::Lower>().llt().solve(centred);
  return with_base(scale.cwiseProduct(values.transpose() * weights), means, targets.mean());
}

}  // namespace

PolynomialFit fit_polynomial(const Monomials& terms, const Eigen::MatrixXd& features, const Eigen::VectorXd& targets,
                             double ridge) {
  if (terms.size() == 0) return {targets.mean(), Eigen::VectorXd()};
  if (terms.size() < static_cast<std::size_t>(features.rows())) {
    return solve_by_terms(terms, features, targets, ridge);
  }
  return solve_by_rows(terms, features, targets, ridge);
}

Eigen::VectorXd answers_of(const PolynomialFit& fit, const Monomials& terms, const Eigen::MatrixXd& features) {
  const Eigen::VectorXd products = terms.values(features) * fit.coefficients;
  return products.array() + fit.base;
}

}  // namespace perfmodel
