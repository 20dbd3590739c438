#include "learner/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace perfmodel {
namespace {

/// measured / predicted, ascending.
std::vector<double> sorted_ratios(const Model& model, const Dataset& rows) {
  std::vector<Prediction> predictions(rows.num_rows());
  Workspace workspace(model.workspace_bytes(rows.num_rows()));
  model.predict(rows.features(), predictions, workspace).throw_if_error();
  std::vector<double> ratios;
  ratios.reserve(predictions.size());
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const double mean = predictions[i].mean;
    ratios.push_back(mean > 0 ? rows.targets()[i] / mean : std::numeric_limits<double>::infinity());
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

}  // namespace

ModelInfo calibrate_interval(const Model& model, const Dataset& rows, double level) {
  if (!(level > 0 && level < 1)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("an interval level of {}, allowed is (0, 1)", level));
  }
  ModelInfo info = model.info();
  info.interval_level = 0;
  info.interval_lower_factor = info.interval_upper_factor = 1;
  if (rows.num_rows() < kMinCalibrationRows) return info;

  const std::vector<double> ratios = sorted_ratios(model, rows);
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

}  // namespace perfmodel
