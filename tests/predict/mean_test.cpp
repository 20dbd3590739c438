#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

double answer(const Evaluator& evaluator) {
  const double row = 0;
  return evaluate(evaluator, {&row, 1, 1})[0];
}

TEST(Mean, WeighsMembers) {
  // By hand: (3 * 2 + 1 * 10) / 4.
  EXPECT_NEAR(answer(*make_mean({make_constant(1, 2), make_constant(1, 10)}, {3, 1}, false)), 4, kRounding);
}

TEST(Mean, TakesTheGeometricMean) {
  // By hand: the cube root of 2 * 2 * 16.
  EXPECT_NEAR(answer(*make_mean({make_constant(1, 2), make_constant(1, 16)}, {2, 1}, true)), 4, kRounding);
}

TEST(Mean, StaysFiniteWhenAMemberOfAGeometricMeanIsZero) {
  const double value = answer(*make_mean({make_constant(1, 0), make_constant(1, 1)}, {1, 1}, true));
  EXPECT_GT(value, 0);
  EXPECT_LT(value, 1e-150);
}

TEST(Mean, WorksBlockByBlock) {
  Random random(1);
  const auto a = make_tree_ensemble(random_trees(2, 3, random)), b = make_tree_ensemble(random_trees(2, 3, random));
  const std::vector<double> values = random_rows(700, 2, random);
  const MatrixView<const double> rows(values.data(), 700, 2);
  const std::vector<double> answers = evaluate(*make_mean({a, b}, {1, 1}, false), rows);
  const std::vector<double> of_a = evaluate(*a, rows), of_b = evaluate(*b, rows);
  for (std::size_t i = 0; i < 700; ++i) EXPECT_NEAR(answers[i], (of_a[i] + of_b[i]) / 2, kRounding) << i;
}

TEST(Mean, RejectsPartsThatDoNotFit) {
  const auto one = make_constant(1, 1), two = make_constant(2, 1);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_PM_ERROR(make_mean({}, {}, false), ErrorCode::kCorrupt, "0 members and 0 weights");
  EXPECT_PM_ERROR(make_mean({one, one}, {1}, false), ErrorCode::kCorrupt, "2 members and 1 weights");
  EXPECT_PM_ERROR(make_mean({one, two}, {1, 1}, false), ErrorCode::kCorrupt,
                  "member 1 takes 2 inputs, member 0 takes 1");
  EXPECT_PM_ERROR(make_mean({one, one}, {1, -1}, false), ErrorCode::kCorrupt, "weight 1 is -1");
  EXPECT_PM_ERROR(make_mean({one}, {std::nan("")}, false), ErrorCode::kCorrupt, "weight 0 is nan");
  EXPECT_PM_ERROR(make_mean({one}, {0}, false), ErrorCode::kCorrupt, "sum to 0");
  EXPECT_PM_ERROR(make_mean({one}, {infinity}, false), ErrorCode::kCorrupt, "sum to inf");
}

TEST(Constant, AnswersTheSameForEveryRow) {
  const double rows[] = {1, 2, 3};
  EXPECT_EQ(evaluate(*make_constant(1, 2.5), {rows, 3, 1}), (std::vector<double>{2.5, 2.5, 2.5}));
  EXPECT_TRUE(evaluate(*make_constant(1, 2.5), {rows, 0, 1}).empty());
  EXPECT_PM_ERROR(make_constant(1, std::nan("")), ErrorCode::kCorrupt, "the value is nan");
}

}  // namespace
}  // namespace perfmodel
