#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// Box-Cox transform of a positive value: (x^lambda - 1) / lambda, or log x when |lambda| < 1e-9.
/// (ResPerfNet's equation 10 as printed is not Box-Cox; this is.)
PERFMODEL_EXPORT double box_cox(double x, double lambda) noexcept;

/// The lambda in [-5, 5] of greatest likelihood under normality of the transformed values (Box and Cox, 1964, section
/// 3), by golden-section search on the profile log-likelihood.
/// @throws Error kInvalidArgument: a value <= 0 or not finite, or fewer than two distinct values.
PERFMODEL_EXPORT double fit_box_cox_lambda(Span<const double> values);

/// What is done to one feature before a model sees it.
struct ColumnTransform {
  enum class Shape { kIdentity, kLog, kBoxCox };
  Shape shape = Shape::kIdentity;  ///< kLog and kBoxCox need values > 0
  double lambda = 1;               ///< of kBoxCox
  double mean = 0;                 ///< z-score: (shape(x) - mean) / deviation
  double deviation = 1;
  bool used = true;  ///< false: constant in training, left out
};

/// Shapes and z-scores for all columns of a table, fitted on training rows and applied alike ever after.
class PERFMODEL_EXPORT FeatureTransform {
 public:
  FeatureTransform() = default;
  /// @throws Error kInvalidArgument: a lambda, mean or deviation that is not finite, or a deviation <= 0.
  explicit FeatureTransform(std::vector<ColumnTransform> columns);

  /// Fits lambdas, means and deviations on n x d training rows. `shapes`: what each of the d columns gets. A column of
  /// one value only is marked unused. Where Box-Cox with the best lambda would lose the values to rounding, it takes 0
  /// as lambda.
  /// @throws Error kInvalidArgument: no rows, a value that is not finite or <= 0 where the shape needs a positive one
  ///         (names the column index); kMismatch: not one shape per column.
  static FeatureTransform fit(MatrixView<const double> rows, Span<const ColumnTransform::Shape> shapes);

  std::size_t num_inputs() const noexcept { return columns_.size(); }
  std::size_t num_outputs() const noexcept { return num_outputs_; }  ///< the used columns
  const std::vector<ColumnTransform>& columns() const noexcept { return columns_; }

  /// Transforms one row of num_inputs() values into num_outputs() values. A value <= 0 under a log or Box-Cox is taken
  /// as the smallest positive normal double, a result beyond +-1e6 as +-1e6. Does not allocate or throw.
  void apply(Span<const double> row, Span<float> out) const noexcept;
  void apply(Span<const double> row, Span<double> out) const noexcept;

 private:
  std::vector<ColumnTransform> columns_;
  std::size_t num_outputs_ = 0;
};

}  // namespace perfmodel
