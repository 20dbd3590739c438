#include "learner/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "learner/student_t.h"
#include "predict/evaluator.h"

namespace perfmodel {
namespace {

void check_level(double level) {
  if (level >= 0 && level < 1) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("an interval level of {}, allowed is [0, 1)", level));
}

void forget_interval(ModelInfo& info) {
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
}

/// measured / predicted, to the power predicted / deviation where there is one, infinite where predicted <= 0;
/// ascending.
std::vector<double> sorted_ratios(Span<const double> measured, Span<const double> predicted,
                                  Span<const double> deviation) {
  std::vector<double> ratios;
  ratios.reserve(measured.size());
  for (std::size_t i = 0; i < measured.size(); ++i) {
    double ratio = measured[i] / predicted[i];
    if (!deviation.empty()) ratio = std::pow(std::max(ratio, 0.0), predicted[i] / deviation[i]);
    ratios.push_back(predicted[i] > 0 && !std::isnan(ratio) ? ratio : std::numeric_limits<double>::infinity());
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

}  // namespace

ModelInfo calibrate_interval(const Model& model, const Dataset& rows, double level) {
  check_level(level);
  ModelInfo info = model.info();
  forget_interval(info);
  if (level == 0 || rows.num_rows() < kMinCalibrationRows) return info;

  std::vector<Prediction> predictions(rows.num_rows());
  Workspace workspace(model.workspace_bytes(rows.num_rows()));
  model.predict(rows.features(), predictions, workspace).throw_if_error();  // rows that fit, with finite answers
  const Evaluator& evaluator = model.evaluator();
  std::vector<double> means(rows.num_rows()), deviations(evaluator.has_deviation() ? rows.num_rows() : 0);
  evaluate_part(evaluator, rows.features(), means, deviations, workspace.data());
  return calibrate_interval(std::move(info), rows.targets(), means, deviations, level);
}

ModelInfo calibrate_interval(ModelInfo info, Span<const double> measured, Span<const double> predicted,
                             Span<const double> deviation, double level) {
  check_level(level);
  if (predicted.size() != measured.size() || (!deviation.empty() && deviation.size() != measured.size())) {
    throw Error(ErrorCode::kMismatch, fmt::format("{} measured values, {} predictions and {} deviations",
                                                  measured.size(), predicted.size(), deviation.size()));
  }
  forget_interval(info);
  if (level == 0) return info;
  const std::vector<double> ratios = sorted_ratios(measured, predicted, deviation);
  const double tail = (static_cast<double>(ratios.size()) + 1) * (1 - level) / 2;
  constexpr double kRounding = 1e-9;  // so that 1 - 0.9 does not cost a rank where the product is a whole number
  const double rank = std::floor(tail + kRounding);  // from the bottom and, by symmetry, from the top
  if (rank < 1) return info;
  const auto from_end = static_cast<std::size_t>(rank);
  const double lower = ratios[from_end - 1], upper = ratios[ratios.size() - from_end];
  if (!std::isfinite(lower) || !std::isfinite(upper)) return info;
  info.interval_level = level;
  info.interval_lower_factor = std::min(lower, 1.0);
  info.interval_upper_factor = std::max(upper, 1.0);
  return info;
}

ModelInfo assume_normal_interval(ModelInfo info, Span<const double> standardised_errors, double level,
                                 double least_scale) {
  check_level(level);
  double sum_of_squares = 0;
  for (const double error : standardised_errors) sum_of_squares += error * error;
  if (standardised_errors.empty() || !std::isfinite(sum_of_squares)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{} standardised errors with a sum of squares of {}, expected at least one and a finite sum",
                    standardised_errors.size(), sum_of_squares));
  }
  const auto num_errors = static_cast<double>(standardised_errors.size());
  const double scale = std::max(least_scale, std::sqrt(sum_of_squares / num_errors));
  constexpr double kMostLog = 700;  // exp of it is finite
  const double half_width = std::min(student_t_quantile(level, std::max(num_errors - 1, 1.0)) * scale, kMostLog);
  info.interval_level = level;
  info.interval_lower_factor = std::exp(-half_width);
  info.interval_upper_factor = std::exp(half_width);
  return info;
}

}  // namespace perfmodel
