#include <algorithm>
#include <cmath>
#include <vector>

#include "random_models.h"

namespace perfmodel {
namespace {

/// L^-1 b, of L the lower triangle of an n x n matrix.
std::vector<double> solved(const std::vector<double>& l, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) b[i] -= l[i * n + j] * b[j];
    b[i] /= l[i * n + i];
  }
  return b;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double covariance(const GaussianProcess& process, Span<const double> row, std::size_t point) {
  const std::size_t d = row.size();
  double squared = 0;
  for (std::size_t j = 0; j < d; ++j) {
    const double distance = (row[j] - process.points[point * d + j]) * process.inverse_length_scales[j];
    squared += distance * distance;
  }
  if (process.kernel == GaussianProcess::Kernel::kSquaredExponential) {
    return process.signal_variance * std::exp(-squared / 2);
  }
  const double scaled = std::sqrt(5 * squared);
  return process.signal_variance * (1 + scaled + 5 * squared / 3) * std::exp(-scaled);
}

/// Column j of the basis at the points: of ones, or of an input.
std::vector<double> basis(const GaussianProcess& process, std::size_t j, std::size_t d) {
  std::vector<double> column;
  for (std::size_t i = 0; i < process.weights.size(); ++i) {
    column.push_back(j == 0 ? 1 : process.points[i * d + j - 1]);
  }
  return column;
}

}  // namespace

ReferenceAnswer reference_answer(const GaussianProcess& process, Span<const double> row) {
  const std::size_t d = row.size();
  std::vector<double> covariances;
  for (std::size_t i = 0; i < process.weights.size(); ++i) covariances.push_back(covariance(process, row, i));
  double mean = process.base + product(process.weights, covariances);
  for (std::size_t j = 0; j < process.slopes.size(); ++j) mean += process.slopes[j] * row[j];
  if (process.cholesky.empty()) return {mean, 0};

  const std::vector<double> v = solved(process.cholesky, covariances);
  double variance = std::max(process.signal_variance + process.noise_variance - product(v, v), process.noise_variance);
  if (!process.mean_cholesky.empty()) {
    std::vector<double> rest;
    for (std::size_t j = 0; j <= d; ++j) {
      const double at_row = j == 0 ? 1 : row[j - 1];
      rest.push_back(at_row - product(solved(process.cholesky, basis(process, j, d)), v));
    }
    const std::vector<double> w = solved(process.mean_cholesky, rest);
    variance += product(w, w);
  }
  return {mean, std::sqrt(variance)};
}

}  // namespace perfmodel
