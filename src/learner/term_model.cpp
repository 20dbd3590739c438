#include "learner/term_model.h"

#include <Eigen/Dense>
#include <utility>

namespace perfmodel {

TermModel::TermModel(Eigen::VectorXd targets) : targets_(std::move(targets)), residual_(targets_) {
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(targets_.size());
  basis_.push_back(ones.normalized());
  parts_.push_back(Eigen::VectorXd::Constant(1, ones.norm()));
  project_out(residual_);
}

Eigen::VectorXd TermModel::project_out(Eigen::VectorXd& vector) const {
  Eigen::VectorXd parts = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(basis_.size()));
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t k = 0; k < basis_.size(); ++k) {
      const double part = basis_[k].dot(vector);
      vector -= part * basis_[k];
      parts[static_cast<Eigen::Index>(k)] += part;
    }
  }
  return parts;
}

Eigen::VectorXd TermModel::remainder_of(const Eigen::VectorXd& column) const {
  Eigen::VectorXd remainder = column;
  project_out(remainder);
  return remainder;
}

void TermModel::update_remainder(Eigen::VectorXd& remainder) const {
  remainder -= basis_.back().dot(remainder) * basis_.back();
}

void TermModel::add(const Eigen::VectorXd& column) {
  Eigen::VectorXd remainder = column;
  Eigen::VectorXd parts = project_out(remainder);
  const double norm = remainder.norm();
  parts.conservativeResize(parts.size() + 1);
  parts[parts.size() - 1] = norm;
  columns_.push_back(column);
  parts_.push_back(std::move(parts));
  basis_.push_back(remainder / norm);
  residual_ -= basis_.back().dot(residual_) * basis_.back();
}

void TermModel::remove(std::size_t column_index) {
  const std::vector<Eigen::VectorXd> later(columns_.begin() + static_cast<std::ptrdiff_t>(column_index) + 1,
                                           columns_.end());
  columns_.resize(column_index);
  basis_.resize(column_index + 1);
  parts_.resize(column_index + 1);
  residual_ = targets_;
  project_out(residual_);
  for (const Eigen::VectorXd& column : later) add(column);
}

Eigen::MatrixXd TermModel::triangle() const {
  const auto size = static_cast<Eigen::Index>(parts_.size());
  Eigen::MatrixXd triangle = Eigen::MatrixXd::Zero(size, size);
  for (Eigen::Index k = 0; k < size; ++k) triangle.col(k).head(k + 1) = parts_[static_cast<std::size_t>(k)];
  return triangle;
}

Eigen::VectorXd TermModel::coefficients() const {
  Eigen::VectorXd target_parts(static_cast<Eigen::Index>(basis_.size()));
  for (std::size_t k = 0; k < basis_.size(); ++k) target_parts[static_cast<Eigen::Index>(k)] = basis_[k].dot(targets_);
  return triangle().triangularView<Eigen::Upper>().solve(target_parts);
}

/// A coefficient squared over its variance (in units of the error's): the diagonal of the inverse of X'X is made of the
/// squared rows of the triangle's inverse.
std::vector<double> TermModel::increases() const {
  const auto size = static_cast<Eigen::Index>(parts_.size());
  const Eigen::MatrixXd inverse =
      triangle().triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(size, size));
  const Eigen::VectorXd coefficient = coefficients();
  std::vector<double> increases;
  for (Eigen::Index k = 1; k < size; ++k) {
    increases.push_back(coefficient[k] * coefficient[k] / inverse.row(k).squaredNorm());
  }
  return increases;
}

}  // namespace perfmodel
