#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "evaluators_for_tests.h"
#include "predict/simd/kernels.h"

namespace perfmodel {
namespace {

using simd::ForcedInstructionSet;
using simd::InstructionSet;

TEST(InstructionSet, TheBaselineIsAlwaysThere) {
  ASSERT_FALSE(simd::available_instruction_sets().empty());
  EXPECT_EQ(simd::available_instruction_sets().front(), InstructionSet::kBaseline);
}

TEST(InstructionSet, KernelsAreThoseOfTheChosenSet) {
  for (const InstructionSet set : simd::available_instruction_sets()) {
    const ForcedInstructionSet forced(set);
    EXPECT_EQ(simd::chosen_instruction_set(), set);
    EXPECT_EQ(simd::chosen_kernels().set, set);
  }
}

TEST(InstructionSet, TheHyperbolicTangentIsAsThatOfTheLibrary) {
  constexpr float kTolerance = 2e-7F;
  std::vector<float> inputs;
  for (float x = -12; x < 12; x += 0.0078125F) inputs.push_back(x);
  for (const float x : {0.0F, -0.0F, 1e-20F, 1e20F, -1e20F, std::numeric_limits<float>::infinity(),
                        -std::numeric_limits<float>::infinity()}) {
    inputs.push_back(x);
  }
  inputs.resize(simd::round_up_to_group(inputs.size()));
  for (const InstructionSet set : simd::available_instruction_sets()) {
    SCOPED_TRACE(simd::instruction_set_name(set));
    std::vector<float> values = inputs;
    simd::kernels_of(set).hyperbolic_tangent(values.data(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(values[i], std::tanh(inputs[i]), kTolerance) << inputs[i];
    }
    values.assign(simd::kFloatGroup, std::numeric_limits<float>::quiet_NaN());
    simd::kernels_of(set).hyperbolic_tangent(values.data(), values.size());
    EXPECT_TRUE(std::isnan(values[0]));
  }
}

// Networks and processes sum in other orders and round products or not; a model of one set answers as that of another.
TEST(InstructionSet, AllAnswerAlike) {
  constexpr double kTolerance = 1e-5;  // float32 networks
  for (const char* const kind : kEvaluatorKinds) {
    Random random(7);
    const std::vector<double> rows = [&] {
      std::vector<double> values(100 * 3);
      for (double& value : values) value = random.uniform(0.1, 2);
      return values;
    }();
    std::vector<double> expected;
    for (const InstructionSet set : simd::available_instruction_sets()) {
      SCOPED_TRACE(std::string(kind) + " " + simd::instruction_set_name(set));
      const ForcedInstructionSet forced(set);
      const std::vector<double> answers = evaluate(*example_evaluator(kind), {rows.data(), 100, 3});
      if (expected.empty()) expected = answers;
      for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_NEAR(answers[i], expected[i], kTolerance * std::max(1.0, std::abs(expected[i])));
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
