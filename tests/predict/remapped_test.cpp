#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // a few operations in double precision

/// x0 + 1000 x1
std::shared_ptr<const Evaluator> two_digits() {
  return make_polynomial({2, 0, {1, 1000}, {0, 1, 2}, {{0, 1}, {1, 1}}});
}

std::vector<double> mapped(const InputMap& map, const std::vector<double>& values) {
  const auto identity = make_polynomial({1, 0, {1}, {0, 1}, {{0, 1}}});
  return evaluate(*make_remapped(1, {0}, {map}, identity), {values.data(), values.size(), 1});
}

TEST(Remapped, ChoosesInputs) {
  const std::vector<double> rows = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(evaluate(*make_remapped(3, {2, 0}, {{}, {}}, two_digits()), {rows.data(), 2, 3}),
            (std::vector<double>{1003, 4006}));
  EXPECT_EQ(evaluate(*make_remapped(3, {1, 1}, {{}, {}}, two_digits()), {rows.data(), 2, 3}),
            (std::vector<double>{2002, 5005}));
}

TEST(Remapped, FollowsStraightLinesBetweenKnots) {
  const InputMap map{{1, 3, 4}, {10, 20, 0}};
  const std::vector<double> answers = mapped(map, {-100, 1, 2, 3, 3.5, 4, 100});
  const std::vector<double> expected = {10, 10, 15, 20, 10, 0, 0};  // by hand
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_NEAR(answers[i], expected[i], kRounding) << i;
}

TEST(Remapped, AnswersTheOnlyKnotEverywhere) {
  EXPECT_EQ(mapped({{5}, {7}}, {-1, 5, 9}), (std::vector<double>{7, 7, 7}));
}

TEST(Remapped, LeavesAloneWhatHasNoMap) {
  EXPECT_EQ(mapped({}, {-1, 5, 1e300}), (std::vector<double>{-1, 5, 1e300}));
}

TEST(Remapped, WorksBlockByBlock) {
  const InputMap map{{0, 1000}, {0, 500}};
  std::vector<double> values(1000), expected(1000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<double>(i);
    expected[i] = values[i] / 2;
  }
  const std::vector<double> answers = mapped(map, values);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(answers[i], expected[i], 1000 * kRounding) << i;
}

TEST(Remapped, RejectsPartsThatDoNotFit) {
  const auto inner = two_digits();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_PM_ERROR(make_remapped(3, {0}, {{}}, inner), ErrorCode::kCorrupt, "1 inputs and 1 maps, 'polynomial' takes 2");
  EXPECT_PM_ERROR(make_remapped(3, {0, 1}, {{}}, inner), ErrorCode::kCorrupt, "2 inputs and 1 maps");
  EXPECT_PM_ERROR(make_remapped(3, {0, 3}, {{}, {}}, inner), ErrorCode::kCorrupt, "input 3 is not one of 3");
  EXPECT_PM_ERROR(make_remapped(3, {-1, 0}, {{}, {}}, inner), ErrorCode::kCorrupt, "input -1 is not one of 3");
  const auto with_map = [&](InputMap map) { return make_remapped(3, {0, 1}, {{}, std::move(map)}, inner); };
  EXPECT_PM_ERROR(with_map({{1, 2}, {1}}), ErrorCode::kCorrupt, "map 1 has 2 knots and 1 values");
  EXPECT_PM_ERROR(with_map({{1, 1}, {1, 2}}), ErrorCode::kCorrupt, "map 1: knot 1 at 1 does not come after 1");
  EXPECT_PM_ERROR(with_map({{2, 1}, {1, 2}}), ErrorCode::kCorrupt, "knot 1 at 1 does not come after 2");
  EXPECT_PM_ERROR(with_map({{1, infinity}, {1, 2}}), ErrorCode::kCorrupt, "knot 1 is (inf, 2), it must be finite");
  EXPECT_PM_ERROR(with_map({{1, 2}, {1, std::nan("")}}), ErrorCode::kCorrupt, "knot 1 is (2, nan), it must be finite");
}

}  // namespace
}  // namespace perfmodel
