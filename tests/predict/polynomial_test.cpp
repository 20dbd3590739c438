#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

/// 1.5 + 2 x0 - 3 x0^2 x1 + 0.5 x1^5
Polynomial three_terms() {
  return {2, 1.5, {2, -3, 0.5}, {0, 1, 3, 4}, {{0, 1}, {0, 2}, {1, 1}, {1, 5}}};
}

TEST(Polynomial, SumsItsTerms) {
  const std::vector<double> rows = {0, 0, 2, 3, -1, 0.5};
  const std::vector<double> answers = evaluate(*make_polynomial(three_terms()), {rows.data(), 3, 2});
  // By hand: 1.5; 1.5 + 4 - 36 + 121.5; 1.5 - 2 - 1.5 + 0.015625.
  EXPECT_NEAR(answers[0], 1.5, kRounding);
  EXPECT_NEAR(answers[1], 91, kRounding);
  EXPECT_NEAR(answers[2], -1.984375, kRounding);
}

TEST(Polynomial, AnswersTheBaseWithoutTerms) {
  const double row = 7;
  EXPECT_EQ(evaluate(*make_polynomial({1, 3, {}, {0}, {}}), {&row, 1, 1})[0], 3);
  EXPECT_EQ(evaluate(*make_polynomial({1, 3, {2}, {0, 0}, {}}), {&row, 1, 1})[0], 5);  // a term without factors
}

TEST(Polynomial, WorksBlockByBlock) {
  Random random(1);
  const std::vector<double> values = random_rows(500, 2, random);
  const auto evaluator = make_polynomial(three_terms());
  const std::vector<double> answers = evaluate(*evaluator, {values.data(), 500, 2});
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(answers[i], evaluate(*evaluator, {values.data() + 2 * i, 1, 2})[0]) << i;
    const double x = values[2 * i], y = values[2 * i + 1];
    EXPECT_NEAR(answers[i], 1.5 + 2 * x - 3 * x * x * y + 0.5 * std::pow(y, 5), 100 * kRounding) << i;
  }
}

TEST(Polynomial, RejectsWhatIsNone) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Bad {
    const char* name;
    void (*damage)(Polynomial&);
    const char* says;
  };
  const Bad kBad[] = {
      {"infinite base", [](Polynomial& p) { p.base = kInfinity; }, "the base is inf"},
      {"coefficient that is no number", [](Polynomial& p) { p.coefficients[1] = std::nan(""); },
       "coefficient 1 is nan"},
      {"offset too few", [](Polynomial& p) { p.first_factor.pop_back(); }, "3 terms and 3 offsets of factors"},
      {"no offsets", [](Polynomial& p) { p.first_factor.clear(); }, "3 terms and 0 offsets of factors"},
      {"first offset", [](Polynomial& p) { p.first_factor[0] = 1; }, "offset 0 is 1"},
      {"negative offset", [](Polynomial& p) { p.first_factor[1] = -1; }, "offset 1 is -1"},
      {"descending offset", [](Polynomial& p) { p.first_factor[2] = 0; }, "offset 2 is 0"},
      {"offset beyond the end", [](Polynomial& p) { p.first_factor[3] = 5; }, "at most 4"},
      {"factors left over",
       [](Polynomial& p) {
         p.factors.push_back({0, 1});
       },
       "the terms have 4 factors, there are 5"},
      {"input beyond the end", [](Polynomial& p) { p.factors[0].input = 2; }, "factor 0: input 2 is not one of 2"},
      {"negative input", [](Polynomial& p) { p.factors[0].input = -1; }, "factor 0: input -1 is not one of 2"},
      {"power of 0", [](Polynomial& p) { p.factors[3].power = 0; }, "factor 3: the power is 0, allowed is 1 to 64"},
      {"huge power", [](Polynomial& p) { p.factors[3].power = 65; }, "factor 3: the power is 65"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    Polynomial polynomial = three_terms();
    bad.damage(polynomial);
    EXPECT_PM_ERROR(make_polynomial(polynomial), ErrorCode::kCorrupt, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
