#pragma once

#include <atomic>
#include <functional>

#include "perfmodel/core/random.h"
#include "perfmodel/train/resperfnet.h"
#include "train_torch/network_layers.h"
#include "train_torch/sequence_module.h"
#include "train_torch/training_data.h"

namespace perfmodel {

/// Trains one network and returns it with the weights of the epoch that is best on the validation rows, or of the last
/// one where there are none.
///
/// @param random    decides initial weights, order of rows and dropout
/// @param on_epoch  called after every epoch, in the calling thread; of its members all but `member` are set
/// @param stop      when it becomes true the training ends soon, with some network
/// @throws Error kInvalidArgument: the loss diverges.
SequenceModule train_network(const TrainingData& data, const NetworkDesign& design, const ResPerfNetOptions& options,
                             const Random& random, const std::function<void(const TrainingEpoch&)>& on_epoch,
                             const std::atomic<bool>& stop);

}  // namespace perfmodel
