#include "core/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "expect_error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

TEST(Json, ParsesAWholeText) {
  const json parsed = parse_json(R"( {"a": [1, 2.5, null, true], "b": {"a": "x"}} )", "net.json");
  EXPECT_EQ(parsed["a"][1], 2.5);
  EXPECT_EQ(parsed["b"]["a"], "x");
}

struct BadText {
  const char* name;
  std::string text;
  std::string says;
};

TEST(Json, SaysWhereATextIsWrong) {
  const BadText kBadTexts[] = {
      {"empty", "", "net.json:1:1: syntax error"},
      {"second line", "{\n  \"a\": x}", "net.json:2:8: syntax error"},
      {"trailing comma", "[1,\n2,\n]", "net.json:3:1: "},
      {"text after the end", "{} {}", "net.json:1:4: "},
      {"unterminated", "{\"a\": \"b", "net.json:1:"},
      {"not UTF-8", "\"\xFF\"", "net.json:1:2: "},
      {"number out of range", "[1e999]", "net.json:1:6: number overflow"},
      {"key twice", R"({"a": 1, "b": {"c": 1, "c": 2}})", "net.json: key 'c' appears twice in one object"},
  };
  for (const BadText& bad : kBadTexts) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(parse_json(bad.text, "net.json"), ErrorCode::kParse, bad.says);
  }
}

TEST(Json, SaysThatABinaryFileIsDamaged) {
  EXPECT_PM_ERROR(parse_json("[1,\n2,\n]", "m.safetensors", ErrorCode::kCorrupt), ErrorCode::kCorrupt,
                  "m.safetensors: damaged: 3:1: syntax error");
  EXPECT_PM_ERROR(parse_json(R"({"a": 1, "a": 2})", "m.safetensors", ErrorCode::kCorrupt), ErrorCode::kCorrupt,
                  "m.safetensors: damaged: key 'a' appears twice in one object");
}

TEST(Json, QuotesTheEndOfALongTokenInPrintableCharacters) {
  constexpr std::size_t kLongestMessage = 250;  // a sentence, a place and 60 characters of the text
  const std::string xs(40000, 'x');
  const BadText kBadTexts[] = {
      {"unterminated", "\"" + xs, "last read: '..." + xs.substr(0, 60) + "'"},
      {"not UTF-8", "\"" + xs + "\xFF\"", "x?'"},
      {"beside what is expected", "{\"a\": 1 \"" + xs, "xxx'; expected '}'"},
      {"number", "[" + std::string(40000, '9') + "]", "net.json:1:40001: number overflow parsing '...999"},
      {"quotes", "[\"" + std::string(40000, '\'') + "\" 1]", ""},
      {"words of the library", "\"last read: '; expected " + xs, "xxx'"},
  };
  for (const BadText& bad : kBadTexts) {
    SCOPED_TRACE(bad.name);
    try {
      parse_json(bad.text, "net.json");
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_THAT(message, ::testing::HasSubstr(bad.says));
      EXPECT_LE(message.size(), kLongestMessage);
      EXPECT_TRUE(std::all_of(message.begin(), message.end(), [](char c) { return c >= ' ' && c <= '~'; })) << message;
    }
  }
}

