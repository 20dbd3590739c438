#include "train_torch/mlp_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "learner/calibration.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMinRows = 3;

Split split_rows(std::size_t num_rows, double validation_fraction, std::uint64_t seed) {
  Split split = random_split(num_rows, validation_fraction, seed);
  if (split.second.size() < kMinCalibrationRows) return random_split(num_rows, 0, seed);
  if (split.first.size() < kMinRows) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("validation_fraction {} leaves {} of {} rows to train on",
                                                         validation_fraction, split.first.size(), num_rows));
  }
  return split;
}

std::vector<double> targets_of(const Dataset& data, bool log_target) {
  std::vector<double> targets(data.targets().begin(), data.targets().end());
  if (log_target) {
    for (double& target : targets) target = std::log(target);
  }
  return targets;
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.mean += value / static_cast<double>(values.size());
  double squares = 0, largest = 0;
  for (const double value : values) {
    squares += (value - moments.mean) * (value - moments.mean);
    largest = std::max(largest, std::abs(value));
  }
  moments.deviation = std::sqrt(squares / static_cast<double>(values.size()));
  constexpr double kConstant = 1e-6;  // of the value: below it float32 sees noise of its own making
  if (moments.deviation <= kConstant * largest) moments.deviation = largest > 0 ? kConstant * largest : 1;
  return moments;
}

MlpRows to_rows(const FeatureTransform& features, const Moments& moments, bool log_target, const Dataset& data) {
  MlpRows rows;
  const std::size_t width = features.num_outputs();
  rows.features.resize(data.num_rows() * width);
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    features.apply(data.features().row(i), Span<double>(rows.features).subspan(i * width, width));
  }
  rows.targets = targets_of(data, log_target);
  for (double& target : rows.targets) target = (target - moments.mean) / moments.deviation;
  return rows;
}

}  // namespace

MlpData prepare_mlp_data(const Dataset& data, bool log_target, double validation_fraction, std::uint64_t seed) {
  require_rows(data, kMinRows, "mlp");
  if (log_target) require_positive_targets(data, "mlp with log_target");
  MlpData out;
  Split split = split_rows(data.num_rows(), validation_fraction, seed);
  out.training_rows = std::move(split.first);
  out.validation_rows = std::move(split.second);
  const Dataset training = data.subset(out.training_rows);

  const std::vector<ColumnTransform::Shape> shapes(data.num_features(), ColumnTransform::Shape::kIdentity);
  out.features = FeatureTransform::fit(training.features(), shapes);
  if (out.features.num_outputs() == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("none of the {} features varies over the {} training rows, mlp needs one that does",
                            data.num_features(), training.num_rows()));
  }
  const Moments moments = moments_of(targets_of(training, log_target));
  if (log_target) {
    out.target.kind = TargetTransform::Kind::kLog;
    out.target.mean = moments.mean;
    out.target.deviation = moments.deviation;
  } else {
    out.target.scale = 1 / moments.deviation;
    out.output_offset = moments.mean / moments.deviation;
  }
  out.training = to_rows(out.features, moments, log_target, training);
  out.validation = to_rows(out.features, moments, log_target, data.subset(out.validation_rows));
  return out;
}

}  // namespace perfmodel
