#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of ResPerfNet's training (Algorithm 1 and equation 7). `resperfnet_preset("paper")` is faithful to the paper;
/// the defaults of the fields here are that preset's.
struct ResPerfNetOptions {
  enum class Loss {
    kMaple,  ///< mean |log(1+y) - log(1+t)| / log(1+t), t = target_scale x milliseconds (equation 7)
    kLogL1,  ///< mean |y - t|, t = log of the target beyond a linear trend in the logs of the features
  };
  std::string preset = "paper";
  Loss loss = Loss::kMaple;
  double target_scale = 10;             ///< with kMaple
  int epochs = 200;
  int batch_size = 128;
  double learning_rate = 0.1;
  double adam_epsilon = 0.1;            ///< as the authors' code; with 1e-8 a rate of 0.1 diverges
  int decay_every_epochs = 40;          ///< learning rate x decay_factor after each
  double decay_factor = 0.5;
  double l2 = 0.1 * 1e-5;               ///< times the squared norm of the dense weights, as the authors' code
  double dropout = 0.2;
  double outlier_deviations = 8;        ///< training rows (only) further than that many robust deviations of log time from
                                        ///< the median are left out; 0 keeps all
  bool box_cox = true;                  ///< on the features named in box_cox_features
  std::vector<std::string> box_cox_features = {"matrix_size_squared", "kernel_size_squared"};
  int members = 1;                      ///< networks from different seeds whose answers are averaged
  int patience_epochs = 0;              ///< stop when validation has not improved for so long; 0 runs all epochs
};

/// "paper", or "default": what trains well on a few thousand rows (docs/learners.md says what differs and why).
/// @throws Error kInvalidArgument: another name.
PERFMODEL_EXPORT ResPerfNetOptions resperfnet_preset(const std::string& name);

/// A learner of that kind.
/// @throws Error kUnsupported in a build without LibTorch; kInvalidArgument (options out of range).
PERFMODEL_EXPORT std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options);

}  // namespace perfmodel
