#include "learner/blend_weights.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace perfmodel {
namespace {

constexpr int kMaxSweeps = 1000;
constexpr double kLeastMove = 1e-9;

}  // namespace

std::vector<double> blend_weights(const std::vector<std::vector<double>>& errors) {
  const std::size_t n = errors.size();
  std::vector<std::vector<double>> products(n, std::vector<double>(n));
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      products[a][b] = std::inner_product(errors[a].begin(), errors[a].end(), errors[b].begin(), 0.0);
    }
  }
  std::vector<double> weights(n, 1.0 / static_cast<double>(n));
  const auto slope = [&](std::size_t a) {
    return std::inner_product(weights.begin(), weights.end(), products[a].begin(), 0.0);
  };
  double largest_move = 1;
  for (int sweep = 0; sweep < kMaxSweeps && largest_move > kLeastMove; ++sweep) {
    largest_move = 0;
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = a + 1; b < n; ++b) {
        const double curvature = products[a][a] + products[b][b] - 2 * products[a][b];
        if (!(curvature > 0)) continue;  // both err alike
        const double move = std::clamp((slope(b) - slope(a)) / curvature, -weights[a], weights[b]);
        weights[a] += move;
        weights[b] -= move;
        largest_move = std::max(largest_move, std::abs(move));
      }
    }
  }
  return weights;
}

}  // namespace perfmodel
