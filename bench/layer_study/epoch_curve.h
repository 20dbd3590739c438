#pragma once

#include <functional>
#include <vector>

#include "perfmodel/train/resperfnet.h"
#include "study.h"

namespace perfmodel::bench {

/// Listens to a network's training, for the study's row.
class EpochCurve {
 public:
  /// What ResPerfNetOptions::on_epoch is set to; must not outlive this object.
  std::function<void(const TrainingEpoch&)> listener();

  /// Adds "kept", e.g. "epoch 187 of 200", and, of a single network, its loss and validation error by epoch.
  void add_to(Json& row, int num_epochs) const;

 private:
  std::vector<std::vector<TrainingEpoch>> members_;
};

}  // namespace perfmodel::bench
