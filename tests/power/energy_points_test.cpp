#include "power/energy_points.h"

#include <gtest/gtest.h>

#include <cmath>

namespace perfmodel {
namespace {

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
