#include "perfmodel/learner/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "predict/evaluator.h"

namespace perfmodel {
namespace {

/// Part of a range's larger end by which a value may miss the range: what computing a feature on another machine
/// changes.
constexpr double kRangeSlack = 1e-9;

bool in_domain(Span<const double> row, const std::vector<FeatureInfo>& features) noexcept {
  for (std::size_t j = 0; j < features.size(); ++j) {
    if (!features[j].contains(row[j])) return false;
  }
  return true;
}

/// The first row with a value that is not finite, -1 for none.
std::ptrdiff_t find_not_finite(MatrixView<const double> rows) noexcept {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (const double value : rows.row(i)) {
      if (!std::isfinite(value)) return static_cast<std::ptrdiff_t>(i);
    }
  }
  return -1;
}

/// What is wrong with the values of rows in which some may be missing.
Status check_with_missing(MatrixView<const double> rows, bool takes_missing_values) noexcept {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const Span<const double> row = rows.row(i);
    for (const double& value : row) {
      const auto index = static_cast<std::ptrdiff_t>(i);
      if (std::isinf(value)) {
        return {ErrorCode::kInvalidArgument, index, "a row has a feature that is infinite", &value - row.data()};
      }
      if (std::isnan(value) && !takes_missing_values) {
        return {ErrorCode::kUnsupported, index, "a row lacks a feature, the model does not define what that means",
                &value - row.data()};
      }
    }
  }
  return {};
}

Status check_values(MatrixView<const double> rows, MissingValues missing, bool takes_missing_values) noexcept {
  if (missing == MissingValues::kAsLearnt) return check_with_missing(rows, takes_missing_values);
  const std::ptrdiff_t bad_row = find_not_finite(rows);
  if (bad_row < 0) return {};
  const Span<const double> row = rows.row(static_cast<std::size_t>(bad_row));
  const double* bad = std::find_if(row.begin(), row.end(), [](double value) { return !std::isfinite(value); });
  return {ErrorCode::kInvalidArgument, bad_row, "a row has a feature that is not finite", bad - row.begin()};
}

/// What is wrong with the sizes and pointers that predict() is given.
Status check_views(MatrixView<const double> rows, Span<Prediction> out, std::size_t num_features) noexcept {
  if (rows.cols() != num_features) {
    return {ErrorCode::kMismatch, -1,          "the rows do not have as many values as the model has features", -1,
            rows.cols(),          num_features};
  }
  if (out.size() != rows.rows()) {
    return {ErrorCode::kMismatch, -1, "out does not have one element per row", -1, out.size(), rows.rows()};
  }
  if (rows.stride() < rows.cols()) {
    return {ErrorCode::kInvalidArgument, -1, "the rows' stride is below their width", -1, rows.stride(), rows.cols()};
  }
  if (!out.empty() && (out.data() == nullptr || (rows.data() == nullptr && num_features > 0))) {
    return {ErrorCode::kInvalidArgument, -1, "rows or out is null"};
  }
  return {};
}

/// Factor of the interval for an answer of that standard deviation.
double factor_for(double factor, double mean, double deviation) noexcept {
  return mean != 0 ? std::pow(factor, deviation / std::abs(mean)) : 1;
}

double finite(double bound) noexcept {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp(bound, -kLargest, kLargest);
}

