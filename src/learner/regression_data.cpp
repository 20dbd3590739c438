#include "learner/regression_data.h"

#include <cmath>

#include "learner/training_info.h"

namespace perfmodel {

RegressionData::RegressionData(const std::string& learner, const Dataset& data, bool log_target_)
    : log_target(log_target_) {
  if (log_target) require_positive_targets(data, learner + " with log_target");
  const MatrixView<const double> rows = data.features();
  const std::vector<ColumnTransform::Shape> shapes(rows.cols(), ColumnTransform::Shape::kIdentity);
  transform = FeatureTransform::fit(rows, shapes);
  const auto num_rows = static_cast<Eigen::Index>(rows.rows());
  features.resize(num_rows, static_cast<Eigen::Index>(transform.num_outputs()));
  targets.resize(num_rows);
  std::vector<double> transformed(transform.num_outputs());
  for (Eigen::Index i = 0; i < num_rows; ++i) {
    const auto row = static_cast<std::size_t>(i);
    transform.apply(rows.row(row), Span<double>(transformed));
    for (std::size_t j = 0; j < transformed.size(); ++j) features(i, static_cast<Eigen::Index>(j)) = transformed[j];
    targets[i] = log_target ? std::log(data.targets()[row]) : data.targets()[row];
  }
}

double RegressionData::to_answer(double target) const noexcept {
  return log_target ? std::exp(target) : target;
}

std::shared_ptr<const Evaluator> RegressionData::make_evaluator(Polynomial polynomial) const {
  TargetTransform target;
  target.kind = log_target ? TargetTransform::Kind::kLog : TargetTransform::Kind::kScale;
  return make_transformed(transform, make_polynomial(std::move(polynomial)), std::move(target));
}

Eigen::MatrixXd take_rows(const Eigen::MatrixXd& values, const std::vector<std::size_t>& rows) {
  Eigen::MatrixXd taken(static_cast<Eigen::Index>(rows.size()), values.cols());
  if (values.cols() == 0) return taken;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    taken.row(static_cast<Eigen::Index>(i)) = values.row(static_cast<Eigen::Index>(rows[i]));
  }
  return taken;
}

}  // namespace perfmodel
