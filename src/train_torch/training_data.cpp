#include "train_torch/training_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learner/cost_trend.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"
#include "train_torch/log_trend.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMinRows = 10;

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

/// log target beyond costs, trend and mean: what is left to the network.
double log_residual(const TargetTransform& transform, double target, Span<const double> row,
                    Span<const float> features) {
  double value = std::log(target / cost_of_row(transform.costs, row)) - transform.mean - transform.trend_bias;
  for (std::size_t j = 0; j < transform.trend.size(); ++j) {
    value -= transform.trend[j] * static_cast<double>(features[j]);
  }
  return value;
}

/// Fits the trend of what `costs` leave of log target, and the scale of what it leaves.
TargetTransform fit_log_target(const Dataset& data, MatrixView<const float> features, std::vector<double> costs,
                               double ridge) {
  TargetTransform transform;
  transform.kind = TargetTransform::Kind::kLog;
  transform.costs = std::move(costs);
  std::vector<double> residuals;
  const auto update_residuals = [&] {
    residuals.clear();
    for (std::size_t i = 0; i < data.num_rows(); ++i) {
      residuals.push_back(log_residual(transform, data.targets()[i], data.features().row(i), features.row(i)));
    }
  };
  update_residuals();
  LinearTrend trend = fit_linear_trend(features, residuals, ridge);
  transform.trend_bias = trend.bias;
  transform.trend = std::move(trend.slopes);
  update_residuals();
  double squares = 0;
  for (const double residual : residuals) squares += residual * residual;
  constexpr double kExactTrend = 1e-6;  // relative; below it float32 sees noise of its own making
  transform.deviation = std::max(std::sqrt(squares / static_cast<double>(residuals.size())), kExactTrend);
  return transform;
}

std::vector<float> network_targets(const TargetTransform& transform, const std::vector<float>& features,
                                   const Dataset& data) {
  const std::size_t width = data.empty() ? 0 : features.size() / data.num_rows();
  std::vector<float> out;
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    const double target = data.targets()[i];
    const bool is_log = transform.kind == TargetTransform::Kind::kLog;
    out.push_back(static_cast<float>(
        is_log ? log_residual(transform, target, data.features().row(i), {features.data() + i * width, width}) /
                     transform.deviation
               : target * transform.scale));
  }
  return out;
}

}  // namespace

TrainingData prepare_training_data(const Dataset& data, const ResPerfNetOptions& options, double validation_fraction,
                                   std::uint64_t seed, const char* learner) {
  require_rows(data, kMinRows, learner);
  require_positive_targets(data, learner);
  TrainingData out;
  Split split = random_split(data.num_rows(), validation_fraction, seed);
  if (split.first.empty()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("validation_fraction {} leaves none of {} rows to train on",
                                                         validation_fraction, data.num_rows()));
  }
  out.training_rows = without_outliers(data, split.first, options.outlier_deviations);
  out.validation_rows = std::move(split.second);
  const Dataset training = data.subset(out.training_rows), validation = data.subset(out.validation_rows);

  const bool is_log = options.loss == ResPerfNetOptions::Loss::kLogL1;
  std::vector<double> costs;
  if (is_log && options.cost_terms) costs = fit_costs(training);
  out.features = without_cost_terms(FeatureTransform::fit(training.features(), choose_shapes(training, options)),
                                    data.feature_names(), costs);
  const std::size_t width = out.features.num_outputs();
  if (width == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("none of the {} features varies over the {} training rows, {} needs one that does",
                            data.num_features(), training.num_rows(), learner));
  }
  out.training.features = transform_rows(out.features, training);
  out.validation.features = transform_rows(out.features, validation);
  if (is_log) {
    const MatrixView<const float> features(out.training.features.data(), training.num_rows(), width);
    out.target = fit_log_target(training, features, std::move(costs), options.trend_ridge);
  } else {
    out.target.scale = options.target_scale;
  }
  out.training.targets = network_targets(out.target, out.training.features, training);
  out.validation.targets = network_targets(out.target, out.validation.features, validation);
  return out;
}

}  // namespace perfmodel
