#include "perfmodel/data/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kLogLambda = 1e-9;  // nearer to zero, Box-Cox is the logarithm to double precision
constexpr double kMaxLambda = 5;
constexpr double kLambdaTolerance = 1e-8;  // the likelihood is flat to double precision within this width
constexpr double kMaxScore = 1e6;          // of a z-score, so that a value far off stays finite in float arithmetic

double variance(const std::vector<double>& values, double& mean) {
  double sum = 0;
  for (const double value : values) sum += value;
  mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size());
}

/// Minus the profile log-likelihood of `lambda`, times 2 / n and up to a constant: the log variance of the Box-Cox
/// transform of the values divided by their geometric mean (Box and Cox, 1964, equation 9).
///
/// @param centered_logs  log of the values, minus its mean. The largest power is factored out, so nothing overflows.
double negative_log_likelihood(const std::vector<double>& centered_logs, double lambda, std::vector<double>& scratch) {
  double mean = 0;
  if (std::abs(lambda) < kLogLambda) return std::log(variance(centered_logs, mean));
  const auto [smallest, largest] = std::minmax_element(centered_logs.begin(), centered_logs.end());
  const double top = lambda * (lambda > 0 ? *largest : *smallest);
  for (std::size_t i = 0; i < scratch.size(); ++i) scratch[i] = std::expm1(lambda * centered_logs[i] - top);
  return 2 * top + std::log(variance(scratch, mean)) - 2 * std::log(std::abs(lambda));
}

bool needs_positive(ColumnTransform::Shape shape) {
  return shape != ColumnTransform::Shape::kIdentity;
}

double shaped(const ColumnTransform& column, double x) noexcept {
  if (needs_positive(column.shape)) x = std::max(x, std::numeric_limits<double>::min());
  switch (column.shape) {
    case ColumnTransform::Shape::kIdentity:
      break;
    case ColumnTransform::Shape::kLog:
      return std::log(x);
    case ColumnTransform::Shape::kBoxCox:
      return box_cox(x, column.lambda);
  }
  return x;
}

/// Sets mean and deviation to those of the shaped values.  @return false when rounding has taken their differences.
bool fit_score(const std::vector<double>& values, ColumnTransform& column) {
  constexpr double kMinRelativeDeviation = 1e-9;
  std::vector<double> results(values.size());
  std::transform(values.begin(), values.end(), results.begin(), [&](double x) { return shaped(column, x); });
  column.deviation = std::sqrt(variance(results, column.mean));
  return std::isfinite(column.deviation) && column.deviation > kMinRelativeDeviation * std::abs(column.mean);
}

ColumnTransform unused_column() {
  ColumnTransform column;
  column.used = false;
  return column;
}

ColumnTransform fit_column(const std::vector<double>& values, ColumnTransform::Shape shape, std::size_t index) {
  ColumnTransform column;
  column.shape = shape;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("column {}, row {}: {} is not finite", index, i, values[i]));
    }
  }
  const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
  if (*smallest == *largest) return unused_column();
  if (needs_positive(shape) && *smallest <= 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("column {} holds {}, its transform needs values > 0", index, *smallest));
  }
  if (shape == ColumnTransform::Shape::kBoxCox) {
    column.lambda = fit_box_cox_lambda(values);
    if (fit_score(values, column)) return column;
    column.lambda = 0;
  }
  fit_score(values, column);
  return std::isfinite(column.deviation) && column.deviation > 0 ? column : unused_column();
}

template <typename T>
void apply_columns(const std::vector<ColumnTransform>& columns, Span<const double> row, Span<T> out) noexcept {
  std::size_t next = 0;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const ColumnTransform& column = columns[j];
    if (!column.used) continue;
    const double score = (shaped(column, row[j]) - column.mean) / column.deviation;
    out[next++] = static_cast<T>(std::clamp(score, -kMaxScore, kMaxScore));
  }
}

}  // namespace

double box_cox(double x, double lambda) noexcept {
  const double log_x = std::log(x);
  return std::abs(lambda) < kLogLambda ? log_x : std::expm1(lambda * log_x) / lambda;
}

double fit_box_cox_lambda(Span<const double> values) {
  std::vector<double> logs;
  logs.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] > 0) || !std::isfinite(values[i])) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("value {} is {}, Box-Cox needs finite values > 0", i, values[i]));
    }
    logs.push_back(std::log(values[i]));
  }
  if (std::all_of(values.begin(), values.end(), [&](double x) { return x == values[0]; })) {
    throw Error(ErrorCode::kInvalidArgument, "Box-Cox needs at least two different values to fit lambda");
  }
  double mean = 0;
  variance(logs, mean);
  for (double& value : logs) value -= mean;

  // The likelihood has one maximum (Kouider and Chen, 1995), so golden-section search finds it.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  std::vector<double> scratch(logs.size());
  double low = -kMaxLambda, high = kMaxLambda;
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double at_left = negative_log_likelihood(logs, left, scratch),
         at_right = negative_log_likelihood(logs, right, scratch);
  while (high - low > kLambdaTolerance) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = negative_log_likelihood(logs, left, scratch);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = negative_log_likelihood(logs, right, scratch);
    }
  }
  return (low + high) / 2;
}

FeatureTransform::FeatureTransform(std::vector<ColumnTransform> columns) : columns_(std::move(columns)) {
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const ColumnTransform& column = columns_[j];
    if (!std::isfinite(column.lambda) || !std::isfinite(column.mean) || !std::isfinite(column.deviation) ||
        column.deviation <= 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("column {}: lambda {}, mean {}, deviation {} are not finite with a deviation > 0", j,
                              column.lambda, column.mean, column.deviation));
    }
    num_outputs_ += column.used ? 1 : 0;
  }
}

FeatureTransform FeatureTransform::fit(MatrixView<const double> rows, Span<const ColumnTransform::Shape> shapes) {
  if (rows.rows() == 0) throw Error(ErrorCode::kInvalidArgument, "no rows to fit a transform on");
  if (shapes.size() != rows.cols()) {
    throw Error(ErrorCode::kMismatch, fmt::format("{} shapes for {} columns", shapes.size(), rows.cols()));
  }
  std::vector<ColumnTransform> columns;
  std::vector<double> values(rows.rows());
  for (std::size_t j = 0; j < rows.cols(); ++j) {
    for (std::size_t i = 0; i < rows.rows(); ++i) values[i] = rows(i, j);
    columns.push_back(fit_column(values, shapes[j], j));
  }
  return FeatureTransform(std::move(columns));
}

void FeatureTransform::apply(Span<const double> row, Span<float> out) const noexcept {
  apply_columns(columns_, row, out);
}

void FeatureTransform::apply(Span<const double> row, Span<double> out) const noexcept {
  apply_columns(columns_, row, out);
}

}  // namespace perfmodel
