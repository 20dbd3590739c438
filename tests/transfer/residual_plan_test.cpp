#include "transfer/residual_plan.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <numeric>
#include <set>

namespace perfmodel {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

// Two options and the log source; 400 candidates.
MatrixXd draw_candidates() {
  Random random(1);
  MatrixXd features(400, 3);
  for (Index i = 0; i < features.size(); ++i) features.data()[i] = random.normal();
  features.col(2) *= 0.4;
  return features;
}

ResidualProcess make_process() {
  return ResidualProcess({1, 2}, 0, 0.4);
}

/// Mean variance over all candidates after measuring some.
double remaining_variance(const MatrixXd& candidates, const std::vector<std::size_t>& measured) {
  const ResidualProcess process = make_process();
  const ResidualParameters parameters = process.expected();
  MatrixXd some(static_cast<Index>(measured.size()), candidates.cols());
  for (Index i = 0; i < some.rows(); ++i) {
    some.row(i) = candidates.row(static_cast<Index>(measured[static_cast<std::size_t>(i)]));
  }
  const MatrixXd noise =
      parameters.noise_deviation * parameters.noise_deviation * MatrixXd::Identity(some.rows(), some.rows());
  const MatrixXd k = process.covariance(some, some, parameters) + noise;
  const MatrixXd cross = process.covariance(candidates, some, parameters);
  const MatrixXd prior = process.covariance(candidates, candidates, parameters);
  return (prior - cross * k.llt().solve(cross.transpose())).trace() / static_cast<double>(candidates.rows());
}

TEST(ResidualPlan, LeavesLessVarianceThanRandomMeasurements) {
  const MatrixXd candidates = draw_candidates();
  const std::vector<bool> none(400, false);
  double planned = 0, drawn = 0;
  constexpr int kRuns = 5;
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    planned += remaining_variance(candidates, plan_measurements(make_process(), candidates, none, 15, Random(seed)));
    std::vector<std::size_t> order(400);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random(seed).shuffle(Span<std::size_t>(order));
    order.resize(15);
    drawn += remaining_variance(candidates, order);
  }
  EXPECT_LT(planned, 0.8 * drawn);
  EXPECT_GT(planned, 0.2 * drawn) << "15 measurements cannot tell that much of 400";
}

TEST(ResidualPlan, TakesIntoAccountWhatIsMeasured) {
  const MatrixXd candidates = draw_candidates();
  std::vector<bool> taken(400, false);
  const std::vector<std::size_t> first = plan_measurements(make_process(), candidates, taken, 8, Random(3));
  for (const std::size_t candidate : first) taken[candidate] = true;
  std::vector<std::size_t> both = plan_measurements(make_process(), candidates, taken, 8, Random(3));
  for (const std::size_t candidate : both) EXPECT_FALSE(taken[candidate]);
  both.insert(both.end(), first.begin(), first.end());
  const std::vector<std::size_t> at_once =
      plan_measurements(make_process(), candidates, std::vector<bool>(400, false), 16, Random(3));
  const double ratio = remaining_variance(candidates, both) / remaining_variance(candidates, at_once);
  EXPECT_LT(ratio, 1.15);
  EXPECT_GT(ratio, 0.87);
}

TEST(ResidualPlan, GivesEachCandidateOnceAndAllWhenAskedForMore) {
  const MatrixXd candidates = draw_candidates();
  std::vector<bool> taken(400, false);
  taken[7] = true;
  const std::vector<std::size_t> planned = plan_measurements(make_process(), candidates, taken, 1000, Random(0));
  EXPECT_EQ(planned.size(), 399U);
  EXPECT_EQ(std::set<std::size_t>(planned.begin(), planned.end()).size(), 399U);
  EXPECT_TRUE(plan_measurements(make_process(), candidates, std::vector<bool>(400, true), 5, Random(0)).empty());
}

}  // namespace
}  // namespace perfmodel
