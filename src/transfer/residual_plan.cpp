#include "transfer/residual_plan.h"

#include <algorithm>
#include <numeric>

namespace perfmodel {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kMaxOpen = 1000;       // candidates that are weighed
constexpr std::size_t kMaxReferences = 400;  // of these, over which the variance is summed
constexpr std::size_t kMaxTaken = 500;       // measurements that count as known
constexpr std::size_t kMaxPlanned = 300;
constexpr double kShare = 1.0 / 3;

/// Candidates in random order, the open ones and the taken ones.
struct Order {
  std::vector<std::size_t> open, taken;
};

Order random_order(const std::vector<bool>& taken, Random random) {
  std::vector<std::size_t> all(taken.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  random.shuffle(Span<std::size_t>(all));
  Order order;
  for (const std::size_t candidate : all) (taken[candidate] ? order.taken : order.open).push_back(candidate);
  return order;
}

/// Covariances of some candidates, which shrink as measurements are planned.
class Knowledge {
 public:
  Knowledge(const ResidualProcess& process, const MatrixXd& features, const std::vector<std::size_t>& points)
      : noise_variance_(process.expected().noise_deviation * process.expected().noise_deviation) {
    MatrixXd some(static_cast<Index>(points.size()), features.cols());
    for (Index i = 0; i < some.rows(); ++i) some.row(i) = features.row(static_cast<Index>(points[i]));
    covariance_ = process.covariance(some, some, process.expected());
  }

  void measure(Index point) {
    const VectorXd column = covariance_.col(point);
    covariance_.noalias() -= column * (column.transpose() / (column[point] + noise_variance_));
  }

  /// By how much measuring each of the first `count` points lowers the variances of the first `num_references`.
  VectorXd gains(Index count, Index num_references) const {
    const VectorXd variances = covariance_.diagonal().head(count).cwiseMax(0).array() + noise_variance_;
    return covariance_.topLeftCorner(num_references, count)
        .colwise()
        .squaredNorm()
        .transpose()
        .cwiseQuotient(variances);
  }

 private:
  double noise_variance_;
  MatrixXd covariance_;
};

}  // namespace

std::vector<std::size_t> plan_measurements(const ResidualProcess& process, const MatrixXd& features,
                                           const std::vector<bool>& taken, std::size_t count, Random random) {
  const Order order = random_order(taken, random.fork(0));
  count = std::min(count, order.open.size());
  const std::size_t num_open = std::min(order.open.size(), kMaxOpen);
  const std::size_t num_taken = std::min(order.taken.size(), kMaxTaken);
  std::vector<std::size_t> points(order.open.begin(), order.open.begin() + static_cast<std::ptrdiff_t>(num_open));
  points.insert(points.end(), order.taken.begin(), order.taken.begin() + static_cast<std::ptrdiff_t>(num_taken));

  Knowledge knowledge(process, features, points);
  for (std::size_t i = num_open; i < points.size(); ++i) knowledge.measure(static_cast<Index>(i));
  const auto num_references = static_cast<Index>(std::min(num_open, kMaxReferences));
  Random draws = random.fork(1);
  std::vector<bool> is_planned(taken.size(), false);
  std::vector<std::size_t> planned;
  while (planned.size() < std::min({count, num_open, kMaxPlanned})) {
    const VectorXd gains = knowledge.gains(static_cast<Index>(num_open), num_references);
    Index best = -1;
    for (std::size_t i = 0; i < num_open; ++i) {
      const bool drawn = draws.chance(kShare);
      if (!drawn || is_planned[points[i]]) continue;
      if (best < 0 || gains[static_cast<Index>(i)] > gains[best]) best = static_cast<Index>(i);
    }
    if (best < 0) continue;  // nothing was drawn: draw again
    planned.push_back(points[static_cast<std::size_t>(best)]);
    is_planned[planned.back()] = true;
    knowledge.measure(best);
  }
  for (const std::size_t candidate : order.open) {
    if (planned.size() == count) break;
    if (!is_planned[candidate]) planned.push_back(candidate);
  }
  return planned;
}

}  // namespace perfmodel
