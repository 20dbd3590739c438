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

// The exponential function inside of the covariance is our own.
TEST(InstructionSet, CovariancesAreAsThoseOfTheLibrary) {
  constexpr double kRelativeTolerance = 1e-14;
  constexpr std::size_t kPoints = 40;
  std::vector<double> points(48, 0.0);
  for (std::size_t i = 0; i < kPoints; ++i) points[i] = std::pow(1.6, static_cast<double>(i)) * 1e-6;  // up to 90
  for (const InstructionSet set : simd::available_instruction_sets()) {
    for (const bool matern52 : {false, true}) {
      SCOPED_TRACE(std::string(simd::instruction_set_name(set)) + (matern52 ? " matern" : " squared exponential"));
      const simd::ProcessKernel kernel = {matern52, 2.0, points.data(), 1, kPoints, points.size()};
      const std::vector<double> origin(simd::kProcessRows, 0.0);
      std::vector<double> line(points.size()), lines(points.size() * simd::kProcessRows);
      simd::kernels_of(set).process_of_row.covariances(kernel, origin.data(), line.data());
      simd::kernels_of(set).process_of_rows.covariances(kernel, origin.data(), lines.data());
      for (std::size_t i = 0; i < kPoints; ++i) {
        const double distance = points[i], scaled = std::sqrt(5.0) * distance;
        const double expected = matern52 ? 2 * (1 + scaled + scaled * scaled / 3) * std::exp(-scaled)
                                         : 2 * std::exp(-distance * distance / 2);
        EXPECT_NEAR(line[i], expected, kRelativeTolerance * (scaled + 1) * expected + 1e-300) << distance;
        EXPECT_EQ(line[i], lines[i * simd::kProcessRows]) << distance;
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
