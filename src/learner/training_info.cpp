#include "learner/training_info.h"

#include <fmt/format.h>

#include <algorithm>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

ModelInfo training_info(const std::string& kind, const Dataset& data) {
  ModelInfo info;
  info.kind = kind;
  info.target = data.target_name();
  info.training_rows = data.num_rows();
  info.training_hash = fmt::format("{:016x}", data.hash());
  const MatrixView<const double> rows = data.features();
  for (std::size_t j = 0; j < data.num_features(); ++j) {
    FeatureInfo feature;
    feature.name = data.feature_names()[j];
    feature.unit = unit_of_column(feature.name);
    feature.minimum = feature.maximum = rows(0, j);
    for (std::size_t i = 1; i < rows.rows(); ++i) {
      feature.minimum = std::min(feature.minimum, rows(i, j));
      feature.maximum = std::max(feature.maximum, rows(i, j));
    }
    feature.used = feature.minimum < feature.maximum;
    info.features.push_back(std::move(feature));
  }
  return info;
}

void check_fit(const Dataset& data, const FitOptions& options) {
  if (data.empty()) throw Error(ErrorCode::kInvalidArgument, "the data set has no rows, a fit needs at least one");
  if (!(options.validation_fraction >= 0 && options.validation_fraction < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("validation_fraction is {}, allowed is [0, 1)", options.validation_fraction));
  }
  if (!(options.interval_level >= 0 && options.interval_level < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("interval_level is {}, allowed is [0, 1)", options.interval_level));
  }
  if (options.num_threads < 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("num_threads is {}, at least 1 is allowed", options.num_threads));
  }
  if (options.callbacks.cancelled && options.callbacks.cancelled()) {
    throw Error(ErrorCode::kCancelled, "the fit was cancelled");
  }
}

void require_rows(const Dataset& data, std::size_t least, const std::string& who) {
  if (data.num_rows() >= least) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the data set has {} rows, {} needs at least {}", data.num_rows(), who, least));
}

void require_positive_targets(const Dataset& data, const std::string& who) {
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    if (data.targets()[i] > 0) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("row {}: {} is {}, {} needs targets > 0", i, data.target_name(), data.targets()[i], who));
  }
}

}  // namespace perfmodel
