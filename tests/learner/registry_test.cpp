#include "perfmodel/learner/registry.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "learner/option_json.h"
#include "synthetic_tables.h"

namespace perfmodel {
namespace {

TEST(LearnerRegistry, MakesTheBuiltinLearnersByName) {
  const LearnerRegistry registry = builtin_learners();
  for (const std::string& name : registry.names()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(registry.make(name)->name(), name);
    EXPECT_EQ(registry.make(name, "{}")->name(), name);
    EXPECT_PM_ERROR(registry.make(name, R"({"no_such": 1})"), ErrorCode::kParse,
                    "options of learner '" + name + "': unknown key 'no_such' (allowed: ");
    EXPECT_PM_ERROR(registry.make(name, "[]"), ErrorCode::kParse, "array where an object belongs");
    EXPECT_PM_ERROR(registry.make(name, "{"), ErrorCode::kParse, "options of learner '" + name + "'");
  }
}

TEST(BuiltinLearners, FitTheSameWithoutAnInterval) {
  const Dataset rows = wavy_table(60, 1, 0.05);
  const LearnerRegistry registry = builtin_learners();
  for (const std::string& name : registry.names()) {
    if (name == "additive_cost") continue;  // takes features of another sort: additive_cost_learner_test.cpp
    for (const double validation_fraction : {0.0, 0.4}) {
      SCOPED_TRACE(name);
      FitOptions options;
      options.validation_fraction = validation_fraction;
      const Model with = registry.make(name)->fit(rows, options);
      options.interval_level = 0;
      const Model without = registry.make(name)->fit(rows, options);
      EXPECT_EQ(without.info().interval_level, 0);
      const std::vector<Prediction> expected = predictions_of(with, rows), found = predictions_of(without, rows);
      for (std::size_t i = 0; i < rows.num_rows(); ++i) {
        EXPECT_EQ(found[i].mean, expected[i].mean);
        EXPECT_EQ(found[i].upper, found[i].mean);
      }
    }
  }
}

TEST(LearnerRegistry, NamesTheLearnersThereAre) {
  LearnerRegistry registry;
  registry.add("b", [](const std::string&) { return std::make_unique<ConstantLearner>(); });
  registry.add("a", [](const std::string&) { return std::make_unique<ConstantLearner>(); });
  EXPECT_EQ(registry.names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_PM_ERROR(registry.make("c"), ErrorCode::kUnsupported, "learner 'c' is not registered; there are a, b");
}

TEST(LearnerRegistry, TakesTheLaterOfOneName) {
  LearnerRegistry registry = builtin_learners();
  std::string given;
  registry.add("gp", [&](const std::string& json) {
    given = json;
    return std::make_unique<ConstantLearner>();
  });
  EXPECT_EQ(registry.make("gp", "{\"x\": 1}")->name(), "constant");
  EXPECT_EQ(given, "{\"x\": 1}");
}

enum class Colour { kRed, kBlue };

struct Read {
  double number = 0.5;
  int count = 3;
  bool flag = false;
  std::string text = "as it was";
  Colour colour = Colour::kRed;
  std::vector<int> counts = {1, 2};
  std::vector<std::string> texts = {"a"};
};

Read read(const std::string& json) {
  Read all;
  const OptionReader reader("test", json, {"number", "count", "flag", "text", "colour", "counts", "texts"});
  reader.read("number", all.number);
  reader.read("count", all.count);
  reader.read("flag", all.flag);
  reader.read("text", all.text);
  reader.read("colour", all.colour, {{"red", Colour::kRed}, {"blue", Colour::kBlue}});
  reader.read("counts", all.counts);
  reader.read("texts", all.texts);
  return all;
}

TEST(OptionReader, KeepsTheDefaultOfWhatIsNotThere) {
  const Read all = read("");
  EXPECT_EQ(all.number, 0.5);
  EXPECT_EQ(all.count, 3);
  EXPECT_FALSE(all.flag);
  EXPECT_EQ(all.text, "as it was");
  EXPECT_EQ(all.colour, Colour::kRed);
  EXPECT_EQ(all.counts, (std::vector<int>{1, 2}));
  EXPECT_EQ(all.texts, std::vector<std::string>{"a"});
}

TEST(OptionReader, TakesWhatIsThere) {
  const Read all = read(R"({"number": 2, "count": -7, "flag": true, "text": "t", "colour": "blue",
                           "counts": [8, -1, 8], "texts": []})");
  EXPECT_EQ(all.number, 2);
  EXPECT_EQ(all.count, -7);
  EXPECT_TRUE(all.flag);
  EXPECT_EQ(all.text, "t");
  EXPECT_EQ(all.colour, Colour::kBlue);
  EXPECT_EQ(all.counts, (std::vector<int>{8, -1, 8}));
  EXPECT_TRUE(all.texts.empty());
}

TEST(OptionReader, RefusesWhatDoesNotFit) {
  EXPECT_PM_ERROR(read(R"({"numbre": 2})"), ErrorCode::kParse,
                  "unknown key 'numbre' (allowed: number, count, flag, text, colour, counts, texts)");
  EXPECT_PM_ERROR(read(R"({"number": "2"})"), ErrorCode::kParse, "'number' is \"2\", not a number");
  EXPECT_PM_ERROR(read(R"({"count": 1.5})"), ErrorCode::kParse, "'count' is 1.5, not an integer");
  EXPECT_PM_ERROR(read(R"({"count": 4294967296})"), ErrorCode::kParse, "'count' is 4294967296, not a 32-bit integer");
  EXPECT_PM_ERROR(read(R"({"flag": 1})"), ErrorCode::kParse, "'flag' is 1, not true or false");
  EXPECT_PM_ERROR(read(R"({"text": null})"), ErrorCode::kParse, "'text' is null, not a string");
  EXPECT_PM_ERROR(read(R"({"counts": 8})"), ErrorCode::kParse, "'counts' is 8, not an array");
  EXPECT_PM_ERROR(read(R"({"counts": [8, 0.5]})"), ErrorCode::kParse, "'counts' holds 0.5, not an integer");
  EXPECT_PM_ERROR(read(R"({"counts": [4294967296]})"), ErrorCode::kParse, "'counts' is 4294967296, not a 32-bit");
  EXPECT_PM_ERROR(read(R"({"texts": [1]})"), ErrorCode::kParse, "'texts' holds 1, not a text");
  EXPECT_PM_ERROR(read(R"({"colour": 1})"), ErrorCode::kParse, "'colour' is 1, not a string");
  EXPECT_PM_ERROR(read(R"({"colour": "green"})"), ErrorCode::kInvalidArgument,
                  "options of learner 'test': 'colour' is 'green', allowed are red, blue");
}

}  // namespace
}  // namespace perfmodel
