#include "learner/student_t.h"

#include <gtest/gtest.h>

#include <cmath>

namespace perfmodel {
namespace {

TEST(StudentT, AgreesWithR) {
  struct Row {
    double t, degrees_of_freedom, p_value;
  };
  const Row kRows[] = {
      // 2 * pt(-t, df) in R 4.2.2
      {0, 5, 1},
      {2.5, 3, 0.0877066470080655},
      {1, 1, 0.5},
      {12.7062047362, 1, 0.0499999999999009},
      {4, 19, 0.000766192337228646},
      {0.1, 761, 0.920370662874416},
      {9.5, 761, 2.65376159835896e-20},
      {2.0859634473, 20, 0.0499999999965954},
      {1.96, 1e6, 0.0499960675852698},
      {30, 5, 7.71864862049605e-07},
  };
  constexpr double kRelative = 1e-8;  // the logarithms behind 1e6 degrees of freedom are near 1e7
  for (const Row& row : kRows) {
    EXPECT_NEAR(student_t_p_value(row.t, row.degrees_of_freedom), row.p_value, kRelative * row.p_value)
        << "t " << row.t << ", " << row.degrees_of_freedom << " degrees of freedom";
    EXPECT_EQ(student_t_p_value(-row.t, row.degrees_of_freedom), student_t_p_value(row.t, row.degrees_of_freedom));
  }
  EXPECT_EQ(student_t_p_value(INFINITY, 7), 0);
}

TEST(StudentTQuantile, AgreesWithTables) {
  struct Row {
    double level, degrees_of_freedom, t;
  };
  const Row kRows[] = {{0.9, 1, 6.31375151467504},
                       {0.9, 9, 1.83311293265624},
                       {0.95, 20, 2.08596344726586},
                       {0.99, 4, 4.60409487141602},
                       {0.5, 1, 1},
                       {0.9, 1e6, 1.644855151}};
  constexpr double kRelative = 1e-8;
  for (const Row& row : kRows) {
    EXPECT_NEAR(student_t_quantile(row.level, row.degrees_of_freedom), row.t, kRelative * row.t);
  }
  EXPECT_TRUE(std::isfinite(student_t_quantile(std::nextafter(1.0, 0.0), 1)));
}

TEST(IncompleteBeta, AgreesWithR) {
  constexpr double kRelative = 1e-12;
  EXPECT_NEAR(incomplete_beta(2, 3, 0.3), 0.3483, kRelative);  // pbeta() in R 4.2.2
  EXPECT_NEAR(incomplete_beta(0.5, 7, 0.9), 0.999999978070216, kRelative);
  EXPECT_NEAR(incomplete_beta(10, 0.5, 0.01), 1.77003496552859e-21, kRelative * 1.77e-21);
  EXPECT_NEAR(incomplete_beta(0.5, 0.5, 0.5), 0.5, kRelative);
  EXPECT_EQ(incomplete_beta(2, 3, 0), 0);
  EXPECT_EQ(incomplete_beta(2, 3, 1), 1);
}

}  // namespace
}  // namespace perfmodel
