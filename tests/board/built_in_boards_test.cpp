#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "board/board_table.h"
#include "expect_error.h"
#include "perfmodel/knob/board.h"
#include "sysfs/path_pattern.h"

namespace perfmodel {
namespace {

using nlohmann::json;

KnobTable knob_of(const Board& board, const std::string& name) {
  const std::vector<KnobTable>& knobs = board.table().knobs;
  const auto found = std::find_if(knobs.begin(), knobs.end(), [&](const KnobTable& knob) { return knob.name == name; });
  if (found == knobs.end()) throw std::out_of_range(board.name() + " has no " + name);
  return *found;
}

/// Every text of a document that begins with a slash.
void add_paths(const json& value, std::vector<std::string>& paths) {
  if (value.is_string() && value.get<std::string>().substr(0, 1) == "/") paths.push_back(value.get<std::string>());
  if (value.is_structured()) {
    for (const json& item : value) add_paths(item, paths);
  }
}

TEST(BuiltInBoards, AreThoseThatTheManualLists) {
  EXPECT_THAT(built_in_board_names(),
              testing::ElementsAre("linux", "process", "nvidia", "jetson_tx1", "jetson_tx2", "jetson_nano",
                                   "jetson_xavier", "jetson_xavier_nx", "jetson_orin", "simulated_jetson"));
}

TEST(BuiltInBoards, AreReadUnderTheirNamesAndSurviveBeingWritten) {
  for (const std::string& name : built_in_board_names()) {
    SCOPED_TRACE(name);
    const Board board = built_in_board(name);
    EXPECT_EQ(board.name(), name);
    EXPECT_FALSE(board.title().empty());
    EXPECT_FALSE(board.knob_names().empty());
    const std::string text = board.to_json();
    EXPECT_EQ(Board::from_json(text).to_json(), text);
  }
}

TEST(BuiltInBoards, ClaimNoTestThatNobodyHasRun) {
  for (const std::string& name : built_in_board_names()) {
    EXPECT_EQ(built_in_board(name).tested_on_hardware(), name == "process") << name;
    EXPECT_EQ(built_in_board(name).simulated(), name == "simulated_jetson") << name;
  }
}

TEST(BuiltInBoards, NamePlainPathsBelowKernelFoldersOnly) {
  std::size_t num_paths = 0;
  for (const std::string& name : built_in_board_names()) {
    std::vector<std::string> paths;
    add_paths(json::parse(built_in_board(name).to_json()), paths);
    for (const std::string& path : paths) {
      SCOPED_TRACE(name + ": " + path);
      EXPECT_NO_THROW(require_plain_path(path));
      const std::string top = path.substr(0, path.find('/', 1));
      EXPECT_TRUE(top == "/sys" || top == "/proc" || top == "/dev");
    }
    num_paths += paths.size();
  }
  EXPECT_GT(num_paths, 100u);
}

TEST(BuiltInBoards, HaveTheUnitInEachKnobsName) {
  for (const std::string& name : built_in_board_names()) {
    const Board board = built_in_board(name);
    for (const KnobTable& knob : board.table().knobs) {
      SCOPED_TRACE(name + ": " + knob.name);
      if (knob.unit.empty()) {
        EXPECT_EQ(knob.name.find("_hz"), std::string::npos);
      } else {
        EXPECT_EQ(knob.name.substr(knob.name.find_last_of('_') + 1), knob.unit);
      }
    }
  }
}

TEST(BuiltInBoards, BringCoresOnlineBeforeTheirFrequencyIsSet) {
  for (const std::string& name : built_in_board_names()) {
    const std::vector<std::string> knobs = built_in_board(name).knob_names();
    const auto cores = std::find(knobs.begin(), knobs.end(), "num_cores");
    if (cores == knobs.end()) continue;
    EXPECT_LT(cores, std::find(knobs.begin(), knobs.end(), "cpu_freq_hz")) << name;
  }
}

TEST(BuiltInBoards, HaveTheSevenOptionsOfTheExplorationPaperOnTheSimulatedOne) {
  EXPECT_THAT(built_in_board("simulated_jetson").knob_names(),
              testing::ElementsAre("num_cores", "cpu_freq_hz", "gpu_freq_hz", "memory_freq_hz", "memory_growth",
                                   "memory_fraction", "batch_size"));
}

TEST(BuiltInBoards, SayOfLinuxWithAGpuWhatTheySayOfLinux) {
  const Board nvidia = built_in_board("nvidia"), linux_board = built_in_board("linux");
  const json with_gpu = json::parse(nvidia.to_json()), without = json::parse(linux_board.to_json());
  EXPECT_EQ(with_gpu["knobs"][0], without["knobs"][0]);
  EXPECT_EQ(with_gpu["knobs"][1], without["knobs"][1]);
  for (const json& rail : without["rails"]) {
    EXPECT_EQ(std::count(with_gpu["rails"].begin(), with_gpu["rails"].end(), rail), 1) << rail;
  }
}

// The files that list the memory controller's rates are in kHz, though the rate is set in Hz: possible_rates_show() of
// the Tegra clock drivers divides by 1000.
TEST(BuiltInBoards, ReadMemoryFrequenciesInKilohertzAndSetThemInHertz) {
  for (const char* name : {"jetson_tx1", "jetson_tx2", "jetson_nano", "jetson_xavier", "jetson_xavier_nx",
                           "jetson_orin", "simulated_jetson"}) {
    const KnobTable knob = knob_of(built_in_board(name), "memory_freq_hz");
    EXPECT_EQ(knob.levels.file_units_per_unit, 0.001) << name;
    EXPECT_EQ(knob.file_units_per_unit, 1) << name;
    ASSERT_EQ(knob.writes.size(), 2u) << name;
    EXPECT_EQ(knob.writes[0].text, "") << name;
    EXPECT_EQ(knob.writes[1].text, "1") << name;
  }
}

TEST(BuiltInBoards, TurnOffWhatWouldOverruleTheTx2sFrequencies) {
  const Board board = built_in_board("jetson_tx2");
  const KnobTable cpu = knob_of(board, "cpu_freq_hz");
  ASSERT_EQ(cpu.before.size(), 3u);
  EXPECT_EQ(cpu.before[0].files, std::vector<std::string>{"/sys/module/qos/parameters/enable"});
  EXPECT_EQ(cpu.before[1].text, "0");
  EXPECT_EQ(knob_of(board, "num_cores").cores, (std::vector<int>{3, 4, 5, 1, 2}));  // the quad-core cluster first
  const KnobTable gpu = knob_of(board, "gpu_freq_hz");
  ASSERT_EQ(gpu.before.size(), 1u);
  EXPECT_EQ(gpu.before[0].files[0], "/sys/devices/17000000.gp10b/railgate_enable");
  EXPECT_FALSE(gpu.before[0].optional);
}

TEST(BuiltInBoards, LeaveOutTheZoneThatTellsNoTemperature) {
  for (const char* name : {"jetson_tx1", "jetson_tx2", "jetson_nano", "jetson_xavier", "jetson_xavier_nx"}) {
    EXPECT_THAT(built_in_board(name).table().ignored_zone_types, testing::ElementsAre("PMIC-Die")) << name;
  }
}

TEST(BuiltInBoards, AskNvmlForThreeSettings) {
  const Board board = built_in_board("nvidia");
  EXPECT_EQ(knob_of(board, "gpu_freq_hz").nvml, NvmlSetting::kGpuClock);
  EXPECT_EQ(knob_of(board, "memory_freq_hz").nvml, NvmlSetting::kMemoryClock);
  EXPECT_EQ(knob_of(board, "power_limit_watts").nvml, NvmlSetting::kPowerLimit);
  EXPECT_EQ(board.table().rails[0].kind, RailKind::kNvml);
}

TEST(BuiltInBoards, HandProcessKnobsToTheProgram) {
  const Board board = built_in_board("process");
  for (const KnobTable& knob : board.table().knobs) EXPECT_EQ(knob.mechanism, KnobMechanism::kHanded) << knob.name;
  EXPECT_EQ(knob_of(board, "num_threads").environment_variable, "OMP_NUM_THREADS");
  EXPECT_TRUE(knob_of(board, "cpu_affinity").levels.up_to_num_cpus);
  EXPECT_EQ(knob_of(board, "nice").levels.numbers.back(), 19);
  EXPECT_EQ(knob_of(board, "memory_format").levels.labels[1], "channels_last");
}

TEST(BuiltInBoards, AreListedWhereOneIsUnknown) {
  EXPECT_PM_ERROR(built_in_board("jetson_tx3"), ErrorCode::kNotFound,
                  "there is no built-in board 'jetson_tx3', only linux, process, nvidia,");
}

}  // namespace
}  // namespace perfmodel
