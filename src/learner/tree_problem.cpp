#include "learner/tree_problem.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

void check_targets(const std::string& learner, const Dataset& data, bool log_target) {
  if (log_target) require_positive_targets(data, learner + " with log_target");
  constexpr double kLargest = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    const double target = data.targets()[i];
    if (std::abs(target) <= kLargest) continue;
    throw Error(ErrorCode::kInvalidArgument, fmt::format("row {}: {} is {}, {} takes targets up to {:.4g} in size", i,
                                                         data.target_name(), target, learner, kLargest));
  }
}

/// z-scores of the columns that vary; of the first where none does, as a tree has one column at least.
FeatureTransform fit_transform(MatrixView<const double> rows) {
  const std::vector<ColumnTransform::Shape> shapes(rows.cols(), ColumnTransform::Shape::kIdentity);
  FeatureTransform transform = FeatureTransform::fit(rows, shapes);
  if (transform.num_outputs() > 0) return transform;
  std::vector<ColumnTransform> columns = transform.columns();
  columns.front().used = true;
  return FeatureTransform(std::move(columns));
}

std::vector<double> apply_to_rows(const FeatureTransform& transform, MatrixView<const double> rows) {
  const std::size_t width = transform.num_outputs();
  std::vector<double> out(rows.rows() * width);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    transform.apply(rows.row(i), Span<double>(out).subspan(i * width, width));
  }
  return out;
}

}  // namespace

TreeProblem::TreeProblem(const std::string& learner, const Dataset& data, bool log_target)
    : log_target_(log_target), rows_(data.features()), targets_(data.targets()) {
  check_targets(learner, data, log_target);
  if (log_target) {
    transform_ = fit_transform(rows_);
    transformed_ = apply_to_rows(transform_, rows_);
    rows_ = {transformed_.data(), data.num_rows(), transform_.num_outputs()};
    for (const double target : data.targets()) logarithms_.push_back(std::log(target));
    targets_ = logarithms_;
  }
  table_ = std::make_unique<TreeTable>(rows_);
}

double TreeProblem::leaf_of(const GrownTree& tree, std::size_t row) const noexcept {
  std::size_t node = 0;
  while (tree.feature[node] >= 0) {
    const auto value = static_cast<float>(rows_(row, static_cast<std::size_t>(tree.feature[node])));
    node = static_cast<std::size_t>(tree.left[node]) + (value < tree.threshold[node] ? 0 : 1);
  }
  return static_cast<double>(tree.threshold[node]);
}

double TreeProblem::to_answer(double target) const noexcept {
  return log_target_ ? std::exp(target) : target;
}

std::shared_ptr<const Evaluator> TreeProblem::make_evaluator(const std::vector<GrownTree>& trees) const {
  TreeEnsemble sum;
  sum.num_inputs = table_->num_features();
  sum.importance.assign(sum.num_inputs, 0.0);
  std::size_t num_nodes = 0;
  for (const GrownTree& tree : trees) num_nodes += tree.feature.size();
  sum.feature.reserve(num_nodes);
  sum.threshold.reserve(num_nodes);
  sum.left.reserve(num_nodes);
  for (const GrownTree& tree : trees) {
    const auto root = static_cast<std::int32_t>(sum.feature.size());
    sum.roots.push_back(root);
    for (std::size_t i = 0; i < tree.feature.size(); ++i) {
      const bool is_leaf = tree.feature[i] < 0;
      sum.feature.push_back(tree.feature[i]);
      sum.threshold.push_back(is_leaf ? tree.threshold[i] / static_cast<float>(trees.size()) : tree.threshold[i]);
      sum.left.push_back(is_leaf ? -1 : root + tree.left[i]);
    }
    for (std::size_t j = 0; j < sum.num_inputs; ++j) sum.importance[j] += tree.gain[j];
  }
  const double total = std::accumulate(sum.importance.begin(), sum.importance.end(), 0.0);
  for (double& importance : sum.importance) importance = total > 0 ? importance / total : 0;

  std::shared_ptr<const Evaluator> evaluator = make_tree_ensemble(sum);
  if (!log_target_) return evaluator;
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  return make_transformed(transform_, std::move(evaluator), std::move(target));
}

}  // namespace perfmodel
