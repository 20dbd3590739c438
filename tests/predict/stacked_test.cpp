#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

/// base + sum_j slopes[j] x_j
std::shared_ptr<const Evaluator> linear(double base, const std::vector<double>& slopes) {
  Polynomial line;
  line.num_inputs = slopes.size();
  line.base = base;
  line.coefficients = slopes;
  for (std::size_t j = 0; j <= slopes.size(); ++j) line.first_factor.push_back(static_cast<std::int32_t>(j));
  for (std::size_t j = 0; j < slopes.size(); ++j) line.factors.push_back({static_cast<std::int32_t>(j), 1});
  return make_polynomial(line);
}

TEST(Stacked, GivesTheOuterTheInnerAnswer) {
  const std::vector<double> rows = {1, 2, 3, 4};
  // By hand: inner 1 + x0 + 10 x1 is 22 and 44, outer 5 + 2 t.
  EXPECT_EQ(evaluate(*make_stacked(linear(1, {1, 10}), linear(5, {2}), false, false), {rows.data(), 2, 2}),
            (std::vector<double>{49, 93}));
}

TEST(Stacked, GivesTheOuterTheRowAsWell) {
  const std::vector<double> rows = {1, 2, 3, 4};
  // By hand: 100 x0 + 1000 x1 + t with the same t.
  EXPECT_EQ(evaluate(*make_stacked(linear(1, {1, 10}), linear(0, {100, 1000, 1}), true, false), {rows.data(), 2, 2}),
            (std::vector<double>{2122, 4344}));
}

TEST(Stacked, TakesTheLogarithmOfAnswersAboveZero) {
  const std::vector<double> rows = {std::exp(3.0), 0, -5};
  const std::vector<double> answers =
      evaluate(*make_stacked(linear(0, {1}), linear(0, {2}), false, true), {rows.data(), 3, 1});
  EXPECT_NEAR(answers[0], 6, kRounding);
  const double log_smallest = std::log(std::numeric_limits<double>::min());
  EXPECT_NEAR(answers[1], 2 * log_smallest, kRounding * std::abs(log_smallest));
  EXPECT_EQ(answers[2], answers[1]);
}

TEST(Stacked, WorksBlockByBlock) {
  constexpr double kRounding = 1e-12;  // a process rounds otherwise in a block
  Random random(1);
  const auto evaluator = make_stacked(make_tree_ensemble(random_trees(2, 3, random)),
                                      make_gaussian_process(random_process(3, 4, random)), true, false);
  const std::vector<double> values = random_rows(600, 2, random);
  const AnswersWithDeviation answers = evaluate_with_deviation(*evaluator, {values.data(), 600, 2});
  for (std::size_t i = 0; i < 600; ++i) {
    const AnswersWithDeviation alone = evaluate_with_deviation(*evaluator, {values.data() + 2 * i, 1, 2});
    EXPECT_NEAR(answers.answers[i], alone.answers[0], kRounding) << i;
    EXPECT_NEAR(answers.deviations[i], alone.deviations[0], kRounding) << i;
  }
}

TEST(Stacked, RejectsPartsThatDoNotFit) {
  EXPECT_PM_ERROR(make_stacked(make_constant(2, 1), make_constant(2, 1), true, false), ErrorCode::kCorrupt,
                  "stacked: the outer 'constant' takes 2 inputs, it is given 3");
  EXPECT_PM_ERROR(make_stacked(make_constant(2, 1), make_constant(3, 1), false, false), ErrorCode::kCorrupt,
                  "takes 3 inputs, it is given 1");
}

}  // namespace
}  // namespace perfmodel