TEST(Json, BoundsTheDepth) {
  EXPECT_NO_THROW(parse_json(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']'), "x"));
  EXPECT_PM_ERROR(parse_json(std::string(kMaxJsonDepth + 1, '['), "x"), ErrorCode::kParse, "deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 1000000; ++i) objects += "{\"a\":";
  EXPECT_PM_ERROR(parse_json(objects, "x"), ErrorCode::kParse, "deeper than 64 levels");
}

TEST(Json, BoundsTheNumberOfValues) {
  std::string text = "[0";
  for (std::size_t i = 0; i < kMaxJsonValues; ++i) text += ",0";
  EXPECT_PM_ERROR(parse_json(text + "]", "x"), ErrorCode::kParse, "more than 2000000 values");
}

TEST(Json, TakesWideObjectsInLinearTime) {
  constexpr int kNumKeys = 200000;  // quadratic work on these would take half an hour
  std::string text = "{\"k\":{}";
  for (int i = 0; i < kNumKeys; ++i) text += ",\"" + std::to_string(i) + "\":{\"a\":1}";
  EXPECT_EQ(parse_json(text + "}", "x").size(), kNumKeys + 1u);
}

TEST(Json, NamesUnknownKeys) {
  const json object = {{"kernel", 3}, {"stide", 1}};
  EXPECT_NO_THROW(require_keys(object, {"stide", "kernel", "pad"}, "node 'conv1'"));
  EXPECT_PM_ERROR(require_keys(object, {"kernel", "stride"}, "node 'conv1'"), ErrorCode::kParse,
                  "node 'conv1': unknown key 'stide' (allowed: kernel, stride)");
  EXPECT_PM_ERROR(require_keys(json::array(), {"kernel"}, "node 'conv1'"), ErrorCode::kParse,
                  "node 'conv1': array where an object belongs");
}

TEST(Json, WritesTextThatReadsBackOrSaysThatItIsNone) {
  const json value = {{"a", {1, 2.5, "\xc3\xb6\n"}}};
  EXPECT_EQ(parse_json(write_json(value, "x"), "x"), value);
  EXPECT_PM_ERROR(write_json({{"a", "\xf6"}}, "the table"), ErrorCode::kInvalidArgument,
                  "the table: a text is not UTF-8: invalid UTF-8 byte");
}

TEST(Json, GivesMembersByType) {
  const json object = {{"text", "x"},  {"number", 2.5}, {"integer", -3},
                       {"flag", true}, {"list", {1}},   {"map", {{"a", 1}}}};
  EXPECT_EQ(string_at(object, "text", "x"), "x");
  EXPECT_EQ(number_at(object, "number", "x"), 2.5);
  EXPECT_EQ(number_at(object, "integer", "x"), -3);
  EXPECT_EQ(integer_at(object, "integer", "x"), -3);
  EXPECT_TRUE(bool_at(object, "flag", "x"));
  EXPECT_EQ(array_at(object, "list", "x").size(), 1u);
  EXPECT_EQ(object_at(object, "map", "x").size(), 1u);
  EXPECT_EQ(size_at(object["map"], "a", "x"), 1u);
}

TEST(Json, SaysWhichMemberIsWrong) {
  const json object = {{"text", "x"}, {"number", 2.5}, {"negative", -3}, {"list", {1}}, {"big", 18446744073709551615u}};
  EXPECT_PM_ERROR(string_at(object, "name", "node 2"), ErrorCode::kParse, "node 2: key 'name' is missing");
  EXPECT_PM_ERROR(string_at(object, "list", "node 2"), ErrorCode::kParse, "node 2: 'list' is array, not a string");
  EXPECT_PM_ERROR(number_at(object, "text", "node 2"), ErrorCode::kParse, "node 2: 'text' is \"x\", not a number");
  EXPECT_PM_ERROR(integer_at(object, "number", "node 2"), ErrorCode::kParse, "node 2: 'number' is 2.5, not an integer");
  EXPECT_PM_ERROR(integer_at(object, "big", "node 2"), ErrorCode::kParse, "not an integer");
  EXPECT_PM_ERROR(size_at(object, "negative", "node 2"), ErrorCode::kParse, "'negative' is -3, not an integer >= 0");
  EXPECT_PM_ERROR(bool_at(object, "number", "node 2"), ErrorCode::kParse, "not true or false");
  EXPECT_PM_ERROR(array_at(object, "text", "node 2"), ErrorCode::kParse, "not an array");
  EXPECT_PM_ERROR(object_at(object, "text", "node 2", ErrorCode::kCorrupt), ErrorCode::kCorrupt, "not an object");
  EXPECT_PM_ERROR(member_at(json(1), "a", "node 2"), ErrorCode::kParse, "number where an object belongs");
}

}  // namespace
}  // namespace perfmodel
