#include "learner/additive_trend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace perfmodel {
namespace {

constexpr int kReweightings = 10;
constexpr int kSweeps = 400;
constexpr double kConvergedStep = 1e-10;
constexpr double kSmallestResidual = 0.03;  // relative; below it rows count alike, as measurements are no better

// Minimises x'Gx/2 - b'x over x >= 0, one coordinate at a time, going on from `x`.
void solve_non_negative(const std::vector<double>& gram, const std::vector<double>& right, std::vector<double>& x) {
  const std::size_t d = x.size();
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double largest_step = 0;
    for (std::size_t j = 0; j < d; ++j) {
      const double curvature = gram[j * d + j];
      if (curvature <= 0) continue;
      double gradient = -right[j];
      for (std::size_t k = 0; k < d; ++k) gradient += gram[j * d + k] * x[k];
      const double next = std::max(0.0, x[j] - gradient / curvature);
      largest_step = std::max(largest_step, std::abs(next - x[j]));
      x[j] = next;
    }
    if (largest_step < kConvergedStep) return;
  }
}

}  // namespace

std::vector<double> fit_additive_trend(MatrixView<const double> terms, Span<const double> targets) {
  const std::size_t n = terms.rows(), d = terms.cols();
  // Terms relative to the target, each scaled to a maximum of 1, so that coordinates are comparable.
  std::vector<double> relative(n * d), scale(d, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      relative[i * d + j] = terms(i, j) / targets[i];
      scale[j] = std::max(scale[j], relative[i * d + j]);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) relative[i * d + j] = scale[j] > 0 ? relative[i * d + j] / scale[j] : 0.0;
  }

  std::vector<double> x(d, 0.0), row_weight(n, 1.0), gram(d * d), right(d);
  for (int round = 0; round < kReweightings; ++round) {
    std::fill(gram.begin(), gram.end(), 0.0);
    std::fill(right.begin(), right.end(), 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double* row = relative.data() + i * d;
      for (std::size_t j = 0; j < d; ++j) {
        if (row[j] == 0) continue;
        right[j] += row_weight[i] * row[j];
        for (std::size_t k = 0; k < d; ++k) gram[j * d + k] += row_weight[i] * row[j] * row[k];
      }
    }
    solve_non_negative(gram, right, x);
    for (std::size_t i = 0; i < n; ++i) {
      double fitted = 0;
      for (std::size_t j = 0; j < d; ++j) fitted += relative[i * d + j] * x[j];
      row_weight[i] = 1.0 / std::max(std::abs(fitted - 1.0), kSmallestResidual);
    }
  }
  for (std::size_t j = 0; j < d; ++j) x[j] = scale[j] > 0 ? x[j] / scale[j] : 0.0;
  return x;
}

}  // namespace perfmodel
