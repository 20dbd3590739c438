#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "board_text.h"
#include "expect_error.h"
#include "perfmodel/knob/board.h"

namespace perfmodel {
namespace {

struct BadTable {
  std::string text;
  ErrorCode code;
  const char* says;
};

void expect_refused(const std::vector<BadTable>& tables) {
  for (const BadTable& bad : tables) {
    SCOPED_TRACE(bad.text);
    EXPECT_PM_ERROR(Board::from_json(bad.text), bad.code, bad.says);
    EXPECT_PM_ERROR(Board::from_json(bad.text, "my.json"), bad.code, "my.json:");
  }
}

TEST(BadBoards, AreRefused) {
  const auto parse = ErrorCode::kParse, invalid = ErrorCode::kInvalidArgument;
  const std::string flag = R"({"name": "f", "kind": "boolean", "handed": {}})";
  const std::string rail = R"({"name": "r", "power_file": "/sys/p"})";
  expect_refused({
      {"{\n  nonsense", parse, "board table:2:4: syntax error"},
      {"[]", parse, "array where an object belongs"},
      {"{}", parse, "key 'version' is missing"},
      {R"({"version": 1.5})", parse, "'version' is 1.5, not an integer"},
      {R"({"version": 2, "name": "b", "new_key": 1})", ErrorCode::kVersion, "version 2 is not known, allowed is 1"},
      {R"({"version": 1})", parse, "the board: key 'name' is missing"},
      {R"({"version": 1, "name": "b", "title": "B", "knobs": []})", parse, "key 'tested_on_hardware' is missing"},
      {R"({"version": 1, "name": "b", "title": "B", "tested_on_hardware": 0, "knobs": []})", parse,
       "'tested_on_hardware' is 0, not true or false"},
      {R"({"version": 1, "name": "b", "title": "B", "tested_on_hardware": true})", parse, "key 'knobs' is missing"},
      {R"({"version": 1, "name": "b c", "title": "B", "tested_on_hardware": true, "knobs": []})", invalid,
       "'name' is 'b c', allowed are letters"},
      {R"({"version": 1, "name": "b", "title": "", "tested_on_hardware": true, "knobs": []})", invalid,
       "'title' is empty"},
      {R"({"version": 1, "name": "b", "title": "a\nb", "tested_on_hardware": true, "knobs": []})", invalid,
       "'title' is 'a b', which has control characters"},
      {board_with("", ", \"colour\": 1"), parse, "the board: unknown key 'colour' (allowed: version, name,"},
      {board_with("1"), parse, "knob 1: number where an object belongs"},
      {board_with(flag + "," + flag), invalid, "knob 'f' is there twice"},
      {board_with("", ", \"rails\": [" + rail + "," + rail + "]"), invalid, "rail 'r' is there twice"},
      {board_with("", ", \"rails\": 1"), parse, "'rails' is 1, not an array"},
      {board_with("", R"(, "temperature_files": ["sys/t"])"), invalid,
       "'temperature_files' names 'sys/t', allowed are"},
      {board_with("", R"(, "temperature_files": [])"), invalid, "'temperature_files' has nothing in it"},
      {board_with("", R"(, "throttle_count_files": ["/sys/../etc"])"), invalid, "names '/sys/../etc', allowed are"},
      {board_with("", R"(, "ignored_zone_types": [1])"), parse, "'ignored_zone_types' has number where a string"},
      {board_with("", R"(, "detect": {})"), invalid, "'any' must hold at least one rule"},
      {board_with("", R"(, "detect": {"all": []})"), parse, "'detect': unknown key 'all'"},
      {board_with("", R"(, "detect": {"specificity": -1, "any": []})"), invalid, "'specificity' is -1, allowed is 0"},
      {board_with("", R"(, "detect": {"any": [{"file": "model"}]})"), invalid,
       "'detect': rule 1: 'file' names 'model'"},
      {board_with("", R"(, "detect": {"any": [{"file": "/proc/*"}]})"), invalid, "which must be one file"},
      {board_with("", R"(, "detect": {"any": [{"file": "/a", "contains": "x", "equals": "y"}]})"), invalid,
       "'contains' and 'equals' exclude each other"},
  });
}

TEST(BadBoards, AreRefusedForTheirKnobs) {
  const auto parse = ErrorCode::kParse, invalid = ErrorCode::kInvalidArgument;
  const std::string writes = R"(, "writes": [{"file": "/sys/a"}])";
  expect_refused({
      {board_with("{}"), parse, "knob 1: key 'name' is missing"},
      {board_with(R"({"name": "1a"})"), invalid, "'name' is '1a', allowed are letters"},
      {knob_with(R"("handed": {})"), parse, "knob 'k': key 'kind' is missing"},
      {knob_with(R"("kind": "float", "handed": {})"), parse, "kind 'float' is not known (boolean, integer,"},
      {knob_with(R"("kind": "boolean")"), parse, "exactly one of the keys 'writes', 'range',"},
      {knob_with(R"("kind": "boolean", "handed": {})" + writes), parse, "exactly one of the keys"},
      {knob_with(R"("kind": "boolean", "path": "/sys/a")" + writes), parse, "knob 'k': unknown key 'path' (allowed:"},
      {knob_with(R"("kind": "boolean", "unit": "hz")" + writes), invalid, "a boolean knob has no unit"},
      {knob_with(R"("kind": "ordinal", "unit": "khz", "levels": [1])" + writes), invalid,
       "unit 'khz' is not known, allowed are 'hz', 'watts',"},
      {knob_with(R"("kind": "ordinal", "unit": "hz", "file_unit": "milliwatts", "levels": [1])" + writes), invalid,
       "'file_unit' is 'milliwatts', allowed for a value in 'hz' is 'hz', 'khz', 'mhz'"},
      {knob_with(R"("kind": "boolean", "tolerance_fraction": 2)" + writes), invalid,
       "'tolerance_fraction' is 2, allowed is 0 to 1"},
      {knob_with(R"("kind": "boolean", "every_folder": true)" + writes), invalid, "'every_folder' needs 'folders'"},
      {knob_with(R"("kind": "boolean", "active_file": "/sys/a")" + writes), invalid, "'active_file' needs 'folders'"},
      {knob_with(R"("kind": "boolean", "before": [{"text": "0"}])" + writes), parse, "key 'files' is missing"},
      {knob_with(R"("kind": "boolean", "before": [{"files": ["/a"]}])" + writes), parse,
       "knob 'k': condition 1: key 'text' is missing"},
      {knob_with(R"("kind": "boolean", "writes": [{"file": "/a", "text": "1"}])"), invalid,
       "the value is written nowhere"},
      {knob_with(R"("kind": "boolean", "writes": [{"file": "/a"}, {"file": "/a", "text": "1"}])"), invalid,
       "write 2: '/a' is written already"},
      {knob_with(R"("kind": "boolean", "range": {"minimum_file": "/a", "maximum_file": "/b"})"), invalid,
       "a boolean knob has no 'range'"},
      {knob_with(R"("kind": "integer", "levels": [1], "range": {"minimum_file": "/a", "maximum_file": "/a"})"), invalid,
       "'minimum_file' and 'maximum_file' are one file"},
      {knob_with(R"("kind": "integer", "levels": [1], "range": {"minimum_file": "/a"})"), parse,
       "knob 'k': 'range': key 'maximum_file' is missing"},
      {knob_with(R"("kind": "ordinal", "cores": {"file": "/cpu{core}"})"), invalid, "is of kind 'integer'"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/cpu1"})"), invalid, "which must hold '{core}' once"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/{core}/{core}"})"), invalid, "hold '{core}' once"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/{core}", "numbers": [0]})"), invalid,
       "'numbers' has 0, allowed are integers from 1 to 4095"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/{core}", "numbers": [1.5]})"), invalid, "has 1.5, allowed"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/{core}", "numbers": [2, 2]})"), invalid,
       "core 2 is there twice"},
      {knob_with(R"("kind": "integer", "cores": {"file": "/{core}", "numbers": ["1"]})"), parse,
       "'numbers' has string where a number belongs"},
      {knob_with(R"("kind": "ordinal", "unit": "hz", "nvml": {"setting": "fan"})"), parse,
       "setting 'fan' is not known (gpu_clock,"},
      {knob_with(R"("kind": "ordinal", "unit": "hz", "nvml": {"setting": "power_limit"})"), invalid, "in 'watts'"},
      {knob_with(R"("kind": "ordinal", "unit": "hz", "nvml": {"setting": "gpu_clock", "step": 1})"), invalid,
       "'step' belongs to 'power_limit'"},
      {knob_with(R"("kind": "ordinal", "unit": "hz", "nvml": {"setting": "gpu_clock", "device": -1})"), invalid,
       "'device' is -1, allowed is 0 to 255"},
      {knob_with(R"("kind": "boolean", "handed": {"effect": "argument"})"), parse, "effect 'argument' is not known"},
      {knob_with(R"("kind": "boolean", "handed": {"effect": "environment"})"), parse, "key 'variable' is missing"},
      {knob_with(R"("kind": "boolean", "handed": {"effect": "environment", "variable": "A=B"})"), invalid,
       "'variable' is 'A=B', allowed are letters"},
      {knob_with(R"("kind": "boolean", "handed": {"variable": "A"})"), invalid, "belongs to the effect 'environment'"},
      {knob_with(R"("kind": "boolean", "handed": {}, "folders": ["/a"])"), parse, "unknown key 'folders'"},
  });
}

TEST(BadBoards, AreRefusedForTheirLevels) {
  const auto parse = ErrorCode::kParse, invalid = ErrorCode::kInvalidArgument;
  const auto levels = [](const std::string& kind, const std::string& text) {
    return knob_with(R"("kind": ")" + kind + R"(", "levels": )" + text + R"(, "writes": [{"file": "/sys/a"}])");
  };
  expect_refused({
      {knob_with(R"("kind": "ordinal", "handed": {})"), parse, "key 'levels' is missing"},
      {knob_with(R"("kind": "categorical", "handed": {})"), parse, "key 'levels' is missing"},
      {levels("boolean", "[0, 1]"), invalid, "'levels' does not belong to a boolean knob"},
      {levels("ordinal", "[]"), invalid, "'levels' has nothing in it"},
      {levels("ordinal", "[1, 3, 2.5]"), invalid, "levels must ascend, but 2.5 comes after 3"},
      {levels("ordinal", "[1300500000, 1300500000]"), invalid, "but 1300500000 comes after 1300500000"},
      {levels("ordinal", R"([1, "2"])"), parse, "'levels' has string where a number belongs"},
      {levels("integer", "[1, 1.5]"), invalid, "level 1.5 is no integer"},
      {levels("ordinal", "5"), parse, "'levels' is 5, not an object"},
      {levels("categorical", R"(["a", "a"])"), invalid, "level 'a' is there twice"},
      {levels("categorical", R"({"file": "/a"})"), parse, "'levels' is object, not an array"},
      {levels("ordinal", "{}"), invalid, "no file is named, allowed are"},
      {levels("ordinal", R"({"path": "/a"})"), parse, "'levels': unknown key 'path'"},
      {levels("ordinal", R"({"minimum_file": "/a"})"), invalid, "is there without the other"},
      {levels("ordinal", R"({"file": "/a", "step": 2})"), invalid, "'step' belongs to 'minimum_file'"},
      {levels("ordinal", R"({"minimum_file": "/a", "maximum_file": "/b", "step": 0})"), invalid,
       "'step' is 0, allowed"},
      {levels("integer", R"({"minimum_file": "/a", "maximum_file": "/b", "step": 0.5})"), invalid,
       "'step' is 0.5, allowed for an integer knob are whole numbers"},
      {levels("ordinal", R"({"file": "/a", "file_unit": "hz"})"), invalid,
       "'file_unit' is 'hz', allowed for a value in"},
      {levels("ordinal", R"({"up_to_num_cpus": true})"), parse, "unknown key 'up_to_num_cpus'"},
      {knob_with(R"("kind": "integer", "handed": {}, "levels": {"file": "/a"})"), parse, "unknown key 'file'"},
      {knob_with(R"("kind": "integer", "handed": {}, "levels": {"up_to_num_cpus": false})"), parse,
       "allowed is 'up_to_num_cpus', true"},
      {knob_with(R"("kind": "integer", "unit": "s", "handed": {}, "levels": {"up_to_num_cpus": true})"), invalid,
       "a number of CPUs is not in 's'"},
  });
}

TEST(BadBoards, AreRefusedForPathsThatLeaveTheRootOrAreNoneOfAFile) {
  for (const char* path :
       {"sys/a", "/../etc/passwd", "/sys/..", "/sys/../../etc", "..", "/sys/./a", "/sys//a", "/sys/", "/", "//sys/a"}) {
    SCOPED_TRACE(path);
    const std::string text = knob_with(fmt::format(R"("kind": "boolean", "writes": [{{"file": "{}"}}])", path));
    EXPECT_PM_ERROR(Board::from_json(text), ErrorCode::kInvalidArgument,
                    fmt::format("knob 'k': write 1: 'file' names '{}', allowed are absolute paths without", path));
  }
  for (const char* path : {"../a", "a/../../b", "..", "./a", "a//b", "a/"}) {
    SCOPED_TRACE(path);
    const std::string text =
        knob_with(fmt::format(R"("kind": "boolean", "folders": ["/sys"], "writes": [{{"file": "{}"}}])", path));
    EXPECT_PM_ERROR(Board::from_json(text), ErrorCode::kInvalidArgument, fmt::format("names '{}', allowed are", path));
  }
  for (const char* path : {"/sys/a*", "/sys/a?", "/sys/[ab]"}) {
    SCOPED_TRACE(path);
    const std::string text = knob_with(fmt::format(R"("kind": "boolean", "writes": [{{"file": "{}"}}])", path));
    EXPECT_PM_ERROR(Board::from_json(text), ErrorCode::kInvalidArgument, "must be one file and no pattern");
  }
  EXPECT_PM_ERROR(Board::from_json(knob_with(R"("kind": "boolean", "writes": [{"file": "/sys/\u0000a"}])")),
                  ErrorCode::kInvalidArgument, "which has control characters");
}

TEST(BadBoards, AreRefusedForSuchPathsWhereverAKnobHasThem) {
  const std::string rest = R"("kind": "ordinal", "unit": "hz", )";
  const std::string levels = R"("levels": [1], )";
  const std::string writes = R"(, "writes": [{"file": "/sys/a"}])";
  for (const std::string& members : {
           rest + levels + R"("folders": ["/sys/.."])" + writes,
           rest + levels + R"("folders": ["/sys"], "active_file": "../..")" + writes,
           rest + levels + R"("before": [{"files": ["/sys/a", "/.."], "text": "0"}])" + writes,
           rest + levels + R"("read_file": "/..")" + writes,
           rest + levels + R"("effective_file": "/..")" + writes,
           rest + R"("levels": {"file": "/.."})" + writes,
           rest + R"("levels": {"minimum_file": "/..", "maximum_file": "/b"})" + writes,
           rest + R"("levels": {"minimum_file": "/a", "maximum_file": "/.."})" + writes,
           rest + levels + R"("range": {"minimum_file": "/..", "maximum_file": "/b"})",
           rest + levels + R"("range": {"minimum_file": "/a", "maximum_file": "/.."})",
           std::string(R"("kind": "integer", "cores": {"file": "/../{core}"})"),
       }) {
    EXPECT_PM_ERROR(Board::from_json(knob_with(members)), ErrorCode::kInvalidArgument, "without '..', '.' and empty");
  }
}

TEST(BadBoards, AreRefusedForTheirRails) {
  const auto parse = ErrorCode::kParse, invalid = ErrorCode::kInvalidArgument;
  expect_refused({
      {board_with("", R"(, "rails": [{}])"), parse, "rail 1: key 'name' is missing"},
      {rail_with(R"("folders": ["/a"])"), parse, "rail 'r': exactly one of the keys 'power_file',"},
      {rail_with(R"("power_file": "/a", "energy_file": "/b")"), parse, "exactly one of the keys"},
      {rail_with(R"("power_file": "/a", "unit": "watts")"), parse, "unknown key 'unit'"},
      {rail_with(R"("power_file": "a")"), invalid, "'power_file' names 'a', allowed are absolute paths"},
      {rail_with(R"("folders": ["a"], "power_file": "a")"), invalid, "'folders' names 'a', allowed are"},
      {rail_with(R"("folders": ["/a"], "power_file": "../a")"), invalid, "'power_file' names '../a'"},
      {rail_with(R"("folders": ["/a"], "power_file": "a", "label_file": "..")"), invalid, "'label_file' names '..'"},
      {rail_with(R"("folders": ["/a"], "power_file": "a*b*")"), invalid, "'a*b*' is a pattern, allowed in a rail's"},
      {rail_with(R"("folders": ["/a"], "power_file": "a[12]")"), invalid, "'a[12]' is a pattern, allowed in a rail's"},
      {rail_with(R"("folders": ["/a"], "power_file": "a", "label_file": "b*")"), invalid,
       "'b*' has a '*', but 'a' has none"},
      {rail_with(R"("power_file": "/a", "chip": "ina226")"), invalid, "'chip' needs 'folders'"},
      {rail_with(R"("voltage_file": "/a")"), invalid, "'voltage_file' and 'current_file' belong together"},
      {rail_with(R"("power_file": "/a", "current_file": "/b")"), invalid, "belong together"},
      {rail_with(R"("power_file": "/a", "wraps_at_file": "/b")"), invalid, "'wraps_at_file' belongs to 'energy_file'"},
      {rail_with(R"("energy_file": "/a", "file_unit": "microwatts")"), invalid,
       "allowed for a value in 'joules' is 'joules', 'millijoules', 'microjoules'"},
      {rail_with(R"("power_file": "/a", "update_period_s": -1)"), invalid, "'update_period_s' is -1, allowed is 0"},
      {rail_with(R"("power_file": "/a", "is_sum": 1)"), parse, "'is_sum' is 1, not true or false"},
      {rail_with(R"("power_file": "/a", "sum_labels": ["x"])"), invalid, "'sum_labels' needs 'label_file'"},
      {rail_with(R"("power_file": "/a", "label_file": "/b", "sum_labels": "x")"), parse, "'sum_labels'"},
      {rail_with(R"("power_file": "/a", "label_file": "/b", "sum_labels": [])"), invalid, "'sum_labels' has nothing"},
      {rail_with(R"("nvml": true, "sum_labels": ["x"])"), parse, "unknown key 'sum_labels'"},
      {rail_with(R"("nvml": false)"), invalid, "'nvml' is false, allowed is true"},
      {rail_with(R"("nvml": true, "folders": ["/a"])"), parse, "unknown key 'folders'"},
      {board_with("", R"(, "rails": [{"name": "{label}", "power_file": "/a"}])"), invalid, "braces in 'name'"},
      {board_with("", R"(, "rails": [{"name": "{folder}", "power_file": "/a"}])"), invalid, "braces in 'name'"},
      {board_with("", R"(, "rails": [{"name": "{chip}", "folders": ["/a"], "power_file": "a"}])"), invalid,
       "braces in 'name'"},
  });
}

}  // namespace
}  // namespace perfmodel
