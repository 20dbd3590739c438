#pragma once

#include <memory>
#include <vector>

#include "learner/left_out.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/train/mlp.h"
#include "predict/evaluators.h"
#include "train_torch/mlp_data.h"
#include "train_torch/sequence_module.h"

namespace perfmodel {

/// Trained perceptrons with what is around them, still in LibTorch.
struct MlpFit {
  MlpData data;
  std::vector<SequenceModule> members;
};

/// @throws Error as Learner::fit, c10::Error.
MlpFit fit_mlp(const Dataset& data, const MlpOptions& options, const FitOptions& fit);

/// Answers for the fit's training rows by fits without them. Trains up to ten times more, each time on the training
/// rows but some. Rows stay standardised as they are.
/// @param data  what `fit` is a fit of
LeftOutAnswers answer_left_out_rows(const Dataset& data, const MlpFit& fit, const MlpOptions& options,
                                    const FitOptions& fit_options);

/// What the fit answers, computed by LibTorch, for n x d raw rows, in the unit of the target.
std::vector<double> forward_in_torch(const MlpFit& fit, MatrixView<const double> rows);

/// The same for perfmodel's own evaluator.
std::shared_ptr<const Evaluator> to_evaluator(const MlpFit& fit);

}  // namespace perfmodel
