#include <gtest/gtest.h>

#include <fstream>

#include "board/board_table.h"
#include "board_text.h"
#include "core/file.h"
#include "expect_error.h"
#include "perfmodel/knob/board.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

TEST(BoardJson, ReadsEveryPartOfAKnobThatIsWritten) {
  const Board board = Board::from_json(knob_with(R"("unit": "hz", "kind": "ordinal",
      "folders": ["/sys/a*", "/sys/b"], "every_folder": true, "active_file": "in_use",
      "levels": {"file": "/sys/levels", "minimum_file": "low", "maximum_file": "high", "step": 5e6, "file_unit": "mhz"},
      "before": [{"files": ["/sys/gate", "gate"], "text": "0", "optional": true}],
      "writes": [{"file": "rate"}, {"file": "state", "text": "on"}],
      "read_file": "told", "effective_file": "now", "file_unit": "khz", "tolerance_fraction": 0.01)"));
  const KnobTable& knob = board.table().knobs.at(0);
  EXPECT_EQ(knob.name, "k");
  EXPECT_EQ(knob.unit, "hz");
  EXPECT_EQ(knob.kind, OptionKind::kOrdinal);
  EXPECT_EQ(knob.mechanism, KnobMechanism::kWrites);
  EXPECT_EQ(knob.folders, (std::vector<std::string>{"/sys/a*", "/sys/b"}));
  EXPECT_TRUE(knob.every_folder);
  EXPECT_EQ(knob.active_file, "in_use");
  EXPECT_EQ(knob.levels.file, "/sys/levels");
  EXPECT_EQ(knob.levels.minimum_file, "low");
  EXPECT_EQ(knob.levels.maximum_file, "high");
  EXPECT_EQ(knob.levels.step, 5e6);
  EXPECT_EQ(knob.levels.file_units_per_unit, 1e-6);
  ASSERT_EQ(knob.before.size(), 1u);
  EXPECT_EQ(knob.before[0].files, (std::vector<std::string>{"/sys/gate", "gate"}));
  EXPECT_EQ(knob.before[0].text, "0");
  EXPECT_TRUE(knob.before[0].optional);
  ASSERT_EQ(knob.writes.size(), 2u);
  EXPECT_EQ(knob.writes[0].file, "rate");
  EXPECT_EQ(knob.writes[0].text, "");
  EXPECT_EQ(knob.writes[1].text, "on");
  EXPECT_EQ(knob.read_file, "told");
  EXPECT_EQ(knob.effective_file, "now");
  EXPECT_EQ(knob.file_units_per_unit, 0.001);
  EXPECT_EQ(knob.tolerance_fraction, 0.01);
}

TEST(BoardJson, ReadsWhatIsLeftOutAsTheManualSays) {
  const Board board = Board::from_json(knob_with(R"("kind": "integer", "levels": [1, 2], "unit": "bytes",
      "file_unit": "kib", "range": {"minimum_file": "/sys/low", "maximum_file": "/sys/high"})"));
  const KnobTable& knob = board.table().knobs.at(0);
  EXPECT_EQ(knob.mechanism, KnobMechanism::kRange);
  EXPECT_EQ(knob.minimum_file, "/sys/low");
  EXPECT_EQ(knob.maximum_file, "/sys/high");
  EXPECT_EQ(knob.levels.numbers, (std::vector<double>{1, 2}));
  EXPECT_FALSE(knob.every_folder);
  EXPECT_TRUE(knob.folders.empty() && knob.before.empty() && knob.read_file.empty() && knob.effective_file.empty());
  EXPECT_EQ(knob.tolerance_fraction, 0.001);
  EXPECT_FALSE(board.simulated());
  EXPECT_FALSE(board.tested_on_hardware());
  EXPECT_TRUE(board.table().rails.empty() && board.table().detect_any.empty());
}

TEST(BoardJson, TakesTheKnobsUnitForFilesOfLevels) {
  const Board board = Board::from_json(knob_with(R"("kind": "ordinal", "unit": "hz", "file_unit": "khz",
      "levels": {"file": "/sys/levels"}, "writes": [{"file": "/sys/rate"}])"));
  EXPECT_EQ(board.table().knobs.at(0).levels.file_units_per_unit, 0.001);
}

TEST(BoardJson, ReadsTheOtherMechanisms) {
  const Board board = Board::from_json(board_with(R"(
      {"name": "a", "kind": "integer", "cores": {"file": "/sys/cpu{core}/online", "numbers": [3, 1]},
       "before": [{"files": ["/sys/quiet"], "text": "N"}]},
      {"name": "b", "kind": "ordinal", "unit": "watts", "nvml": {"setting": "power_limit", "device": 1, "step": 25}},
      {"name": "c", "kind": "categorical", "levels": ["x", "y"], "handed": {}},
      {"name": "d", "kind": "integer", "levels": {"up_to_num_cpus": true},
       "handed": {"effect": "environment", "variable": "OMP_NUM_THREADS"}},
      {"name": "e", "kind": "boolean", "handed": {"effect": "none"}})"));
  const std::vector<KnobTable>& knobs = board.table().knobs;
  EXPECT_EQ(board.knob_names(), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(knobs[0].mechanism, KnobMechanism::kCores);
  EXPECT_EQ(knobs[0].core_file, "/sys/cpu{core}/online");
  EXPECT_EQ(knobs[0].cores, (std::vector<int>{3, 1}));
  EXPECT_EQ(knobs[0].before[0].text, "N");
  EXPECT_EQ(knobs[1].mechanism, KnobMechanism::kNvml);
  EXPECT_EQ(knobs[1].nvml, NvmlSetting::kPowerLimit);
  EXPECT_EQ(knobs[1].nvml_device, 1);
  EXPECT_EQ(knobs[1].levels.step, 25);
  EXPECT_EQ(knobs[2].levels.labels, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(knobs[2].handed, HandedEffect::kNone);
  EXPECT_TRUE(knobs[3].levels.up_to_num_cpus);
  EXPECT_EQ(knobs[3].handed, HandedEffect::kEnvironment);
  EXPECT_EQ(knobs[3].environment_variable, "OMP_NUM_THREADS");
  EXPECT_EQ(knobs[4].kind, OptionKind::kBoolean);
}

TEST(BoardJson, ReadsRailsAndSensors) {
  const Board board = Board::from_json(board_with("", R"(, "rails": [
      {"name": "{folder}", "folders": ["/sys/h*"], "chip": "ina226", "power_file": "power1_input",
       "file_unit": "microwatts", "update_period_s": 0.5, "is_sum": true},
      {"name": "{label}", "folders": ["/sys/h*"], "voltage_file": "in*_input", "current_file": "curr*_input",
       "label_file": "in*_label", "sum_labels": ["VDD_IN", "psys*"]},
      {"name": "{label}", "energy_file": "/sys/e", "wraps_at_file": "/sys/w", "label_file": "/sys/n",
       "file_unit": "microjoules"},
      {"name": "gpus", "nvml": true}],
      "temperature_files": ["/sys/t*/temp"], "ignored_zone_types": ["PMIC-Die"],
      "throttle_count_files": ["/sys/c*"], "simulated": true,
      "detect": {"specificity": 7, "any": [{"file": "/proc/a", "contains": "x"}, {"file": "/proc/b", "equals": "y"},
                                          {"file": "/proc/c"}]})"));
  const BoardTable& table = board.table();
  ASSERT_EQ(table.rails.size(), 4u);
  EXPECT_EQ(table.rails[0].kind, RailKind::kPower);
  EXPECT_EQ(table.rails[0].chip, "ina226");
  EXPECT_EQ(table.rails[0].value_file, "power1_input");
  EXPECT_EQ(table.rails[0].file_units_per_unit, 1e6);
  EXPECT_EQ(table.rails[0].update_period_s, 0.5);
  EXPECT_TRUE(table.rails[0].is_sum);
  EXPECT_EQ(table.rails[1].kind, RailKind::kVoltageCurrent);
  EXPECT_EQ(table.rails[1].current_file, "curr*_input");
  EXPECT_EQ(table.rails[1].label_file, "in*_label");
  EXPECT_EQ(table.rails[1].sum_labels, (std::vector<std::string>{"VDD_IN", "psys*"}));
  EXPECT_TRUE(table.rails[0].sum_labels.empty());
  EXPECT_EQ(table.rails[2].kind, RailKind::kEnergy);
  EXPECT_EQ(table.rails[2].wraps_at_file, "/sys/w");
  EXPECT_EQ(table.rails[3].kind, RailKind::kNvml);
  EXPECT_EQ(table.temperature_files, std::vector<std::string>{"/sys/t*/temp"});
  EXPECT_EQ(table.ignored_zone_types, std::vector<std::string>{"PMIC-Die"});
  EXPECT_EQ(table.throttle_count_files, std::vector<std::string>{"/sys/c*"});
  EXPECT_TRUE(board.simulated());
  EXPECT_EQ(table.specificity, 7);
  ASSERT_EQ(table.detect_any.size(), 3u);
  EXPECT_EQ(table.detect_any[0].contains, "x");
  EXPECT_EQ(table.detect_any[1].equals, "y");
  EXPECT_EQ(Board::from_json(board.to_json()).to_json(), board.to_json());
}

TEST(BoardJson, IsWrittenWithoutWhatNeedNotBeSaid) {
  const std::string text = R"({
  "version": 1,
  "name": "b",
  "title": "B",
  "tested_on_hardware": false,
  "knobs": [
    {"name":"rate","unit":"hz","kind":"ordinal","levels":[140250000,1300500000.5],"writes":[{"file":"/sys/rate"}]},
    {"name":"flag","kind":"boolean","handed":{}}
  ],
  "temperature_files": ["/sys/t"]
}
)";
  EXPECT_EQ(Board::from_json(text).to_json(), text);
}

TEST(BoardJson, IsReadAsTheManualShowsIt) {
  const std::string manual = read_file(PERFMODEL_TEST_DATA "/../../docs/formats-board.md");
  const std::string fence = "```json\n";
  const std::size_t begin = manual.find(fence);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = manual.find("```", begin + fence.size());
  const Board board = Board::from_json(manual.substr(begin + fence.size(), end - begin - fence.size()));
  EXPECT_EQ(board.knob_names(), (std::vector<std::string>{"num_cores", "gpu_freq_hz", "memory_freq_hz"}));
}

TEST(BoardJson, IsReadFromAFile) {
  const TemporaryFolder folder;
  const std::string path = folder.file("board.json");
  std::ofstream(path) << board_with("");
  EXPECT_EQ(Board::read(path).name(), "b");
  EXPECT_EQ(Board::read(path).title(), "B");
  std::ofstream(path) << board_with("", ", \"knob\": 1");
  EXPECT_PM_ERROR(Board::read(path), ErrorCode::kParse, path + ": the board: unknown key 'knob'");
  EXPECT_PM_ERROR(Board::read(folder.file("none.json")), ErrorCode::kNotFound, "none.json");
}

}  // namespace
}  // namespace perfmodel
