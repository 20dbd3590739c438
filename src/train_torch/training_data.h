#pragma once

#include <cstdint>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/data/transform.h"
#include "perfmodel/train/resperfnet.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Rows as a network sees them.
struct NetworkRows {
  std::vector<float> features;  ///< n x d, row-major
  std::vector<float> targets;   ///< n, what the network's output should be
};

/// A data set made ready for training, and how to come back from the network's world.
struct TrainingData {
  FeatureTransform features;                                ///< fitted on the training rows; d = features.num_outputs()
  TargetTransform target;                                   ///< from the network's output to the target
  std::vector<std::size_t> training_rows, validation_rows;  ///< positions in the data set
  NetworkRows training, validation;
};

/// Splits off validation rows (`fraction` of all, by `seed`), leaves outliers out of the training rows, fits the
/// transforms on those.
/// @param learner  its name, for messages
/// @throws Error kInvalidArgument: fewer than 10 rows, a target <= 0 (names the row), no feature that varies.
TrainingData prepare_training_data(const Dataset& data, const ResPerfNetOptions& options, double validation_fraction,
                                   std::uint64_t seed, const char* learner = "resperfnet");

}  // namespace perfmodel
