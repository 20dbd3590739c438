#include "learner/marginal_likelihood.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

constexpr double kLogTwoPi = 1.8378770664093454836;

Matrix matrix_of(MatrixView<const double> rows) {
  Matrix matrix(rows.rows(), rows.cols());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) matrix(static_cast<Index>(i), static_cast<Index>(j)) = rows(i, j);
  }
  return matrix;
}

Vector vector_of(Span<const double> values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
}

std::vector<double> values_of(const Vector& vector) {
  return {vector.data(), vector.data() + vector.size()};
}

std::vector<double> row_major_values(const Matrix& matrix) {
  std::vector<double> values(static_cast<std::size_t>(matrix.size()));
  Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values.data(), matrix.rows(),
                                                                                     matrix.cols()) = matrix;
  return values;
}

Eigen::LLT<Matrix> factorise(const Matrix& matrix) {
  Eigen::LLT<Matrix> factors(matrix);
  if (factors.info() != Eigen::Success) {
    throw Error(ErrorCode::kInternal, "the covariance of a Gaussian process is not positive definite");
  }
  return factors;
}

/// Twice the sum of the logarithms of a triangle's diagonal.
double log_determinant(const Eigen::LLT<Matrix>& factors) {
  return 2 * factors.matrixLLT().diagonal().array().log().sum();
}

/// Squared distances of all pairs of rows of `points`, at least 0.
Matrix squared_distances(const Matrix& points) {
  Matrix distances = -2 * points * points.transpose();
  const Vector norms = points.rowwise().squaredNorm();
  distances.colwise() += norms;
  distances.rowwise() += norms.transpose();
  return distances.cwiseMax(0);
}

/// Everything that follows from the parameters: P is the inverse of the covariance of the targets, the mean's included,
/// and by Woodbury's formula P = K^-1 - K^-1 H' A^-1 H K^-1 with A = B^-1 + H K^-1 H'.
struct Solution {
  Matrix points;             ///< rows / length scales
  Matrix covariance;         ///< without noise
  Matrix slope_factor;       ///< covariance's derivative by log l_j is this times (difference in j)^2
  Eigen::LLT<Matrix> k;      ///< of K, noise included
  Matrix basis;              ///< n x (d + 1), H'; or n x 0
  Eigen::LLT<Matrix> a;      ///< of A
  Vector mean_coefficients;  ///< of [1, x]
  Vector weights;            ///< P targets = K^-1 (targets - mean)
  double log_likelihood = 0;
};

Solution solve(GaussianProcess::Kernel kernel, MatrixView<const double> rows, Span<const double> targets,
               bool linear_mean, const ProcessParameters& parameters) {
  Solution s;
  const Matrix raw = matrix_of(rows);
  const Vector y = vector_of(targets);
  const Index n = raw.rows(), d = raw.cols();
  s.points = raw * vector_of(parameters.length_scales).cwiseInverse().asDiagonal();
  const Matrix squared = squared_distances(s.points);
  if (kernel == GaussianProcess::Kernel::kSquaredExponential) {
    s.covariance = parameters.signal_variance * (-0.5 * squared.array()).exp();
    s.slope_factor = s.covariance;
  } else {
    const Eigen::ArrayXXd scaled = (5 * squared.array()).sqrt();
    const Eigen::ArrayXXd decay = parameters.signal_variance * (-scaled).exp();
    s.covariance = (1 + scaled + scaled.square() / 3) * decay;
    s.slope_factor = 5.0 / 3 * (1 + scaled) * decay;
  }
  s.k = factorise(s.covariance + parameters.noise_variance * Matrix::Identity(n, n));
  s.basis = Matrix::Ones(n, linear_mean ? d + 1 : 0);
  const Index m = s.basis.cols();
  if (linear_mean) s.basis.rightCols(d) = raw;

  const Matrix solved_basis = linear_mean ? Matrix(s.k.solve(s.basis)) : s.basis;
  s.weights = s.k.solve(y);
  s.log_likelihood = -0.5 * (log_determinant(s.k) + static_cast<double>(n) * kLogTwoPi);
  s.mean_coefficients = Vector::Zero(m);
  if (linear_mean) {
    constexpr double kPrior = MarginalLikelihood::kMeanPriorVariance;
    s.a = factorise(Matrix::Identity(m, m) / kPrior + s.basis.transpose() * solved_basis);
    s.mean_coefficients = s.a.solve(s.basis.transpose() * s.weights);
    s.weights -= solved_basis * s.mean_coefficients;
    s.log_likelihood -= 0.5 * (log_determinant(s.a) + static_cast<double>(m) * std::log(kPrior));
  }
  s.log_likelihood -= 0.5 * y.dot(s.weights);
  return s;
}

