#include "train_torch/log_trend.h"

#include <gtest/gtest.h>

#include <vector>

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-9;  // a 2 x 2 system in double precision

TEST(LinearTrend, FindsAnExactLine) {
  const std::vector<float> rows = {-1, 0, 0, 1, 1, -1, 2, 3};
  std::vector<double> targets;
  for (std::size_t i = 0; i < 4; ++i) targets.push_back(5 + 2.0 * rows[2 * i] - 3.0 * rows[2 * i + 1]);
  const LinearTrend trend = fit_linear_trend({rows.data(), 4, 2}, targets, 0);
  EXPECT_NEAR(trend.bias, 5, kRounding);
  EXPECT_NEAR(trend.slopes[0], 2, kRounding);
  EXPECT_NEAR(trend.slopes[1], -3, kRounding);
}

// One column of variance 1: the slope is covariance / (variance + ridge), the bias the targets' mean.
TEST(LinearTrend, RidgeShrinksSlopesAndNotTheBias) {
  const std::vector<float> rows = {-1, 1};
  const std::vector<double> targets = {8, 12};
  const LinearTrend trend = fit_linear_trend({rows.data(), 2, 1}, targets, 1);
  EXPECT_NEAR(trend.slopes[0], 2.0 / (1.0 + 1.0), kRounding);
  EXPECT_NEAR(trend.bias, 10, kRounding);
}

TEST(LinearTrend, RidgeSharesASlopeBetweenEqualColumns) {
  const std::vector<float> rows = {-1, -1, 1, 1};
  const std::vector<double> targets = {-2, 2};
  const LinearTrend trend = fit_linear_trend({rows.data(), 2, 2}, targets, 1e-3);
  EXPECT_NEAR(trend.slopes[0], trend.slopes[1], kRounding);
  EXPECT_NEAR(trend.slopes[0] + trend.slopes[1], 2, 2e-3);  // the ridge's share
}

}  // namespace
}  // namespace perfmodel
