#include "train_torch/mlp_trainer.h"

#include <ATen/ATen.h>
#include <LBFGS.h>

#include <Eigen/Core>
#include <limits>
#include <stdexcept>

#include "train_torch/mlp_objective.h"
#include "train_torch/network_layers.h"

namespace perfmodel {
namespace {

/// The objective as LBFGS++ calls it; keeps the best parameters.
class WatchedObjective {
 public:
  WatchedObjective(MlpObjective objective, Eigen::VectorXd start, const ProgressReporter& reporter)
      : objective_(std::move(objective)), reporter_(reporter), best_(std::move(start)) {}

  double operator()(const Eigen::VectorXd& parameters, Eigen::VectorXd& gradient) {
    constexpr int kCallsPerQuestion = 20;
    if (num_calls_++ % kCallsPerQuestion == 0) reporter_.throw_if_cancelled();
    const auto size = static_cast<std::size_t>(parameters.size());
    const double value = objective_.value_and_gradient({parameters.data(), size}, {gradient.data(), size});
    if (value < best_value_) {
      best_value_ = value;
      best_ = parameters;
    }
    return value;
  }

  const Eigen::VectorXd& best() const { return best_; }

 private:
  MlpObjective objective_;
  const ProgressReporter& reporter_;
  int num_calls_ = 0;
  Eigen::VectorXd best_;
  double best_value_ = std::numeric_limits<double>::infinity();
};

}  // namespace

SequenceModule train_mlp(const MlpData& data, const MlpOptions& options, const Random& random,
                         const ProgressReporter& reporter) {
  const std::vector<NetworkLayer> layers =
      mlp_layers(data.features.num_outputs(), options.hidden_units, options.activation);
  SequenceModule network(layers, random, at::kDouble);
  Eigen::Map<Eigen::VectorXd> weights(network.parameters().data_ptr<double>(), network.parameters().numel());
  Eigen::VectorXd point = weights;
  WatchedObjective objective(MlpObjective(data.training, layers, options.l2), point, reporter);

  LBFGSpp::LBFGSParam<double> parameters;
  parameters.m = 10;
  parameters.epsilon = parameters.epsilon_rel = 1e-6;
  parameters.past = 10;
  parameters.delta = 1e-7;  // fall of the objective over the `past` iterations, below which it has converged
  parameters.max_iterations = options.max_iterations;
  parameters.linesearch = LBFGSpp::LBFGS_LINESEARCH_BACKTRACKING_STRONG_WOLFE;
  LBFGSpp::LBFGSSolver<double, LBFGSpp::LineSearchBracketing> solver(parameters);

  double value = 0;
  try {
    solver.minimize(objective, point, value);
  } catch (const std::runtime_error&) {  // the line search ended without a step
  } catch (const std::logic_error&) {    // a direction that does not descend: flat within rounding
  }
  weights = objective.best();
  return network;
}

}  // namespace perfmodel
