#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "learner/tree_growth.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/data/transform.h"
#include "predict/evaluator.h"

namespace perfmodel {

/// What the trees of one fit are grown on, and how their mean becomes an answer.
class PERFMODEL_EXPORT TreeProblem {
 public:
  /// @param learner  its name, for messages
  /// @param data     not empty; must outlive this object
  /// @throws Error kInvalidArgument: a target <= 0 with `log_target`, or beyond float32; names the row.
  TreeProblem(const std::string& learner, const Dataset& data, bool log_target);
  TreeProblem(const TreeProblem&) = delete;
  TreeProblem& operator=(const TreeProblem&) = delete;

  const TreeTable& table() const noexcept { return *table_; }
  Span<const double> targets() const noexcept { return targets_; }  ///< to be fitted: logarithms with `log_target`

  /// The leaf that a row of the data reaches.
  double leaf_of(const GrownTree& tree, std::size_t row) const noexcept;
  /// A fitted target in the unit of the data's.
  double to_answer(double target) const noexcept;
  /// The mean of `trees`, with feature importance.
  std::shared_ptr<const Evaluator> make_evaluator(const std::vector<GrownTree>& trees) const;

 private:
  bool log_target_;
  FeatureTransform transform_;  ///< with `log_target`, whose evaluator wants one
  std::vector<double> transformed_;
  std::vector<double> logarithms_;
  MatrixView<const double> rows_;
  Span<const double> targets_;
  std::unique_ptr<TreeTable> table_;
};

}  // namespace perfmodel
