#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// What one epoch of one network's training came to.
struct TrainingEpoch {
  int member = 0;   ///< which of the networks, from 0
  int epoch = 0;    ///< from 1
  double loss = 0;  ///< mean over the training rows, without penalties
  double validation_mape_pct = std::numeric_limits<double>::quiet_NaN();  ///< NaN without validation rows
  bool best = false;  ///< no epoch before had less loss on the validation rows: its weights are kept for now
};

/// Options of ResPerfNet's training (Algorithm 1 and equation 7). The defaults of the fields are those of the preset
/// "paper", which is faithful to it.
struct ResPerfNetOptions {
  enum class Loss {
    kMaple,  ///< mean |log(1+y) - log(1+t)| / log(1+t), t = target_scale x target (equation 7); the output is a ReLU
    kLogL1,  ///< mean |y - t|, t = what costs (with cost_terms) and a linear trend in the transformed features leave of
             ///< log target, standardised
  };
  enum class Schedule {
    kStep,    ///< learning rate x decay_factor after every decay_every_epochs
    kCosine,  ///< from learning_rate to 0 along half a cosine, step by step (Loshchilov and Hutter, 2017)
  };

  std::string preset = "paper";  ///< kept with the model, for people
  Loss loss = Loss::kMaple;
  double target_scale = 10;  ///< with kMaple: the paper trains on milliseconds times 10
  bool cost_terms = false;  ///< with kLogL1: fit the features named kCostPrefix... as an additive cost first, and leave
                            ///< them out of the network's inputs; without such features nothing changes
  double trend_ridge = 1e-3;   ///< with kLogL1: penalty on the trend's slopes, per row; raise it on few rows
  double log_ratio_above = 0;  ///< positive features whose greatest value is more than that many times the least are
                               ///< log-transformed; 0 leaves them as they are
  std::vector<std::string> box_cox_features = {"matrix_size_squared", "kernel_size_squared"};  ///< those there are and
                                                                                               ///< positive
  double outlier_deviations = 8;  ///< training rows (only) further than that many robust deviations of log target from
                                  ///< the median are left out; 0 keeps all

  int epochs = 200;
  int batch_size = 128;
  double learning_rate = 0.1;
  double adam_epsilon = 0.1;  ///< as the authors' code; with 1e-8 a rate of 0.1 diverges
  Schedule schedule = Schedule::kStep;
  int decay_every_epochs = 40;
  double decay_factor = 0.5;
  double l2 =
      0.1 * 1e-5;  ///< times the squared norm of the dense layers' weights, added to the loss, as the authors' code
  double weight_decay = 0;  ///< times learning rate and weight, taken off at each step from all weights (Loshchilov and
                            ///< Hutter, 2019)
  double dropout = 0.2;     ///< share of the last hidden layer that is silenced in training
  int members = 1;  ///< networks from different seeds whose answers are averaged; up to FitOptions::num_threads of
                    ///< them are trained side by side
  int patience_epochs = 0;  ///< stop a network when validation has not improved for so long; 0 runs all epochs

  /// Told of every epoch, soon after it, by the thread that called fit(); a network's epochs in order. May be empty,
  /// must not throw.
  std::function<void(const TrainingEpoch&)> on_epoch;
};

/// "paper", or "default": what trains well on a few thousand rows. It learns what an additive cost
/// (of the features named kCostPrefix..., where there are any) and a linear trend leave of the logarithm of the target,
/// so that layers larger than any measured one follow cost and trend; it log-transforms features that span decades,
/// takes Adam's usual epsilon with a rate that falls along a cosine, and averages several networks.
/// @throws Error kInvalidArgument: another name.
PERFMODEL_EXPORT ResPerfNetOptions resperfnet_preset(const std::string& name);

/// A learner "resperfnet": fits through LibTorch, on the CPU; its models are evaluated without.
///
/// fit() keeps the weights of the epoch that is best on the validation rows. Each member is trained by one thread, up
/// to FitOptions::num_threads side by side. Same seed, data and options give the same bits, whatever the number of
/// threads. LibTorch's and OpenBLAS's numbers of threads are set to 1 during the fit and put back; random generators of
/// LibTorch are not touched. Callbacks are called from the thread that calls fit(). fit() throws kInvalidArgument:
/// fewer than 10 rows, no feature that varies, a target <= 0, a loss that diverges.
/// @throws Error kUnsupported in a build without LibTorch; kInvalidArgument (an option out of range; names it).
PERFMODEL_EXPORT std::unique_ptr<Learner> make_resperfnet_learner(const ResPerfNetOptions& options);

}  // namespace perfmodel
