#include <cstdio>
#include <fstream>
#include <string>

#include "expect_error.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/core/random.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr const char* kExample = R"({
  "options": [
    {"name": "core1_status", "kind": "boolean", "default": false},
    {"name": "num_cores", "kind": "integer", "low": 1, "high": 8, "step": 2, "default": 3},
    {"name": "gpu_freq_hz", "kind": "ordinal", "levels": [140250000, 497250000.5, 1.3005e9], "unit": "hz",
     "default": 140250000},
    {"name": "layout \"x\"", "kind": "categorical", "levels": ["nchw", "nhwc"], "default": "nhwc"},
    {"name": "plain", "kind": "boolean"}
  ],
  "constraints": ["num_cores >= 2 or gpu_freq_hz <= 5e8", "`layout \"x\"` == 'nchw' or plain"]
})";

void expect_same(const Option& a, const Option& b) {
  EXPECT_EQ(a.name(), b.name());
  EXPECT_EQ(a.kind(), b.kind());
  EXPECT_EQ(a.unit(), b.unit());
  EXPECT_EQ(a.default_level(), b.default_level());
  ASSERT_EQ(a.num_levels(), b.num_levels());
  for (std::uint64_t level = 0; level < a.num_levels(); ++level) {
    EXPECT_EQ(a.value(level), b.value(level));
    EXPECT_EQ(a.text(level), b.text(level));
  }
}

TEST(ConfigSpaceJson, ReadsAllKindsOfOptions) {
  const ConfigSpace space = ConfigSpace::from_json(kExample);
  ASSERT_EQ(space.num_options(), 5u);
  expect_same(space.options()[0], Option::boolean("core1_status", 0));
  expect_same(space.options()[1], Option::integer("num_cores", 1, 7, 2, 1));
  expect_same(space.options()[2], Option::ordinal("gpu_freq_hz", {140250000, 497250000.5, 1300500000}, 0, "hz"));
  expect_same(space.options()[3], Option::categorical("layout \"x\"", {"nchw", "nhwc"}, 1));
  expect_same(space.options()[4], Option::boolean("plain"));
  EXPECT_EQ(space.constraints().size(), 2u);
}

TEST(ConfigSpaceJson, ComesBackAsItWasWritten) {
  const ConfigSpace spaces[] = {
      ConfigSpace::from_json(kExample),
      ConfigSpace({Option::integer("i", -5, -5), Option::ordinal("o", {-1e300, 0.1, 1e17}, 1, "ms"),
                   Option::categorical("c", {"\"", "\\", "\n", "\xC3\xA9", "{}"}),
                   Option::integer("n", 0, 9, 3, 2, "s")}),
      ConfigSpace({Option::boolean("b")}, {"b"})};
  for (const ConfigSpace& space : spaces) {
    const ConfigSpace again = ConfigSpace::from_json(space.to_json());
    ASSERT_EQ(again.num_options(), space.num_options());
    for (std::size_t i = 0; i < space.num_options(); ++i) expect_same(again.options()[i], space.options()[i]);
    EXPECT_EQ(again.constraints(), space.constraints());
    EXPECT_EQ(again.to_json(), space.to_json());
  }
}

TEST(ConfigSpaceJson, WritesOneOptionPerLine) {
  EXPECT_EQ(ConfigSpace({Option::boolean("b"), Option::ordinal("f", {1, 2.5}, -1, "hz")}, {"b"}).to_json(), R"({
  "options": [
    {"name":"b","kind":"boolean","default":true},
    {"name":"f","kind":"ordinal","levels":[1,2.5],"unit":"hz","default":2.5}
  ],
  "constraints": [
    "b"
  ]
}
)");
}

TEST(ConfigSpaceJson, ReadsAFileAndNamesItInErrors) {
  const std::string path = temporary_path("config_space_json_test.json");
  std::ofstream(path) << kExample;
  EXPECT_EQ(ConfigSpace::read(path).num_options(), 5u);
  std::ofstream(path) << "{}";
  EXPECT_PM_ERROR(ConfigSpace::read(path), ErrorCode::kParse, path + ": the space: key 'options' is missing");
  std::remove(path.c_str());
  EXPECT_PM_ERROR(ConfigSpace::read(path), ErrorCode::kNotFound, path);
}