void check(const ModelInfo& info, const Evaluator* evaluator) {
  if (evaluator == nullptr) throw Error(ErrorCode::kInvalidArgument, "a model without an evaluator");
  if (evaluator->num_inputs() != info.features.size()) {
    throw Error(ErrorCode::kMismatch, fmt::format("a model of {} features whose evaluator '{}' takes {}",
                                                  info.features.size(), evaluator->kind(), evaluator->num_inputs()));
  }
  for (const FeatureInfo& feature : info.features) {
    if (!(feature.minimum <= feature.maximum)) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("feature '{}': the range [{}, {}] is not a range",
                                                           feature.name, feature.minimum, feature.maximum));
    }
  }
  if (!(info.interval_level >= 0 && info.interval_level < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("an interval level of {}, allowed is 0 (none) or a value below 1", info.interval_level));
  }
  if (!(info.interval_lower_factor <= info.interval_upper_factor) || !std::isfinite(info.interval_lower_factor) ||
      !std::isfinite(info.interval_upper_factor)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("interval factors {} and {}, expected a finite ascending pair",
                                                         info.interval_lower_factor, info.interval_upper_factor));
  }
  if (evaluator->has_deviation() && info.interval_lower_factor < 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("an interval factor of {} with a model that knows its deviation, it must be >= 0",
                            info.interval_lower_factor));
  }
}

}  // namespace

bool FeatureInfo::contains(double value) const noexcept {
  const double slack = kRangeSlack * std::max(std::abs(minimum), std::abs(maximum));
  return value >= minimum - slack && value <= maximum + slack;
}

Model::Model(ModelInfo info, std::shared_ptr<const Evaluator> evaluator) : evaluator_(std::move(evaluator)) {
  check(info, evaluator_.get());
  info_ = std::make_shared<const ModelInfo>(std::move(info));
}

Model Model::with_info(ModelInfo info) const {
  return Model(std::move(info), evaluator_);
}

std::size_t Model::workspace_bytes(std::size_t num_rows) const noexcept {
  constexpr std::size_t kMaxRows = std::numeric_limits<std::size_t>::max() / 4 / sizeof(double);
  if (num_rows > kMaxRows) return std::numeric_limits<std::size_t>::max();
  return 2 * align64(num_rows * sizeof(double)) + evaluator_->scratch_bytes(num_rows);
}

bool Model::takes_missing_values() const noexcept {
  return evaluator_->takes_missing_values();
}

bool Model::knows_deviation() const noexcept {
  return evaluator_->has_deviation();
}

Status Model::predict(MatrixView<const double> rows, Span<Prediction> out, Workspace& workspace,
                      MissingValues missing) const noexcept {
  const Status views = check_views(rows, out, num_features());
  if (!views.ok()) return views;
  const std::size_t needed_bytes = workspace_bytes(rows.rows());
  if (workspace.size() < needed_bytes) {
    return {ErrorCode::kBufferTooSmall,
            -1,
            "the workspace is smaller than workspace_bytes() of that many rows",
            -1,
            workspace.size(),
            needed_bytes};
  }
  const Status values = check_values(rows, missing, takes_missing_values());
  if (!values.ok() || rows.rows() == 0) return values;

  const bool has_interval = info_->interval_level > 0;
  const bool has_deviation = has_interval && evaluator_->has_deviation();
  const std::size_t answers_bytes = align64(rows.rows() * sizeof(double));
  const Span<double> means(reinterpret_cast<double*>(workspace.data()), rows.rows());
  const Span<double> deviations(reinterpret_cast<double*>(workspace.data() + answers_bytes),
                                has_deviation ? rows.rows() : 0);
  evaluate_part(*evaluator_, rows, means, deviations, workspace.data() + 2 * answers_bytes);
  for (const Span<double>& answers : {means, deviations}) {
    const std::ptrdiff_t bad_answer = find_not_finite({answers.data(), answers.size(), 1});
    if (bad_answer >= 0) {
      return {ErrorCode::kInvalidArgument, bad_answer, "a row is too far from what was learnt: no finite prediction"};
    }
  }

  const double lower = has_interval ? info_->interval_lower_factor : 1;
  const double upper = has_interval ? info_->interval_upper_factor : 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double mean = means[i];
    const double a = finite(mean * (has_deviation ? factor_for(lower, mean, deviations[i]) : lower));
    const double b = finite(mean * (has_deviation ? factor_for(upper, mean, deviations[i]) : upper));
    out[i] = {mean, std::min(a, b), std::max(a, b), in_domain(rows.row(i), info_->features)};
  }
  return {};
}

}  // namespace perfmodel
