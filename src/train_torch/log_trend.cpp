#include "train_torch/log_trend.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace perfmodel {

LinearTrend fit_linear_trend(MatrixView<const float> rows, Span<const double> targets, double ridge) {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(rows.rows()), d = static_cast<Eigen::Index>(rows.cols());
  const Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>> map(
      rows.data(), n, d, Eigen::OuterStride<>(static_cast<Eigen::Index>(rows.stride())));
  const Eigen::MatrixXd x = map.cast<double>();
  const Eigen::Map<const Eigen::VectorXd> y(targets.data(), n);

  const Eigen::RowVectorXd column_means = x.colwise().mean();
  const Eigen::MatrixXd centred = x.rowwise() - column_means;
  Eigen::MatrixXd gram = centred.transpose() * centred / static_cast<double>(n);
  gram.diagonal().array() += ridge;
  const Eigen::VectorXd moments = centred.transpose() * (y.array() - y.mean()).matrix() / static_cast<double>(n);
  const Eigen::VectorXd slopes = gram.ldlt().solve(moments);

  LinearTrend trend;
  trend.slopes.assign(slopes.data(), slopes.data() + d);
  trend.bias = y.mean() - column_means * slopes;
  return trend;
}

}  // namespace perfmodel
