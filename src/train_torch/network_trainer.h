#pragma once

#include <atomic>
#include <functional>

#include "perfmodel/core/random.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/network_layers.h"
#include "train_torch/sequence_module.h"
#include "train_torch/training_data.h"

namespace perfmodel {

/// What one epoch came to.
struct EpochReport {
  double loss = 0;                 ///< mean over the training rows, without penalties
  double validation_mape_pct = 0;  ///< NaN without validation rows
};

/// Trains one network and returns it with the weights of the epoch that is best on the validation rows, or of the last
/// one where there are none.
///
/// @param random    decides initial weights, order of rows and dropout
/// @param on_epoch  called after every epoch, in the calling thread
/// @param stop      when it becomes true the training ends soon, with some network
/// @throws Error kInvalidArgument: the loss diverges.
SequenceModule train_network(const TrainingData& data, const NetworkDesign& design, const ResPerfNetOptions& options,
                             const Random& random, const std::function<void(const EpochReport&)>& on_epoch,
                             const std::atomic<bool>& stop);

}  // namespace perfmodel
