#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace perfmodel {

/// Least squares with an intercept, whose columns come and go one at a time: an orthonormal basis of the columns
/// (Gram-Schmidt, each projection done twice) and the triangle of the columns in it.
class TermModel {
 public:
  explicit TermModel(Eigen::VectorXd targets);

  std::size_t num_columns() const noexcept { return columns_.size(); }
  const Eigen::VectorXd& residual() const noexcept { return residual_; }
  double residual_sum_of_squares() const noexcept { return residual_.squaredNorm(); }

  /// What of `column` is no combination of the intercept and the model's columns.
  Eigen::VectorXd remainder_of(const Eigen::VectorXd& column) const;
  /// The same from what it was before the last column was added.
  void update_remainder(Eigen::VectorXd& remainder) const;

  /// REQUIRES: `column` is no combination of the others.
  void add(const Eigen::VectorXd& column);
  void remove(std::size_t column_index);

  /// The intercept, then one coefficient per column.
  Eigen::VectorXd coefficients() const;
  /// By how much the residual sum of squares grows without each column.
  std::vector<double> increases() const;

 private:
  /// Takes out of `vector` its parts along the basis, and returns them.
  Eigen::VectorXd project_out(Eigen::VectorXd& vector) const;
  Eigen::MatrixXd triangle() const;

  Eigen::VectorXd targets_, residual_;
  std::vector<Eigen::VectorXd> columns_;
  std::vector<Eigen::VectorXd> basis_;  ///< of the intercept, then of the columns
  std::vector<Eigen::VectorXd> parts_;  ///< of the intercept and each column, along the basis up to its own
};

}  // namespace perfmodel
