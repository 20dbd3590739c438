#include "train_torch/training_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"
#include "train_torch/log_trend.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMinRows = 10;

void check_rows(const Dataset& data) {
  if (data.num_rows() < kMinRows) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the data set has {} rows, resperfnet needs at least {}", data.num_rows(), kMinRows));
  }
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    if (data.targets()[i] > 0) continue;
    throw Error(ErrorCode::kInvalidArgument, fmt::format("row {}: {} is {}, resperfnet needs targets > 0", i,
                                                         data.target_name(), data.targets()[i]));
  }
}

std::vector<std::size_t> without_outliers(const Dataset& data, const std::vector<std::size_t>& rows,
                                          double deviations) {
  if (deviations == 0) return rows;
  std::vector<double> logs;
  for (const std::size_t row : rows) logs.push_back(std::log(data.targets()[row]));
  const double middle = median(logs), reach = deviations * robust_spread(logs);
  if (reach == 0) return rows;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::abs(logs[i] - middle) <= reach) kept.push_back(rows[i]);
  }
  return kept;
}

std::vector<ColumnTransform::Shape> choose_shapes(const Dataset& training, const ResPerfNetOptions& options) {
  using Shape = ColumnTransform::Shape;
  const MatrixView<const double> rows = training.features();
  std::vector<Shape> shapes;
  for (std::size_t j = 0; j < training.num_features(); ++j) {
    double least = rows(0, j), greatest = rows(0, j);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      least = std::min(least, rows(i, j));
      greatest = std::max(greatest, rows(i, j));
    }
    const auto& named = options.box_cox_features;
    const bool is_named = std::find(named.begin(), named.end(), training.feature_names()[j]) != named.end();
    const bool spans_decades = options.log_ratio_above > 0 && greatest > options.log_ratio_above * least;
    shapes.push_back(least <= 0 ? Shape::kIdentity
                     : is_named ? Shape::kBoxCox
                                : (spans_decades ? Shape::kLog : Shape::kIdentity));
  }
  return shapes;
}

std::vector<float> transform_rows(const FeatureTransform& transform, const Dataset& data) {
  const std::size_t width = transform.num_outputs();
  std::vector<float> out(data.num_rows() * width);
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    transform.apply(data.features().row(i), Span<float>(out).subspan(i * width, width));
  }
  return out;
}

/// Fits the trend of log target and the scale of what it leaves.
TargetTransform fit_log_target(MatrixView<const float> rows, Span<const double> targets, double ridge) {
  std::vector<double> logs(targets.begin(), targets.end());
  for (double& value : logs) value = std::log(value);
  LinearTrend trend = fit_linear_trend(rows, logs, ridge);
  double squares = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    double residual = logs[i] - trend.bias;
    for (std::size_t j = 0; j < rows.cols(); ++j) residual -= trend.slopes[j] * static_cast<double>(rows(i, j));
    squares += residual * residual;
  }
  TargetTransform transform;
  transform.kind = TargetTransform::Kind::kLog;
  transform.trend_bias = trend.bias;
  transform.trend = std::move(trend.slopes);
  const double deviation = std::sqrt(squares / static_cast<double>(logs.size()));
  constexpr double kExactTrend = 1e-6;  // relative residual; nothing is left to learn below float32's rounding
  transform.deviation = std::max(deviation, kExactTrend);
  return transform;
}

std::vector<float> network_targets(const TargetTransform& transform, const std::vector<float>& features,
                                   Span<const double> targets) {
  const std::size_t width = targets.empty() ? 0 : features.size() / targets.size();
  std::vector<float> out;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    double value = targets[i] * transform.scale;
    if (transform.kind == TargetTransform::Kind::kLog) {
      value = std::log(targets[i]) - transform.mean - transform.trend_bias;
      for (std::size_t j = 0; j < transform.trend.size(); ++j) {
        value -= transform.trend[j] * static_cast<double>(features[i * width + j]);
      }
      value /= transform.deviation;
    }
    out.push_back(static_cast<float>(value));
  }
  return out;
}

}  // namespace

TrainingData prepare_training_data(const Dataset& data, const ResPerfNetOptions& options, double validation_fraction,
                                   std::uint64_t seed) {
  check_rows(data);
  TrainingData out;
  Split split = random_split(data.num_rows(), validation_fraction, seed);
  if (split.first.empty()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("validation_fraction {} leaves none of {} rows to train on",
                                                         validation_fraction, data.num_rows()));
  }
  out.training_rows = without_outliers(data, split.first, options.outlier_deviations);
  out.validation_rows = std::move(split.second);
  const Dataset training = data.subset(out.training_rows), validation = data.subset(out.validation_rows);

  out.features = FeatureTransform::fit(training.features(), choose_shapes(training, options));
  const std::size_t width = out.features.num_outputs();
  if (width == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("none of the {} features varies over the {} training rows, resperfnet needs one that does",
                            data.num_features(), training.num_rows()));
  }
  out.training.features = transform_rows(out.features, training);
  out.validation.features = transform_rows(out.features, validation);
  if (options.loss == ResPerfNetOptions::Loss::kLogL1) {
    out.target = fit_log_target({out.training.features.data(), training.num_rows(), width}, training.targets(),
                                options.trend_ridge);
  } else {
    out.target.scale = options.target_scale;
  }
  out.training.targets = network_targets(out.target, out.training.features, training.targets());
  out.validation.targets = network_targets(out.target, out.validation.features, validation.targets());
  return out;
}

}  // namespace perfmodel
