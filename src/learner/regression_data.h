#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/data/transform.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// A data set as polynomials are fitted to it.
struct RegressionData {
  FeatureTransform transform;  ///< z-scores; features that do not vary are left out
  Eigen::MatrixXd features;    ///< n x transform.num_outputs()
  Eigen::VectorXd targets;     ///< n; logarithms with log_target
  bool log_target = false;

  /// @param learner  its name, for messages
  /// @throws Error kInvalidArgument: a target <= 0 with `log_target`; names the row.
  RegressionData(const std::string& learner, const Dataset& data, bool log_target);

  /// A fitted target in the unit of the data's.
  double to_answer(double target) const noexcept;
  /// A polynomial of the transformed features that answers in the unit of the data's target.
  std::shared_ptr<const Evaluator> make_evaluator(Polynomial polynomial) const;
};

/// The rows at `rows`, in that order.
Eigen::MatrixXd take_rows(const Eigen::MatrixXd& values, const std::vector<std::size_t>& rows);

}  // namespace perfmodel
