#include "learner/cost_trend.h"

#include <gtest/gtest.h>

#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {
namespace {

constexpr double kExact = 1e-4;  // the rows fit exactly; the least squares stop at small steps

// time = 0.5 + 2 work; "cost_signed" is negative in places, "size" is no cost term.
Dataset exact_rows() {
  Dataset data({"size", "cost_call", "cost_work", "cost_signed"}, "time_ms");
  for (int i = 1; i <= 40; ++i) {
    data.add_row(std::vector<double>{7.0 * i, 1, 0.1 * i, i % 2 == 0 ? 1.0 : -1.0}, 0.5 + 0.2 * i);
  }
  return data;
}

TEST(CostTrend, WeighsTheCostTermsThatAreNeverNegative) {
  const std::vector<double> costs = fit_costs(exact_rows());
  ASSERT_EQ(costs.size(), 4u);
  EXPECT_EQ(costs[0], 0);
  EXPECT_NEAR(costs[1], 0.5, kExact);
  EXPECT_NEAR(costs[2], 2, kExact);
  EXPECT_EQ(costs[3], 0);
}

TEST(CostTrend, IsEmptyWithoutCostTerms) {
  Dataset plain({"size", "my_cost_call"}, "time_ms");
  plain.add_row(std::vector<double>{1, 1}, 1);
  plain.add_row(std::vector<double>{2, 1}, 2);
  EXPECT_TRUE(fit_costs(plain).empty());
  Dataset zero({"cost_work"}, "time_ms");
  zero.add_row(std::vector<double>{0}, 1);
  EXPECT_TRUE(fit_costs(zero).empty());
}

TEST(CostTrend, AddsUpARow) {
  const std::vector<double> row = {3, 5, 7};
  EXPECT_EQ(cost_of_row({0, 2, 0.5}, row), 13.5);
  EXPECT_EQ(cost_of_row({}, row), 1);
  EXPECT_EQ(cost_of_row({0, 0, 0}, row), TargetTransform::kSmallestCost);
}

TEST(CostTrend, TakesCostTermsFromTheInputs) {
  const Dataset data = exact_rows();
  const std::vector<ColumnTransform::Shape> shapes(4, ColumnTransform::Shape::kIdentity);
  const FeatureTransform all = FeatureTransform::fit(data.features(), shapes);
  EXPECT_EQ(without_cost_terms(all, data.feature_names(), {}).num_outputs(), all.num_outputs());
  const FeatureTransform rest = without_cost_terms(all, data.feature_names(), fit_costs(data));
  EXPECT_EQ(rest.num_outputs(), 1u);
  EXPECT_TRUE(rest.columns()[0].used);
}

}  // namespace
}  // namespace perfmodel
