#include "perfmodel/data/metrics.h"

#include <cmath>
#include <limits>
#include <vector>

#include "expect_error.h"

namespace perfmodel {
namespace {

using Values = std::vector<double>;

constexpr double kRounding = 1e-12;  // a few dozen roundings of numbers near 1, with room

// By hand. Errors 0.1, -0.4, 0, 1.2 on 1, 2, 4, 8: 10 %, 20 %, 0 %, 15 %.
//   MAPE 45 / 4; RMSE sqrt(1.61 / 4); MAE 1.7 / 4; total sum of squares 85 - 4 * 3.75^2 = 28.75; within 10 %: two of
//   four; the 0.95-quantile lies at 2.85 of the order 0, 10, 15, 20: 15 + 0.85 * 5.
TEST(Compare, AgreesWithAHandCalculation) {
  const ErrorReport report = compare(Values{1, 2, 4, 8}, Values{1.1, 1.6, 4, 9.2});
  EXPECT_EQ(report.rows, 4u);
  EXPECT_NEAR(report.mape_pct, 11.25, 100 * kRounding);
  EXPECT_NEAR(report.rmse, std::sqrt(1.61 / 4), kRounding);
  EXPECT_NEAR(report.mae, 0.425, kRounding);
  EXPECT_NEAR(report.r2, 1 - 1.61 / 28.75, kRounding);
  EXPECT_NEAR(report.p95_ape_pct, 19.25, 100 * kRounding);
  EXPECT_EQ(report.spearman, 1);
}

TEST(Compare, CountsErrorsOfTenPercentAsWithin) {
  EXPECT_EQ(compare(Values{10, 10, 10, 10}, Values{11, 9, 11.5, 10}).within_10_pct, 75);
}

TEST(Compare, PerfectPredictionsHaveNoError) {
  const ErrorReport report = compare(Values{1, 2, 3}, Values{1, 2, 3});
  EXPECT_EQ(report.mape_pct, 0);
  EXPECT_EQ(report.rmse, 0);
  EXPECT_EQ(report.r2, 1);
  EXPECT_EQ(report.within_10_pct, 100);
}

TEST(Compare, OneRowAndConstantRowsHaveNoR2) {
  EXPECT_TRUE(std::isnan(compare(Values{2}, Values{3}).r2));
  EXPECT_TRUE(std::isnan(compare(Values{2}, Values{3}).spearman));
  EXPECT_EQ(compare(Values{2}, Values{3}).mape_pct, 50);
  EXPECT_TRUE(std::isnan(compare(Values{2, 2}, Values{3, 1}).r2));
}

TEST(Compare, MeansThatPredictNothingHaveNoR2AboveZero) {
  EXPECT_NEAR(compare(Values{1, 2, 3}, Values{2, 2, 2}).r2, 0, kRounding);
  EXPECT_LT(compare(Values{1, 2, 3}, Values{3, 2, 1}).r2, 0);
}

TEST(Compare, RefusesWhatHasNoPercentage) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  EXPECT_PM_ERROR(compare({}, {}), ErrorCode::kInvalidArgument, "no values to compare");
  EXPECT_PM_ERROR(compare(Values{1, 2}, Values{1}), ErrorCode::kMismatch, "2 values cannot be compared with 1");
  EXPECT_PM_ERROR(compare(Values{1, 0}, Values{1, 1}), ErrorCode::kInvalidArgument,
                  "measured value 1 is 0, not positive and finite");
  EXPECT_PM_ERROR(compare(Values{-1}, Values{1}), ErrorCode::kInvalidArgument, "measured value 0 is -1");
  EXPECT_PM_ERROR(mape_pct(Values{nan}, Values{1}), ErrorCode::kInvalidArgument, "measured value 0 is nan");
  EXPECT_PM_ERROR(mape_pct(Values{infinity}, Values{1}), ErrorCode::kInvalidArgument, "measured value 0 is inf");
  EXPECT_PM_ERROR(mape_pct(Values{1}, Values{nan}), ErrorCode::kInvalidArgument,
                  "predicted value 0 is nan, not finite");
}

TEST(MapePct, IsTheMeanAbsolutePercentageError) {
  EXPECT_NEAR(mape_pct(Values{1, 2, 4, 8}, Values{1.1, 1.6, 4, 9.2}), 11.25, 100 * kRounding);
}

// Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3.5, 3.5, 5; scipy.stats.spearmanr says 0.7631578947368421 (29 / 38).
TEST(Spearman, SharesRanksAmongTies) {
  EXPECT_NEAR(spearman(Values{1, 2, 2, 4, 5}, Values{2, 1, 4, 4, 6}), 29.0 / 38, kRounding);
}

TEST(Spearman, SeesOrderOnly) {
  EXPECT_EQ(spearman(Values{-3, 1, 100}, Values{1, 2, 3}), 1);
  EXPECT_EQ(spearman(Values{1, 2, 3}, Values{9, 8, -7}), -1);
  EXPECT_TRUE(std::isnan(spearman(Values{1, 1, 1}, Values{1, 2, 3})));
  EXPECT_PM_ERROR(spearman(Values{1, std::nan("")}, Values{1, 2}), ErrorCode::kInvalidArgument, "value 1 is nan");
  EXPECT_PM_ERROR(spearman({}, {}), ErrorCode::kInvalidArgument, "no values");
  EXPECT_PM_ERROR(spearman(Values{1}, {}), ErrorCode::kMismatch, "1 values cannot be compared with 0");
}

// numpy.quantile([7, 1, 3, 10], [0.25, 0.5, 0.95]) says 2.5, 5, 9.55.
TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  const Values values{7, 1, 3, 10};
  EXPECT_EQ(quantile(values, 0.25), 2.5);
  EXPECT_EQ(quantile(values, 0.5), 5);
  EXPECT_NEAR(quantile(values, 0.95), 9.55, 10 * kRounding);
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 1), 10);
  EXPECT_EQ(quantile(Values{4}, 0.3), 4);
}

TEST(Quantile, RefusesNothingAndWhatIsOutside) {
  EXPECT_PM_ERROR(quantile({}, 0.5), ErrorCode::kInvalidArgument, "no values");
  for (const double bad : {-0.01, 1.01, std::nan("")}) {
    EXPECT_PM_ERROR(quantile(Values{1}, bad), ErrorCode::kInvalidArgument, "-quantile (allowed: 0 to 1)");
  }
  EXPECT_PM_ERROR(quantile(Values{1, std::nan("")}, 0.5), ErrorCode::kInvalidArgument, "value 1 is nan, not finite");
}

TEST(Median, TakesOddAndEvenCounts) {
  EXPECT_EQ(median(Values{3, 1, 2}), 2);
  EXPECT_EQ(median(Values{3, 1, 2, 10}), 2.5);
  EXPECT_PM_ERROR(median({}), ErrorCode::kInvalidArgument, "no values");
}

// Median 3, deviations 2, 1, 0, 1, 97: their median is 1.
TEST(RobustSpread, DoesNotMindOutliers) {
  EXPECT_NEAR(robust_spread(Values{1, 2, 3, 4, 100}), 1.4826, kRounding);
  EXPECT_EQ(robust_spread(Values{5}), 0);
  EXPECT_PM_ERROR(robust_spread({}), ErrorCode::kInvalidArgument, "no values");
}

}  // namespace
}  // namespace perfmodel