void expect_refused(const std::string& text, ErrorCode code, const std::string& says) {
  SCOPED_TRACE(text);
  EXPECT_PM_ERROR(ConfigSpace::from_json(text), code, says);
}

/// Of a space with that one option.
void expect_option_refused(const std::string& option, ErrorCode code, const std::string& says) {
  expect_refused("{\"options\": [{\"name\": \"first\", \"kind\": \"boolean\"}, " + option + "]}", code, says);
}

TEST(ConfigSpaceJson, SaysWhatIsWrongWithTheSpace) {
  const auto kParse = ErrorCode::kParse;
  expect_refused("", kParse, "config space:1:1");
  expect_refused("{\n \"options\": [}", kParse, "config space:2:14");
  expect_refused("[]", kParse, "config space: the space: array where an object belongs");
  expect_refused(R"({"options": {}})", kParse, "'options' is object, not an array");
  expect_refused(R"({"options": [], "constraint": []})", kParse,
                 "unknown key 'constraint' (allowed: options, constraints)");
  expect_refused(R"({"options": []})", ErrorCode::kInvalidArgument, "config space: a config space without options");
  expect_refused(R"({"options": [{"name": "a", "kind": "boolean"}], "constraints": ["a", 1]})", kParse,
                 "the space: constraint 2 is number, not a string");
  expect_refused(R"({"options": [{"name": "a", "kind": "boolean"}], "constraints": ["a and gpu"]})", kParse,
                 "config space: constraint 'a and gpu', position 7: no option 'gpu' (there are: a)");
  expect_refused(R"({"options": [{"name": "a", "kind": "boolean"}], "constraints": ["a", "not a"]})",
                 ErrorCode::kInvalidArgument, "no configuration satisfies the constraints together: 'a', 'not a'");
  expect_refused(R"({"options": [{"name": "a", "kind": "boolean"}, {"name": "a", "kind": "boolean"}]})",
                 ErrorCode::kInvalidArgument, "option 'a' appears twice");
}

TEST(ConfigSpaceJson, SaysWhichOptionIsWrongAndWhatIsAllowed) {
  const auto kParse = ErrorCode::kParse;
  const auto kBad = ErrorCode::kInvalidArgument;
  expect_option_refused("3", kParse, "option 2: number where an object belongs");
  expect_option_refused(R"({"kind": "boolean"})", kParse, "option 2: key 'name' is missing");
  expect_option_refused(R"({"name": "", "kind": "boolean"})", kParse, "option 2: its name is empty");
  expect_option_refused(R"({"name": "x"})", kParse, "option 'x': key 'kind' is missing");
  expect_option_refused(R"({"name": "x", "kind": "real"})", kParse,
                        "option 'x': kind 'real' is not known (boolean, integer, ordinal, categorical)");
  expect_option_refused(R"({"name": "x", "kind": "boolean", "levels": [0, 1]})", kParse,
                        "option 'x': unknown key 'levels' (allowed: name, kind, default)");
  expect_option_refused(R"({"name": "x", "kind": "boolean", "default": 1})", kParse,
                        "option 'x': 'default' is 1, not true or false");
  expect_option_refused(R"({"name": "x", "kind": "integer", "low": 1})", kParse, "option 'x': key 'high' is missing");
  expect_option_refused(R"({"name": "x", "kind": "integer", "low": 1.5, "high": 2})", kParse,
                        "option 'x': 'low' is 1.5, not an integer");
  expect_option_refused(R"({"name": "x", "kind": "integer", "low": 3, "high": 2})", kBad,
                        "option 'x': low 3 is above high 2");
  expect_option_refused(R"({"name": "x", "kind": "integer", "low": 0, "high": 18446744073709551615})", kParse,
                        "'high' is 18446744073709551615, not an integer");
  expect_option_refused(R"({"name": "x", "kind": "integer", "low": 1, "high": 5, "step": 2, "default": 2})", kBad,
                        "option 'x': 2 is not an allowed level (1 to 5 in steps of 2)");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": []})", kBad, "option 'x': no levels");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": [1, "2"]})", kParse,
                        "option 'x': level 2 is string, not a number");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": [1, null]})", kParse, "level 2 is null");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": [1, NaN]})", kParse, "config space:1:");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": [1, 1e400]})", kParse, "config space");
  expect_option_refused(R"({"name": "x", "kind": "ordinal", "levels": [2, 1]})", kBad, "levels must ascend");
  expect_option_refused(R"({"name": "x", "kind": "categorical", "levels": ["a", 2]})", kParse,
                        "option 'x': level 2 is number, not a string");
  expect_option_refused(R"({"name": "x", "kind": "categorical", "levels": ["a", "a"]})", kBad, "'a' appears twice");
  expect_option_refused(R"({"name": "x", "kind": "categorical", "levels": ["a", "b"], "default": "c"})", kBad,
                        "option 'x': 'c' is not an allowed level ('a', 'b')");
}

