#include "transfer/residual_process.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "learner/bounded_minimum.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kInterceptDeviation = 3;
constexpr double kLeastSpread = 0.05;
constexpr int kMaxIterations = 50;
constexpr Index kMaxLikelihoodRows = 500;  // each step takes their cube
constexpr double kFurthest = 3;            // parameters stay within exp(+-this) of their medians

MatrixXd matern52(const MatrixXd& squared) {
  const Eigen::ArrayXXd scaled = (5 * squared.array()).sqrt();
  return (1 + scaled + scaled.square() / 3) * (-scaled).exp();
}

/// The derivative of matern52() by the logarithm of a common length scale.
MatrixXd matern52_by_stretch(const MatrixXd& squared) {
  const Eigen::ArrayXXd scaled = (5 * squared.array()).sqrt();
  return 5.0 / 3 * squared.array() * (1 + scaled) * (-scaled).exp();
}

Eigen::LLT<MatrixXd> factorise(const MatrixXd& matrix) {
  Eigen::LLT<MatrixXd> factors(matrix);
  if (factors.info() != Eigen::Success) {
    throw Error(ErrorCode::kInternal, "the covariance of a residual process is not positive definite");
  }
  return factors;
}

std::vector<double> row_major(const MatrixXd& matrix) {
  std::vector<double> values(static_cast<std::size_t>(matrix.size()));
  Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values.data(), matrix.rows(),
                                                                                     matrix.cols()) = matrix;
  return values;
}

std::vector<double> values_of(const VectorXd& vector) {
  return {vector.data(), vector.data() + vector.size()};
}

double square(double x) {
  return x * x;
}

}  // namespace

std::vector<double> ResidualParameters::to_logarithms() const {
  std::vector<double> logarithms;
  for (const double deviation : slope_deviations) logarithms.push_back(std::log(deviation));
  for (const double value : {signal_deviation, noise_deviation, stretch}) logarithms.push_back(std::log(value));
  return logarithms;
}

ResidualParameters ResidualParameters::from_logarithms(const std::vector<double>& logarithms) {
  const std::size_t d = logarithms.size() - 3;
  ResidualParameters parameters;
  parameters.slope_deviations =
      Eigen::Map<const VectorXd>(logarithms.data(), static_cast<Index>(d)).array().exp().matrix();
  parameters.signal_deviation = std::exp(logarithms[d]);
  parameters.noise_deviation = std::exp(logarithms[d + 1]);
  parameters.stretch = std::exp(logarithms[d + 2]);
  return parameters;
}

ResidualProcess::ResidualProcess(const std::vector<double>& length_scales, Index num_effects, double spread)
    : inverse_length_scales_(
          Eigen::Map<const VectorXd>(length_scales.data(), static_cast<Index>(length_scales.size())).cwiseInverse()),
      num_effects_(num_effects),
      spread_(std::max(spread, kLeastSpread)) {}

ResidualProcess ResidualProcess::with_priors(const ResidualPriors& priors) const {
  ResidualProcess other = *this;
  other.priors_ = priors;
  return other;
}

ResidualParameters ResidualProcess::expected() const {
  return {VectorXd::Constant(num_options(), priors_.slope_deviation.median * spread_),
          priors_.signal_deviation.median * spread_, priors_.noise_deviation.median, priors_.stretch.median};
}

VectorXd ResidualProcess::slope_variances(const ResidualParameters& parameters) const {
  VectorXd variances(num_columns());
  variances << parameters.slope_deviations.cwiseAbs2(),
      VectorXd::Constant(num_effects_, square(priors_.effect_deviation)), square(priors_.source_slope_deviation);
  return variances;
}

MatrixXd ResidualProcess::squared_distances(const MatrixXd& a, const MatrixXd& b, double stretch) const {
  const VectorXd scales = inverse_length_scales_ / stretch;
  const MatrixXd x = a.leftCols(num_options()) * scales.asDiagonal();
  const MatrixXd y = b.leftCols(num_options()) * scales.asDiagonal();
  MatrixXd squared = -2 * x * y.transpose();
  squared.colwise() += x.rowwise().squaredNorm();
  squared.rowwise() += y.rowwise().squaredNorm().transpose();
  return squared.cwiseMax(0);
}

MatrixXd ResidualProcess::covariance(const MatrixXd& a, const MatrixXd& b, const ResidualParameters& parameters) const {
  MatrixXd sum = a * slope_variances(parameters).asDiagonal() * b.transpose();
  sum += square(parameters.signal_deviation) * matern52(squared_distances(a, b, parameters.stretch));
  return (sum.array() + square(kInterceptDeviation)).matrix();
}

VectorXd ResidualProcess::surprises(const MatrixXd& features, const VectorXd& log_targets, double& shift) const {
  VectorXd rest = log_targets - features.rightCols(1);
  shift = median(values_of(rest));
  rest.array() -= shift;
  return rest;
}

