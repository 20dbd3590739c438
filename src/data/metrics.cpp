#include "perfmodel/data/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

void require_same_size(Span<const double> a, Span<const double> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::kMismatch, fmt::format("{} values cannot be compared with {}", a.size(), b.size()));
  }
  if (a.empty()) throw Error(ErrorCode::kInvalidArgument, "there are no values to compare");
}

void require_finite(Span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("value {} is {}, not finite", i, values[i]));
    }
  }
}

std::vector<double> absolute_percentage_errors(Span<const double> measured, Span<const double> predicted) {
  require_same_size(measured, predicted);
  std::vector<double> errors(measured.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!(measured[i] > 0) || !std::isfinite(measured[i])) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("measured value {} is {}, not positive and finite", i, measured[i]));
    }
    if (!std::isfinite(predicted[i])) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("predicted value {} is {}, not finite", i, predicted[i]));
    }
    errors[i] = 100 * std::abs(predicted[i] - measured[i]) / measured[i];
  }
  return errors;
}

double mean(Span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranks(Span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) result[order[i]] = static_cast<double>(begin + 1 + end) / 2;
  }
  return result;
}

/// Pearson's correlation; NaN when either side does not vary.
double correlation(Span<const double> a, Span<const double> b) {
  const double mean_a = mean(a), mean_b = mean(b);
  double square_a = 0, square_b = 0, product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a[i] - mean_a, y = b[i] - mean_b;
    square_a += x * x;
    square_b += y * y;
    product += x * y;
  }
  if (square_a == 0 || square_b == 0) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(product / std::sqrt(square_a * square_b), -1.0, 1.0);
}

}  // namespace

ErrorReport compare(Span<const double> measured, Span<const double> predicted) {
  const std::vector<double> errors = absolute_percentage_errors(measured, predicted);
  const auto rows = static_cast<double>(errors.size());
  const double mean_measured = mean(measured);
  double absolute = 0, residual = 0, total = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double error = predicted[i] - measured[i], deviation = measured[i] - mean_measured;
    absolute += std::abs(error);
    residual += error * error;
    total += deviation * deviation;
  }
  constexpr double kWithinPct = 10;
  constexpr double kHighQuantile = 0.95;
  const auto num_within = std::count_if(errors.begin(), errors.end(), [](double error) { return error <= kWithinPct; });

  ErrorReport report;
  report.rows = errors.size();
  report.mape_pct = mean(errors);
  report.rmse = std::sqrt(residual / rows);
  report.mae = absolute / rows;
  report.r2 = total > 0 ? 1 - residual / total : std::numeric_limits<double>::quiet_NaN();
  report.within_10_pct = 100 * static_cast<double>(num_within) / rows;
  report.p95_ape_pct = quantile(errors, kHighQuantile);
  report.spearman = spearman(measured, predicted);
  return report;
}

double mape_pct(Span<const double> measured, Span<const double> predicted) {
  return mean(absolute_percentage_errors(measured, predicted));
}

double spearman(Span<const double> a, Span<const double> b) {
  require_same_size(a, b);
  require_finite(a);
  require_finite(b);
  return correlation(ranks(a), ranks(b));
}

double quantile(Span<const double> values, double q) {
  if (values.empty()) throw Error(ErrorCode::kInvalidArgument, "no values have no quantile");
  if (!(q >= 0 && q <= 1)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("there is no {}-quantile (allowed: 0 to 1)", q));
  }
  require_finite(values);
  std::vector<double> sorted(values.begin(), values.end());
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto split = sorted.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(sorted.begin(), split, sorted.end());
  if (below + 1 == sorted.size()) return *split;
  const double next = *std::min_element(split + 1, sorted.end());
  return *split + (position - static_cast<double>(below)) * (next - *split);
}

double median(Span<const double> values) {
  return quantile(values, 0.5);
}

double robust_spread(Span<const double> values) {
  constexpr double kNormalConsistency = 1.4826;  // 1 / the 0.75-quantile of the standard normal distribution
  const double center = median(values);
  std::vector<double> deviations(values.size());
  std::transform(values.begin(), values.end(), deviations.begin(), [&](double x) { return std::abs(x - center); });
  return kNormalConsistency * median(deviations);
}

}  // namespace perfmodel
