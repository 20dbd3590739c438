#include "power/energy_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // of sums of some joules

TEST(EnergyPoints, LieOnStraightLinesBetweenReadings) {
  EnergyPoints points;
  points.add({10, 0, {0, 0}});
  points.add({12, 8, {1, 0}});
  points.add({16, 10, {1, 4}});
  EXPECT_EQ(points.first_s(), 10);
  EXPECT_EQ(points.last_s(), 16);
  const EnergyPoints::Between early = points.at(10.5);
  EXPECT_EQ(early.point.joules, 2);
  EXPECT_EQ(early.point.errors.change_joules, 0.25);
  EXPECT_EQ(early.distance_s, 0.5);
  const EnergyPoints::Between late = points.at(15);
  EXPECT_EQ(late.point.joules, 9.5);
  EXPECT_EQ(late.point.errors.late_s, 3);
  EXPECT_EQ(late.distance_s, 1);
}

TEST(EnergyPoints, AreExactAtReadings) {
  EnergyPoints points;
  for (int i = 0; i < 5; ++i) points.add({0.1 * i, 7.0 * i, {}});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(points.at(0.1 * i).point.joules, 7.0 * i);
    EXPECT_EQ(points.at(0.1 * i).distance_s, 0);
  }
}

TEST(EnergyPoints, TakeReadingsOfOneMoment) {
  EnergyPoints points;
  points.add({1, 5, {}});
  points.add({1, 5, {}});
  EXPECT_EQ(points.at(1).point.joules, 5);
}

/// Readings of a sensor of means, two of each update; a new number comes halfway between two readings.
EnergyPoints of_means(const std::vector<double>& means_watts) {
  EnergyPoints points;
  double joules = 0, last_watts = means_watts.front();
  for (std::size_t i = 0; i < 2 * means_watts.size(); ++i) {
    const double watts = means_watts[i / 2];
    if (i > 0) joules += 0.5 * (last_watts + watts) / 2;
    points.add({0.25 + 0.5 * static_cast<double>(i), joules, {}, watts});
    last_watts = watts;
  }
  return points;
}

TEST(EnergyPoints, OfMeansAreEvenWithinAnUpdate) {
  const EnergyPoints points = of_means({4, 4, 4, 8, 8, 6, 6});
  const double at_2 = points.joules_of_means(2, 1);
  EXPECT_NEAR(points.joules_of_means(2.3, 1) - at_2, 0.3 * 4, kRounding);
  EXPECT_NEAR(points.joules_of_means(3.1, 1) - at_2, 4 + 0.1 * 8, kRounding);  // not in a line between readings
  EXPECT_NEAR(points.joules_of_means(5.5, 1) - at_2, 4 + 16 + 0.5 * 6, kRounding);
}

TEST(EnergyPoints, OfMeansHaveTheJumpThatMakesOne) {
  // From 2 W to 10 W at 3.25: the fourth update has a quarter of one and three quarters of the other.
  const EnergyPoints points = of_means({2, 2, 2, 8, 10, 10, 10});
  const double at_3 = points.joules_of_means(3, 1);
  EXPECT_NEAR(points.joules_of_means(3.2, 1) - at_3, 0.2 * 2, kRounding);
  EXPECT_NEAR(points.joules_of_means(3.25, 1) - at_3, 0.5, kRounding);
  EXPECT_NEAR(points.joules_of_means(3.5, 1) - at_3, 0.5 + 0.25 * 10, kRounding);
  EXPECT_NEAR(points.joules_of_means(4, 1) - at_3, 8, kRounding);
  const EnergyPoints falling = of_means({10, 10, 10, 8, 2, 2, 2});
  EXPECT_NEAR(falling.joules_of_means(3.75, 1) - falling.joules_of_means(3, 1), 7.5, kRounding);
}

TEST(EnergyPoints, OfMeansHaveNoJumpWhereNoneFits) {
  const EnergyPoints peak = of_means({2, 2, 2, 9, 2, 2, 2});  // two jumps, at moments that nobody knows
  EXPECT_NEAR(peak.joules_of_means(3.5, 1) - peak.joules_of_means(3, 1), 4.5, kRounding);
  const EnergyPoints stairs = of_means({2, 2, 5, 5, 5, 9, 9});  // longer than an update
  EXPECT_NEAR(stairs.joules_of_means(2.5, 1) - stairs.joules_of_means(2, 1), 2.5, kRounding);
}

TEST(EnergyPoints, OfMeansAreKnownFromTheFirstReadingToTheLast) {
  const EnergyPoints points = of_means({2, 7, 9});
  EXPECT_EQ(points.joules_of_means(points.first_s(), 1), 0);
  EXPECT_NEAR(points.joules_of_means(points.last_s(), 1), 0.75 * 2 + 7 + 0.75 * 9, kRounding);
}

TEST(EnergyPoints, AreAllKeptAtFirst) {
  EnergyPoints points;
  for (int i = 0; i < 65535; ++i) points.add({1.0 * i, 0, {}});
  for (int i = 0; i < 65535; ++i) ASSERT_EQ(points.at(i).distance_s, 0);
}

TEST(EnergyPoints, LieFurtherApartTheMoreTheyAre) {
  EnergyPoints points;
  constexpr int kMany = 1000001;
  const auto joules = [](double time_s) { return 1e3 * std::sin(1e-5 * time_s) + time_s; };
  for (int i = 0; i <= kMany; ++i) points.add({1.0 * i, joules(i), {}});
  EXPECT_LT(points.size(), EnergyPoints::kMostPoints);
  EXPECT_EQ(points.first_s(), 0);
  EXPECT_EQ(points.last_s(), kMany);
  EXPECT_EQ(points.at(kMany).point.joules, joules(kMany));
  double largest_s = 0;
  for (double time_s = 0.5; time_s < kMany; time_s += 777) {
    largest_s = std::max(largest_s, points.at(time_s).distance_s);
    EXPECT_NEAR(points.at(time_s).point.joules, joules(time_s), 1e-3);
  }
  EXPECT_EQ(largest_s, 7.5);  // a million fit in steps of 16, not in steps of 8
}

}  // namespace
}  // namespace perfmodel