double ResidualProcess::minus_log_posterior(const MatrixXd& features, const VectorXd& log_targets,
                                            const std::vector<double>& logarithms,
                                            std::vector<double>& gradient) const {
  const ResidualParameters parameters = ResidualParameters::from_logarithms(logarithms);
  const Index n = features.rows(), d = num_options();
  double shift = 0;
  const VectorXd targets = surprises(features, log_targets, shift);
  const double noise_variance = square(parameters.noise_deviation);
  const auto factors =
      factorise(covariance(features, features, parameters) + noise_variance * MatrixXd::Identity(n, n));
  const VectorXd weights = factors.solve(targets);

  // The derivative by a parameter of K is half the sum of all elements of (K^-1 - weights weights') o dK.
  const MatrixXd inner = factors.solve(MatrixXd::Identity(n, n)) - weights * weights.transpose();
  const MatrixXd squared = squared_distances(features, features, parameters.stretch);
  const double signal_variance = square(parameters.signal_deviation);
  gradient.resize(logarithms.size());
  for (Index j = 0; j < d; ++j) {
    const VectorXd x = features.col(j);
    gradient[static_cast<std::size_t>(j)] = square(parameters.slope_deviations[j]) * x.dot(inner * x);
  }
  double* const rest = gradient.data() + d;
  rest[0] = signal_variance * inner.cwiseProduct(matern52(squared)).sum();
  rest[1] = noise_variance * inner.trace();
  rest[2] = 0.5 * signal_variance * inner.cwiseProduct(matern52_by_stretch(squared)).sum();

  double value = 0.5 * targets.dot(weights) + factors.matrixLLT().diagonal().array().log().sum();
  const std::vector<double> medians = expected().to_logarithms();
  std::vector<double> deviations(static_cast<std::size_t>(d), priors_.slope_deviation.deviation);
  for (const LogNormal& prior : {priors_.signal_deviation, priors_.noise_deviation, priors_.stretch}) {
    deviations.push_back(prior.deviation);
  }
  for (std::size_t k = 0; k < logarithms.size(); ++k) {
    const double z = (logarithms[k] - medians[k]) / deviations[k];
    value += 0.5 * z * z;
    gradient[k] += z / deviations[k];
  }
  return value;
}

ResidualParameters ResidualProcess::fit(const MatrixXd& features, const VectorXd& log_targets,
                                        const Callbacks& callbacks) const {
  const Index n = std::min(features.rows(), kMaxLikelihoodRows);
  const MatrixXd some_features = features.topRows(n);
  const VectorXd some_targets = log_targets.head(n);
  const SmoothFunction function = [&](const std::vector<double>& logarithms, std::vector<double>& gradient) {
    if (callbacks.cancelled && callbacks.cancelled()) throw Error(ErrorCode::kCancelled, "the transfer was cancelled");
    return minus_log_posterior(some_features, some_targets, logarithms, gradient);
  };
  const std::vector<double> usual = expected().to_logarithms();
  std::vector<double> lower = usual, upper = usual;
  for (double& bound : lower) bound -= kFurthest;
  for (double& bound : upper) bound += kFurthest;
  return ResidualParameters::from_logarithms(
      minimise_within_bounds(function, usual, lower, upper, kMaxIterations).point);
}

GaussianProcess ResidualProcess::condition(const MatrixXd& features, const VectorXd& log_targets,
                                           const ResidualParameters& parameters) const {
  const Index n = features.rows(), columns = num_columns();
  double shift = 0;
  const VectorXd targets = surprises(features, log_targets, shift);

  GaussianProcess process;
  process.signal_variance = square(parameters.signal_deviation);
  process.noise_variance = square(parameters.noise_deviation);
  VectorXd scales = VectorXd::Zero(columns);
  scales.head(num_options()) = inverse_length_scales_ / parameters.stretch;
  process.inverse_length_scales = values_of(scales);
  process.points = row_major(features);

  const MatrixXd kernel =
      process.signal_variance * matern52(squared_distances(features, features, parameters.stretch)) +
      process.noise_variance * MatrixXd::Identity(n, n);
  const auto factors = factorise(kernel);
  MatrixXd basis = MatrixXd::Ones(n, columns + 1);
  basis.rightCols(columns) = features;
  VectorXd precisions(columns + 1);
  precisions << 1 / square(kInterceptDeviation), slope_variances(parameters).cwiseInverse();
  const MatrixXd solved_basis = factors.solve(basis);
  const auto mean_factors = factorise(MatrixXd(precisions.asDiagonal()) + basis.transpose() * solved_basis);
  const VectorXd coefficients = mean_factors.solve(solved_basis.transpose() * targets);

  process.weights = values_of(factors.solve(targets - basis * coefficients));
  process.base = shift + coefficients[0];
  process.slopes = values_of(coefficients.tail(columns));
  process.slopes.back() += 1;
  process.cholesky = row_major(factors.matrixL());
  process.mean_cholesky = row_major(mean_factors.matrixL());
  return process;
}

}  // namespace perfmodel
