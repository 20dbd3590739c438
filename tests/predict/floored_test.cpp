#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/archive.h"
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

TEST(Floored, KeepsTheDeviationOfInner) {
  Random random(1);
  const auto process = make_gaussian_process(random_process(2, 5, random));
  const auto floored = make_floored(process, {100, 0});
  const std::vector<double> rows = {1, 1, 0, 1};
  const AnswersWithDeviation answers = evaluate_with_deviation(*floored, {rows.data(), 2, 2});
  const AnswersWithDeviation inner = evaluate_with_deviation(*process, {rows.data(), 2, 2});
  ASSERT_TRUE(floored->has_deviation());
  EXPECT_EQ(answers.answers, (std::vector<double>{100, inner.answers[1]}));
  EXPECT_EQ(answers.deviations, inner.deviations);
}

TEST(Floored, HasNoFloorWhereAnInputIsMissing) {
  const auto floored = make_floored(make_constant(2, 7), {2, 0.5});
  ASSERT_TRUE(floored->takes_missing_values());
  EXPECT_FALSE(make_floored(ten_and_first(), {1, 1})->takes_missing_values());
  const std::vector<double> rows = {std::nan(""), 20, 5, std::nan("")};
  EXPECT_EQ(evaluate(*floored, {rows.data(), 2, 2}), (std::vector<double>{10, 10}));
}

TEST(Floored, RejectsFloorsThatAreNone) {
  EXPECT_PM_ERROR(make_floored(ten_and_first(), {1}), ErrorCode::kCorrupt, "1 floors for 2 inputs");
  for (const double bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_PM_ERROR(make_floored(ten_and_first(), {0, bad}), ErrorCode::kCorrupt, "it must be finite and >= 0");
  }
}

TEST(Floored, IsRefusedWhateverItsJsonSays) {
  using nlohmann::json;
  struct Bad {
    const char* name;
    void (*damage)(json&);
    const char* says;
  };
  const Bad kBad[] = {
      {"floor too few", [](json& j) { j["floors"].erase(0); }, "floored: 2 floors for 3 inputs"},
      {"negative floor", [](json& j) { j["floors"][1] = -1; }, "a floor is -1, it must be finite and >= 0"},
      {"text for a floor", [](json& j) { j["floors"][0] = "1"; }, "'floors' holds string, not a number"},
      {"floors not a list", [](json& j) { j["floors"] = 1; }, "'floors' is 1, not an array"},
      {"no inner", [](json& j) { j.erase("inner"); }, "model: key 'inner' is missing"},
      {"unknown key", [](json& j) { j["ceilings"] = 1; }, "model: unknown key 'ceilings'"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    ArchiveWriter writer;
    json part = write_evaluator(*example_evaluator("floored"), writer, "model");
    bad.damage(part);
    const std::string file = writer.finish();
    const ArchiveReader reader = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
    EXPECT_PM_ERROR(read_evaluator(part, reader, "model"), ErrorCode::kCorrupt, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
