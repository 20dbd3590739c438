#include <gtest/gtest.h>

#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

/// 10 + x0
std::shared_ptr<const Evaluator> ten_and_first() {
  return make_polynomial({2, 10, {1}, {0, 1}, {{0, 1}}});
}

TEST(Floored, AnswersTheGreatestOfInnerAndFloors) {
  const std::vector<double> rows = {1, 1, 20, 1, 1, 100};
  EXPECT_EQ(evaluate(*make_floored(ten_and_first(), {2, 0.5}), {rows.data(), 3, 2}), (std::vector<double>{11, 40, 50}));
}

TEST(Floored, WithoutFloorsAnswersAsInner) {
  const std::vector<double> rows = {-1e9, -5, 3, 4};
  EXPECT_EQ(evaluate(*make_floored(ten_and_first(), {0, 0}), {rows.data(), 2, 2}),
            evaluate(*ten_and_first(), {rows.data(), 2, 2}));
}

TEST(Floored, RejectsFloorsThatAreNone) {
  EXPECT_PM_ERROR(make_floored(ten_and_first(), {1}), ErrorCode::kCorrupt, "1 floors for 2 inputs");
  for (const double bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_PM_ERROR(make_floored(ten_and_first(), {0, bad}), ErrorCode::kCorrupt, "it must be finite and >= 0");
  }
}

}  // namespace
}  // namespace perfmodel
