#pragma once

#include <memory>
#include <vector>

#include "perfmodel/learner/learner.h"
#include "train_torch/network_layers.h"
#include "train_torch/sequence_module.h"
#include "train_torch/training_data.h"

namespace perfmodel {

/// Trained networks with what is around them, still in LibTorch.
struct ResPerfNetFit {
  TrainingData data;
  std::vector<SequenceModule> members;
};

/// Trains all members of a network (`design`), up to FitOptions::num_threads at a time.
/// @throws Error as Learner::fit.
ResPerfNetFit fit_networks(const Dataset& data, const NetworkDesign& design, const ResPerfNetOptions& options,
                           const FitOptions& fit);

/// What the fit answers, computed by LibTorch: mean over members of n x d raw rows, in the unit of the target.
std::vector<double> forward_in_torch(const ResPerfNetFit& fit, MatrixView<const double> rows);

/// The same for perfmodel's own evaluator.
std::shared_ptr<const Evaluator> to_evaluator(const ResPerfNetFit& fit);

}  // namespace perfmodel
