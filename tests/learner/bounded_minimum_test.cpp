#include "learner/bounded_minimum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kTolerance = 1e-4;  // the optimiser ends at a projected gradient of 1e-6

/// Rosenbrock's valley: a minimum of 0 at (1, 1).
double rosenbrock(const std::vector<double>& x, std::vector<double>& gradient) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient = {-2 * a - 400 * x[0] * b, 200 * b};
  return a * a + 100 * b * b;
}

TEST(BoundedMinimum, FindsTheEndOfRosenbrocksValley) {
  const Minimum found = minimise_within_bounds(rosenbrock, {-1.2, 1}, {-5, -5}, {5, 5}, 200);
  EXPECT_NEAR(found.point[0], 1, kTolerance);
  EXPECT_NEAR(found.point[1], 1, kTolerance);
  EXPECT_NEAR(found.value, 0, kTolerance);
}

TEST(BoundedMinimum, StaysWithinBounds) {
  // With x0 <= 0.5 the minimum of (1 - x0)^2 + 100 (x1 - x0^2)^2 is at (0.5, 0.25), by hand.
  bool inside = true;
  const SmoothFunction watched = [&](const std::vector<double>& x, std::vector<double>& gradient) {
    inside = inside && x[0] >= -2 && x[0] <= 0.5 && x[1] >= -2 && x[1] <= 2;
    return rosenbrock(x, gradient);
  };
  const Minimum found = minimise_within_bounds(watched, {-1.2, 1}, {-2, -2}, {0.5, 2}, 200);
  EXPECT_TRUE(inside);
  EXPECT_NEAR(found.point[0], 0.5, kTolerance);
  EXPECT_NEAR(found.point[1], 0.25, kTolerance);
  EXPECT_NEAR(found.value, 0.25, kTolerance);
}

TEST(BoundedMinimum, MovesAStartToTheBounds) {
  const Minimum found = minimise_within_bounds(rosenbrock, {100, -100}, {-5, -5}, {5, 5}, 200);
  EXPECT_NEAR(found.value, 0, kTolerance);
}

TEST(BoundedMinimum, TakesTheStartOfAFlatFunction) {
  const SmoothFunction flat = [](const std::vector<double>&, std::vector<double>& gradient) {
    gradient = {0, 0};
    return 3.0;
  };
  const Minimum found = minimise_within_bounds(flat, {1, 2}, {-5, -5}, {5, 5}, 10);
  EXPECT_EQ(found.point, (std::vector<double>{1, 2}));
  EXPECT_EQ(found.value, 3);
}

TEST(BoundedMinimum, TakesTheBestPointWhenTheGradientMisleads) {
  const SmoothFunction wrong = [](const std::vector<double>& x, std::vector<double>& gradient) {
    gradient = {-2 * x[0]};  // of -x^2
    return x[0] * x[0];
  };
  const Minimum found = minimise_within_bounds(wrong, {1}, {-5}, {5}, 10);
  EXPECT_LE(found.value, 1);
}

TEST(BoundedMinimum, TakesTheStartWithinBoundsWhereNoPointHasAValue) {
  const SmoothFunction nowhere = [](const std::vector<double>&, std::vector<double>&) -> double {
    throw std::runtime_error("not defined");
  };
  const SmoothFunction not_a_number = [](const std::vector<double>&, std::vector<double>& gradient) {
    gradient.assign(gradient.size(), std::nan(""));
    return std::nan("");
  };
  for (const SmoothFunction& function : {nowhere, not_a_number}) {
    const Minimum found = minimise_within_bounds(function, {1, 100}, {-5, -5}, {5, 5}, 10);
    EXPECT_EQ(found.point, (std::vector<double>{1, 5}));
    EXPECT_EQ(found.value, std::numeric_limits<double>::infinity());
  }
}

TEST(BoundedMinimum, LetsOurErrorsPass) {
  const SmoothFunction throws = [](const std::vector<double>&, std::vector<double>&) -> double {
    throw Error(ErrorCode::kCancelled, "the fit was cancelled");
  };
  EXPECT_PM_ERROR(minimise_within_bounds(throws, {1}, {-5}, {5}, 10), ErrorCode::kCancelled, "cancelled");
}

}  // namespace
}  // namespace perfmodel
