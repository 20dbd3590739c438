#pragma once

#include <memory>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/train/resperfnet.h"

namespace perfmodel {

/// Options of a multi-layer perceptron on z-scored features: squared error on the standardised target plus a penalty.
/// The defaults are the network of Iqbal et al. (OpML 2019) for their source models: one hidden layer of 40 units with
/// tanh; {8} is theirs for few rows. How it is trained they do not say.
struct MlpOptions {
  enum class Activation { kTanh, kRelu };

  std::vector<int> hidden_units = {40};  ///< of each hidden layer, the first to the last
  Activation activation = Activation::kTanh;
  bool log_target = false;  ///< fit the logarithm of the target, so that relative errors count; targets > 0
  double l2 = 0.1;  ///< divided by the number of rows, times the squared norm of the weights (not the biases), added
                    ///< to the mean squared error; raise it on noisy rows
  int max_iterations = 300;  ///< of L-BFGS; fewer when it has converged
  int members = 1;           ///< networks from different seeds whose answers are averaged
};

/// A learner "mlp": fits through LibTorch, in double precision, on all rows at once by L-BFGS (Liu and Nocedal, 1989)
/// with a strong Wolfe line search; its models are evaluated without. Same seed, data and options give the same bits;
/// num_threads does not matter. LibTorch's and OpenBLAS's numbers of threads are set to 1 during the fit and put back.
///
/// The interval is calibrated on FitOptions::validation_fraction of the rows where that makes 20 or more, which are not
/// trained on. Fewer rows are all trained on, and left out in turn of up to ten further fits to calibrate; a fraction
/// of 0 saves these fits and leaves the model without an interval. fit() throws kInvalidArgument: fewer than 3 rows, no
/// feature that varies, a target <= 0 with log_target.
/// @throws Error kUnsupported in a build without LibTorch; kInvalidArgument (an option out of range; names it).
PERFMODEL_EXPORT std::unique_ptr<Learner> make_mlp_learner(const MlpOptions& options = {});

/// PerfNet is trained as ResPerfNet is: the same options, presets and defaults.
using PerfNetOptions = ResPerfNetOptions;

/// A learner "perfnet", ResPerfNet's predecessor: dense layers of 32, 64, 128 and 256 with ReLU, dropout on the last of
/// them, one output. All else is as make_resperfnet_learner() says.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_perfnet_learner(const PerfNetOptions& options = {});

}  // namespace perfmodel
