#include "learner/bounded_minimum.h"

#include <LBFGSB.h>

#include <Eigen/Core>
#include <limits>
#include <stdexcept>
#include <utility>

namespace perfmodel {
namespace {

Eigen::VectorXd to_eigen(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// The function as LBFGS++ calls it; keeps the best point.
class Watched {
 public:
  Watched(const SmoothFunction& function, std::vector<double> start)
      : function_(function), best_{std::move(start), std::numeric_limits<double>::infinity()} {}

  double operator()(const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
    point_.assign(point.data(), point.data() + point.size());
    gradient_.resize(point_.size());
    const double value = function_(point_, gradient_);
    gradient = to_eigen(gradient_);
    if (value < best_.value) best_ = {point_, value};
    return value;
  }

  const Minimum& best() const { return best_; }

 private:
  const SmoothFunction& function_;
  std::vector<double> point_, gradient_;
  Minimum best_;
};

}  // namespace

Minimum minimise_within_bounds(const SmoothFunction& function, const std::vector<double>& start,
                               const std::vector<double>& lower, const std::vector<double>& upper, int max_iterations) {
  LBFGSpp::LBFGSBParam<double> parameters;
  parameters.epsilon = parameters.epsilon_rel = 1e-6;  // of the projected gradient
  parameters.past = 1;
  parameters.delta = 1e-10;  // relative change of the value from one iteration to the next
  parameters.max_iterations = max_iterations;
  LBFGSpp::LBFGSBSolver<double> solver(parameters);
  Eigen::VectorXd point = to_eigen(start).cwiseMax(to_eigen(lower)).cwiseMin(to_eigen(upper));
  Watched watched(function, {point.data(), point.data() + point.size()});
  double value = 0;
  try {
    solver.minimize(watched, point, value, to_eigen(lower), to_eigen(upper));
  } catch (const std::runtime_error&) {  // the line search ended without a step
  } catch (const std::logic_error&) {    // a direction that does not descend: flat within rounding
  }
  return watched.best();
}

}  // namespace perfmodel