TEST(ConfigSpaceJson, MessagesAreOneLine) {
  try {
    ConfigSpace::from_json(R"({"options": [{"name": "a\nb", "kind": "c\td"}]})");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "config space: option 'a b': kind 'c d' is not known (boolean, integer, ordinal, categorical)");
  }
}

/// Reads a text; whatever comes of it must be a space or an Error.
void read_anything(const std::string& text) {
  try {
    ConfigSpace::from_json(text).num_feasible(1000);
  } catch (const Error&) {
  }
}

TEST(HostileConfigSpace, EveryCutAndEveryChangedByteIsASpaceOrAnError) {
  const std::string text = kExample;
  for (std::size_t size = 0; size < text.size(); ++size) read_anything(text.substr(0, size));
  Random random(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char replacement : {'\0', '"', '(', '9', ']', static_cast<char>(random.integer(0, 255))}) {
      std::string changed = text;
      changed[i] = replacement;
      read_anything(changed);
    }
  }
}

TEST(HostileConfigSpace, RandomWordsAreConstraintsOrErrors) {
  const char* const words[] = {"(", ")", "not ", " and ", " or ", "a",  "x", "c",  "'u'", "1",  "0",     "-",
                               "+", "*", "/",    "%",     "==",   "!=", "<", ">=", "`",   "\"", "1e308", " true "};
  Random random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string constraint;
    for (std::int64_t n = random.integer(1, 12); n > 0; --n) constraint += words[random.integer(0, 23)];
    try {
      ConfigSpace({Option::boolean("a"), Option::integer("x", -2, 2), Option::categorical("c", {"u", "v"})},
                  {constraint})
          .num_feasible();
    } catch (const Error&) {
    }
  }
}

TEST(HostileConfigSpace, DeepAndLongTextsAreRefusedQuickly) {
  read_anything(std::string(1000000, '['));
  std::string constraints =
      R"({"options": [{"name": "a", "kind": "integer", "low": 0, "high": 1000000}], "constraints": [)";
  for (int i = 0; i < 100000; ++i) constraints += R"("a > 0", )";
  expect_refused(constraints + R"("a > 0"]})", ErrorCode::kInvalidArgument, "100001 constraints");
}

/// A problem that no quick search can solve: the space is taken as it is, and nothing hangs.
TEST(HostileConfigSpace, HardConstraintsDoNotHang) {
  std::string text = R"({"options": [)";
  for (int i = 0; i < 60; ++i) text += "{\"name\": \"x" + std::to_string(i) + "\", \"kind\": \"boolean\"}, ";
  text += R"({"name": "last", "kind": "boolean"}], "constraints": [")";
  for (int i = 0; i < 60; ++i) text += "x" + std::to_string(i) + " * " + std::to_string(2 * (1000 + 7 * i * i)) + " + ";
  text += R"(last == 40001"]})";  // even numbers and 1: last must be on, the others give 40000 or nothing
  const ConfigSpace space = ConfigSpace::from_json(text);
  EXPECT_EQ(space.num_options(), 61u);
}

}  // namespace
}  // namespace perfmodel
