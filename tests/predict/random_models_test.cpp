#include "random_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "evaluators_for_tests.h"
#include "predict/simd/instruction_set.h"

namespace perfmodel {
namespace {

constexpr double kDouble = 1e-9;  // sums in another order, and what a power or an exponential function makes of it
constexpr double kSingle = 1e-4;  // networks are float32; behind them the same

double allowed(double expected, bool is_single) {
  return (is_single ? kSingle : kDouble) * std::max(1.0, std::abs(expected));
}

/// `model` on rows from 0.3 to 3, with the kernels of every instruction set.
void expect_reference(const RandomModel& model, std::size_t num_rows, std::size_t num_inputs, Random& random) {
  std::vector<double> values(num_rows * num_inputs);
  for (double& value : values) value = random.log_uniform(0.3, 3);
  const MatrixView<const double> rows(values.data(), num_rows, num_inputs);
  std::vector<ReferenceAnswer> expected;
  for (std::size_t i = 0; i < num_rows; ++i) expected.push_back(model.answer(rows.row(i)));
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    SCOPED_TRACE(simd::instruction_set_name(set));
    const simd::ForcedInstructionSet forced(set);
    const auto evaluator = model.make();
    EXPECT_EQ(evaluator->has_deviation(), model.has_deviation);
    const std::vector<double> means = evaluate(*evaluator, rows);
    const AnswersWithDeviation both = evaluate_with_deviation(*evaluator, rows);
    EXPECT_EQ(both.answers, means);
    for (std::size_t i = 0; i < num_rows; ++i) {
      ASSERT_NEAR(means[i], expected[i].mean, allowed(expected[i].mean, model.is_single)) << "row " << i;
      ASSERT_NEAR(both.deviations[i], expected[i].deviation, allowed(expected[i].deviation, model.is_single))
          << "row " << i;
    }
  }
}

class RandomModels : public testing::TestWithParam<const char*> {};

TEST_P(RandomModels, AnswerAsPlainLoopsWithEveryInstructionSet) {
  constexpr int kTrials = 50;
  Random random(11);
  for (int trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("trial " + std::to_string(trial));
    const auto num_inputs = static_cast<std::size_t>(random.integer(1, 9));
    const RandomModel model = random_model(GetParam(), num_inputs, random);
    const auto num_rows = static_cast<std::size_t>(random.integer(1, model.is_single ? 20 : 300));
    expect_reference(model, num_rows, num_inputs, random);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, RandomModels, testing::ValuesIn(kEvaluatorKinds),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace perfmodel
