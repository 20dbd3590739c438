#include "power/trapezoid.h"

#include <gtest/gtest.h>

#include <cmath>

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-9;  // of sums of up to 10000 terms

TEST(Trapezoid, BeginsWithItsFirstSample) {
  Trapezoid integral(0.001, 0, 0);
  EXPECT_EQ(integral.joules(), 0);
  integral.add(1000, 7);
  EXPECT_EQ(integral.joules(), 0);
  EXPECT_EQ(integral.watts(), 7);
}

TEST(Trapezoid, IsExactForConstantPower) {
  Trapezoid integral(0.001, 0, 0);
  for (int i = 0; i <= 10000; ++i) integral.add(i * 0.001, 12.5);
  EXPECT_NEAR(integral.joules(), 125, 125 * kRounding);
}

TEST(Trapezoid, IsExactForARampWhateverTheMoments) {
  Trapezoid integral(0.001, 0, 0);
  const double moments_s[] = {0, 0.001, 0.1, 0.25, 2, 2.0001, 5};
  for (const double time_s : moments_s) integral.add(time_s, 3 + 2 * time_s);
  EXPECT_NEAR(integral.joules(), 3 * 5 + 5 * 5, 40 * kRounding);  // the integral of 3 + 2t from 0 to 5
  EXPECT_EQ(integral.watts(), 13);
}

TEST(Trapezoid, TakesTheLaterOfTwoSamplesAtOneMoment) {
  Trapezoid integral(0.001, 0, 0);
  integral.add(0, 10);
  integral.add(1, 10);
  integral.add(1, 20);
  EXPECT_DOUBLE_EQ(integral.joules(), 10);
  integral.add(2, 20);
  EXPECT_DOUBLE_EQ(integral.joules(), 30);
}

TEST(Trapezoid, CanBeOffByAnUpdateAndItsSteps) {
  Trapezoid integral(0.005, 0.002, 0.001);
  integral.add(0, 10);
  integral.add(0.001, 10);  // asked more often than it samples: no better for that
  EXPECT_DOUBLE_EQ(integral.error_joules(2, 10), 0.005 * 10 + 0.001 * 2);
  Trapezoid slow(0.005, 0.1, 0);
  slow.add(0, 10);
  EXPECT_DOUBLE_EQ(slow.error_joules(2, 10), 0.1 * 10);
}

TEST(Trapezoid, CanBeOffByHalfASampleOfEachChange) {
  Trapezoid integral(0.005, 0, 0);
  double watts = 0;
  for (int i = 0; i <= 10; ++i) integral.add(i * 0.005, watts = 10 - watts);
  EXPECT_NEAR(integral.error_joules(0.05, 5), 0.005 * 5 + 10 * 0.0025 * 10, 1e-12);
  EXPECT_NEAR(integral.error_joules(0.02, 5), 0.005 * 5 + 4 * 0.0025 * 10, 1e-12);
}

TEST(Trapezoid, CanBeOffByAllItDidNotSee) {
  Trapezoid integral(0.005, 0, 0);
  integral.add(0, 10);
  integral.add(3, 10);
  integral.add(3.005, 10);
  integral.add(4.005, 10);
  EXPECT_DOUBLE_EQ(integral.error_joules(4.005, 10), (0.005 + 2.995 + 0.995) * 10);
  EXPECT_DOUBLE_EQ(integral.error_joules(1, 10), (0.005 + 0.995) * 10);  // the first gap ended before this window
  for (int i = 1; i <= 100; ++i) integral.add(4.005 + i * 0.005, 10);
  EXPECT_NEAR(integral.error_joules(0.4, 10), 0.05, 1e-9);  // forgotten
}

}  // namespace
}  // namespace perfmodel