Matrix inverse_covariance(const Solution& s) {
  Matrix inverse = s.k.solve(Matrix::Identity(s.points.rows(), s.points.rows()));
  if (s.basis.cols() > 0) {
    const Matrix solved_basis = inverse * s.basis;
    inverse -= solved_basis * s.a.solve(solved_basis.transpose());
  }
  return inverse;
}

}  // namespace

std::vector<double> ProcessParameters::to_logarithms() const {
  std::vector<double> logarithms;
  for (const double scale : length_scales) logarithms.push_back(std::log(scale));
  logarithms.push_back(std::log(signal_variance));
  logarithms.push_back(std::log(noise_variance));
  return logarithms;
}

ProcessParameters ProcessParameters::from_logarithms(const std::vector<double>& logarithms) {
  const std::size_t d = logarithms.size() - 2;
  ProcessParameters parameters;
  for (std::size_t j = 0; j < d; ++j) parameters.length_scales.push_back(std::exp(logarithms[j]));
  parameters.signal_variance = std::exp(logarithms[d]);
  parameters.noise_variance = std::exp(logarithms[d + 1]);
  return parameters;
}

double MarginalLikelihood::value(const ProcessParameters& parameters, std::vector<double>& gradient) const {
  const Solution s = solve(kernel_, rows_, targets_, linear_mean_, parameters);
  // The derivative by a parameter of K is half the sum of all elements of (weights weights' - P) o dK.
  const Matrix inner = s.weights * s.weights.transpose() - inverse_covariance(s);
  const Matrix by_distance = inner.cwiseProduct(s.slope_factor);
  const Vector row_sums = by_distance.rowwise().sum();
  const Index d = s.points.cols();
  gradient.resize(static_cast<std::size_t>(d) + 2);
  for (Index j = 0; j < d; ++j) {
    // sum_ik b_ik (x_i - x_k)^2 = 2 sum_i x_i^2 sum_k b_ik - 2 x' b x
    const Vector x = s.points.col(j);
    gradient[static_cast<std::size_t>(j)] = x.cwiseAbs2().dot(row_sums) - x.dot(by_distance * x);
  }
  gradient[static_cast<std::size_t>(d)] = 0.5 * inner.cwiseProduct(s.covariance).sum();
  gradient[static_cast<std::size_t>(d) + 1] = 0.5 * parameters.noise_variance * inner.trace();
  return s.log_likelihood;
}

GaussianProcess MarginalLikelihood::condition(const ProcessParameters& parameters) const {
  const Solution s = solve(kernel_, rows_, targets_, linear_mean_, parameters);
  GaussianProcess process;
  process.kernel = kernel_;
  for (const double scale : parameters.length_scales) process.inverse_length_scales.push_back(1 / scale);
  process.signal_variance = parameters.signal_variance;
  process.noise_variance = parameters.noise_variance;
  process.points = row_major_values(matrix_of(rows_));
  process.weights = values_of(s.weights);
  process.cholesky = row_major_values(s.k.matrixL());
  if (linear_mean_) {
    process.base = s.mean_coefficients[0];
    process.slopes = values_of(s.mean_coefficients.tail(s.mean_coefficients.size() - 1));
    process.mean_cholesky = row_major_values(s.a.matrixL());
  }
  return process;
}

LeftOut MarginalLikelihood::leave_one_out(const ProcessParameters& parameters) const {
  const Solution s = solve(kernel_, rows_, targets_, linear_mean_, parameters);
  const Vector variances = inverse_covariance(s).diagonal().cwiseInverse();
  return {values_of(vector_of(targets_) - s.weights.cwiseProduct(variances)), values_of(variances.cwiseSqrt())};
}

}  // namespace perfmodel
