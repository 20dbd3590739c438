#pragma once

#include "core/progress.h"
#include "perfmodel/core/random.h"
#include "perfmodel/train/mlp.h"
#include "train_torch/mlp_data.h"
#include "train_torch/sequence_module.h"

namespace perfmodel {

/// Trains one perceptron on the training rows.
///
/// @param random    decides the initial weights
/// @param reporter  asked now and then whether to go on
/// @throws Error kCancelled.
SequenceModule train_mlp(const MlpData& data, const MlpOptions& options, const Random& random,
                         const ProgressReporter& reporter);

}  // namespace perfmodel
