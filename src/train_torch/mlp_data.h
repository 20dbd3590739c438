#pragma once

#include <cstdint>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/data/transform.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Rows as a multi-layer perceptron sees them.
struct MlpRows {
  std::vector<double> features;  ///< n x d, row-major, z-scored
  std::vector<double> targets;   ///< n, standardised
};

/// A data set made ready for a multi-layer perceptron, and how to come back: `target` of (output + output_offset).
struct MlpData {
  FeatureTransform features;  ///< fitted on the training rows; d = features.num_outputs()
  TargetTransform target;
  double output_offset = 0;
  std::vector<std::size_t> training_rows, validation_rows;  ///< positions in the data set
  MlpRows training, validation;
};

/// Splits off validation rows (`fraction` of all, by `seed`) where they are enough to calibrate an interval, and
/// standardises by the others.
/// @throws Error kInvalidArgument: fewer than 3 rows, a target <= 0 with log_target (names the row), no feature that
///         varies.
MlpData prepare_mlp_data(const Dataset& data, bool log_target, double validation_fraction, std::uint64_t seed);

}  // namespace perfmodel
