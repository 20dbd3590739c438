#include "perfmodel/data/transform.h"

#include <cmath>
#include <limits>
#include <vector>

#include "expect_error.h"

namespace perfmodel {
namespace {

using Values = std::vector<double>;
using Shape = ColumnTransform::Shape;

constexpr double kRounding = 1e-12;  // a few dozen roundings of numbers near 1, with room
constexpr double kLambdaTolerance =
    1e-6;  // two searches stop at different places of a flat top (scipy's: 1.5e-8 relative)

TEST(BoxCox, AgreesWithAHandCalculation) {
  EXPECT_NEAR(box_cox(4, 0.5), 2, kRounding);
  EXPECT_NEAR(box_cox(3, 2), 4, kRounding);
  EXPECT_NEAR(box_cox(2, -1), 0.5, kRounding);
  EXPECT_NEAR(box_cox(7, 1), 6, kRounding);
  EXPECT_EQ(box_cox(1, 3), 0);
  EXPECT_NEAR(box_cox(std::exp(2.0), 0), 2, kRounding);
}

TEST(BoxCox, IsContinuousAtZero) {
  // (x^l - 1) / l = log x + l (log x)^2 / 2 + ..., where rounding of x^l - 1 alone would cost eight digits.
  const double log_x = std::log(50.0);
  EXPECT_NEAR(box_cox(50, 2e-9), log_x + 1e-9 * log_x * log_x, kRounding);
  EXPECT_NEAR(box_cox(50, -2e-9), log_x - 1e-9 * log_x * log_x, kRounding);
}

// Expected values: scipy.stats.boxcox of scipy 1.10.1.
TEST(FitBoxCoxLambda, AgreesWithScipy) {
  const struct {
    const char* name;
    Values values;
    double lambda;
  } kReferences[] = {
      {"squares", {1, 4, 9, 25, 49, 64, 196, 784, 1024, 3136, 12544, 50176, 89401, 262144}, -0.0219402202},
      {"ties", {1, 1, 1, 9, 9, 9, 9, 25, 25, 49, 121}, 0.0471712727},
      {"fractions", {0.3, 0.5, 0.7, 1.1, 1.9, 2.0, 8.5, 20.0}, -0.2545526832},
  };
  for (const auto& reference : kReferences) {
    SCOPED_TRACE(reference.name);
    EXPECT_NEAR(fit_box_cox_lambda(reference.values), reference.lambda, kLambdaTolerance);
  }
}

TEST(FitBoxCoxLambda, DoesNotDependOnTheUnit) {
  const Values values{0.3, 0.5, 0.7, 1.1, 1.9, 2.0, 8.5, 20.0};
  for (const double unit : {1e-200, 1e-3, 1e9, 1e200}) {
    Values scaled = values;
    for (double& x : scaled) x *= unit;
    EXPECT_NEAR(fit_box_cox_lambda(scaled), fit_box_cox_lambda(values), kLambdaTolerance) << unit;
  }
}

TEST(FitBoxCoxLambda, EndsAtTheEdgeOfItsRange) {
  // Values that even the fifth power leaves skewed to the left, and their inverses.
  const Values values{1, 9.9, 9.91, 9.92, 9.93, 9.94, 9.95, 9.96, 9.97, 9.98, 9.99, 10};
  Values inverses;
  for (const double x : values) inverses.push_back(1 / x);
  EXPECT_NEAR(fit_box_cox_lambda(values), 5, kLambdaTolerance);
  EXPECT_NEAR(fit_box_cox_lambda(inverses), -5, kLambdaTolerance);
}

TEST(FitBoxCoxLambda, TakesTwoValuesSymmetrically) {
  EXPECT_NEAR(fit_box_cox_lambda(Values{1, 2}), 0, kLambdaTolerance);
}

TEST(FitBoxCoxLambda, RefusesWhatHasNoLambda) {
  EXPECT_PM_ERROR(fit_box_cox_lambda(Values{1, 0, 2}), ErrorCode::kInvalidArgument, "value 1 is 0");
  EXPECT_PM_ERROR(fit_box_cox_lambda(Values{-1, 2}), ErrorCode::kInvalidArgument, "value 0 is -1");
  EXPECT_PM_ERROR(fit_box_cox_lambda(Values{1, std::nan("")}), ErrorCode::kInvalidArgument, "value 1 is nan");
  EXPECT_PM_ERROR(fit_box_cox_lambda(Values{3, 3, 3}), ErrorCode::kInvalidArgument, "two different values");
  EXPECT_PM_ERROR(fit_box_cox_lambda({}), ErrorCode::kInvalidArgument, "two different values");
}

TEST(FeatureTransform, ScoresEachColumn) {
  // Identity of 1, 2, 3, 4: mean 2.5, deviation sqrt(1.25). Log of 1, e, e, e^2: 0, 1, 1, 2: mean 1, deviation
  // sqrt(0.5).
  const double e = std::exp(1.0);
  const Values rows{1, 1, 2, e, 3, e, 4, e * e};
  const FeatureTransform transform =
      FeatureTransform::fit({rows.data(), 4, 2}, std::vector<Shape>{Shape::kIdentity, Shape::kLog});
  EXPECT_NEAR(transform.columns()[0].mean, 2.5, kRounding);
  EXPECT_NEAR(transform.columns()[0].deviation, std::sqrt(1.25), kRounding);
  Values out(2);
  transform.apply(Values{1, e * e}, Span<double>(out));
  EXPECT_NEAR(out[0], -1.5 / std::sqrt(1.25), kRounding);
  EXPECT_NEAR(out[1], std::sqrt(2.0), kRounding);
  std::vector<float> narrow(2);
  transform.apply(Values{1, e * e}, Span<float>(narrow));
  EXPECT_EQ(narrow[1], static_cast<float>(out[1]));
}

TEST(FeatureTransform, FitsBoxCoxAndLeavesUnitScores) {
  const Values values{0.3, 0.5, 0.7, 1.1, 1.9, 2.0, 8.5, 20.0};
  const FeatureTransform transform =
      FeatureTransform::fit({values.data(), values.size(), 1}, std::vector<Shape>{Shape::kBoxCox});
  EXPECT_NEAR(transform.columns()[0].lambda, -0.2545526832, kLambdaTolerance);
  double sum = 0, squares = 0;
  for (const double x : values) {
    double score = 0;
    transform.apply(Values{x}, Span<double>(&score, 1));
    sum += score;
    squares += score * score;
  }
  EXPECT_NEAR(sum, 0, kRounding);
  EXPECT_NEAR(squares, static_cast<double>(values.size()), 10 * kRounding);
}

TEST(FeatureTransform, LeavesConstantColumnsOut) {
  const Values rows{0, 1, 7, 0, 2, 7, 0, 3, 7};
  const FeatureTransform transform =
      FeatureTransform::fit({rows.data(), 3, 3}, std::vector<Shape>{Shape::kLog, Shape::kIdentity, Shape::kBoxCox});
  EXPECT_EQ(transform.num_inputs(), 3u);
  EXPECT_EQ(transform.num_outputs(), 1u);
  EXPECT_FALSE(transform.columns()[0].used);
  EXPECT_TRUE(transform.columns()[1].used);
  EXPECT_FALSE(transform.columns()[2].used);
  double score = -1;
  transform.apply(Values{99, 2, 99}, Span<double>(&score, 1));
  EXPECT_NEAR(score, 0, kRounding);
}

TEST(FeatureTransform, OneRowIsConstant) {
  const Values row{1, 2};
  EXPECT_EQ(FeatureTransform::fit({row.data(), 1, 2}, std::vector<Shape>(2)).num_outputs(), 0u);
}

TEST(FeatureTransform, TakesTheLogWhereBoxCoxWouldLoseTheValues) {
  // The best lambda is about -2.3, where x^-2.3 is some 1e-14: of 16 digits of (x^-2.3 - 1) / -2.3 two are left.
  Values rows;
  for (const double x : Values{1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 50}) rows.push_back(1e6 * x);
  ASSERT_LT(fit_box_cox_lambda(rows), -2);
  const FeatureTransform transform =
      FeatureTransform::fit({rows.data(), rows.size(), 1}, std::vector<Shape>{Shape::kBoxCox});
  EXPECT_EQ(transform.columns()[0].lambda, 0);
  double first = 0, last = 0;
  transform.apply(Values{rows.front()}, Span<double>(&first, 1));
  transform.apply(Values{rows.back()}, Span<double>(&last, 1));
  EXPECT_GT(last - first, 1);
}

TEST(FeatureTransform, ResultsAreFiniteWhateverTheRow) {
  const Values rows{1, 1, 1, 2, 3, 5, 3, 9, 12};
  const FeatureTransform transform =
      FeatureTransform::fit({rows.data(), 3, 3}, std::vector<Shape>{Shape::kIdentity, Shape::kLog, Shape::kBoxCox});
  for (const double x :
       {-1.0, 0.0, 5e-324, std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()}) {
    std::vector<float> out(3);
    transform.apply(Values{x, x, x}, Span<float>(out));
    for (const float score : out) EXPECT_LE(std::abs(score), 1e6f) << x;
  }
  Values zero(3), smallest(3);
  transform.apply(Values{1, 0, 0}, Span<double>(zero));
  transform.apply(Values{1, std::numeric_limits<double>::min(), std::numeric_limits<double>::min()},
                  Span<double>(smallest));
  EXPECT_EQ(zero, smallest);
}

TEST(FeatureTransform, RefusesBadRows) {
  const Values rows{1, 2, 3, -4};
  const auto fit = [&](MatrixView<const double> view, std::vector<Shape> shapes) {
    FeatureTransform::fit(view, shapes);
  };
  EXPECT_PM_ERROR(fit({rows.data(), 0, 2}, std::vector<Shape>(2)), ErrorCode::kInvalidArgument, "no rows");
  EXPECT_PM_ERROR(fit({rows.data(), 2, 2}, std::vector<Shape>(1)), ErrorCode::kMismatch, "1 shapes for 2 columns");
  for (const Shape shape : {Shape::kLog, Shape::kBoxCox}) {
    EXPECT_PM_ERROR(fit({rows.data(), 2, 2}, {Shape::kIdentity, shape}), ErrorCode::kInvalidArgument,
                    "column 1 holds -4, its transform needs values > 0");
  }
  const Values bad{1, std::nan("")};
  EXPECT_PM_ERROR(fit({bad.data(), 2, 1}, std::vector<Shape>(1)), ErrorCode::kInvalidArgument,
                  "column 0, row 1: nan is not finite");
}

TEST(FeatureTransform, RefusesColumnsThatCannotScore) {
  ColumnTransform column;
  column.deviation = 0;
  EXPECT_PM_ERROR(FeatureTransform({ColumnTransform(), column}), ErrorCode::kInvalidArgument,
                  "column 1: lambda 1, mean 0");
  column.deviation = 1;
  column.lambda = std::nan("");
  EXPECT_PM_ERROR(FeatureTransform({column}), ErrorCode::kInvalidArgument, "column 0: lambda nan");
}

}  // namespace
}  // namespace perfmodel
