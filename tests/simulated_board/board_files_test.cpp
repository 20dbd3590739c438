#include "simulated_board/board_files.h"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "expect_error.h"
#include "simulated_board/board_tree.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

struct BoardFilesTest : ::testing::Test {
  BoardFilesTest() { make_board_tree(folder, 0); }

  TemporaryFolder temporary;
  const std::string folder = temporary.file("board");
  const std::shared_ptr<FileSystem> tree = rooted_file_system(folder);
};

TEST_F(BoardFilesTest, ReadsWhatTheKnobsHold) {
  const BoardFiles files(folder);
  tree->write(board_path::core_online(2), "0\n");
  tree->write(board_path::kCpuMin, "499200\n");
  tree->write(board_path::kCpuMax, "960000");
  tree->write(board_path::kGpuMax, "522750000\n");
  tree->write(board_path::kMemoryRate, "408000000\n");
  tree->write(board_path::kMemoryLocked, "1\n");
  const KnobSettings knobs = files.read_knobs();
  EXPECT_EQ(knobs.num_cores, 3);
  EXPECT_EQ(knobs.cpu_min_hz, 499200e3);
  EXPECT_EQ(knobs.cpu_max_hz, 960000e3);
  EXPECT_EQ(knobs.gpu_min_hz, 114750e3);
  EXPECT_EQ(knobs.gpu_max_hz, 522750e3);
  EXPECT_EQ(knobs.memory_hz, 408000e3);
  EXPECT_TRUE(knobs.memory_locked);
}

TEST_F(BoardFilesTest, WritesSensorsInTheirUnits) {
  BoardFiles files(folder);
  BoardReadings readings;
  readings.clocks = {4, 960000e3, 522750e3, 408000e3};
  readings.input_watts = 9.1234;
  readings.gpu_watts = 4.5;
  readings.cpu_watts = 0.4996;
  readings.joules = 12.3456789;
  readings.temperature_celsius = 41.2346;
  readings.num_throttled = 2;
  files.write(readings);
  EXPECT_EQ(tree->read(board_path::kCpuCurrent), "960000");
  EXPECT_EQ(tree->read(board_path::kGpuCurrent), "522750000");
  EXPECT_EQ(tree->read(board_path::kMemoryCurrent), "408000000");
  EXPECT_EQ(tree->read(board_path::kInputPower), "9123");
  EXPECT_EQ(tree->read(board_path::kGpuPower), "4500");
  EXPECT_EQ(tree->read(board_path::kCpuPower), "500");
  EXPECT_EQ(tree->read(board_path::kEnergy), "12345678");
  EXPECT_EQ(tree->read("/sys/class/thermal/thermal_zone0/temp"), "41235");
  EXPECT_EQ(tree->read("/sys/class/thermal/thermal_zone1/temp"), "41235");
  EXPECT_EQ(tree->read(board_path::kThrottleCount), "2");
}

TEST_F(BoardFilesTest, AShorterNumberLeavesNothingOfALonger) {
  BoardFiles files(folder);
  BoardReadings readings;
  readings.input_watts = 12.345;
  files.write(readings);
  readings.input_watts = 0.006;
  files.write(readings);
  EXPECT_EQ(tree->read(board_path::kInputPower), "6");
}

TEST_F(BoardFilesTest, CountersGoOnWhereTheyWere) {
  tree->write(board_path::kEnergy, "1000000\n");
  tree->write(board_path::kThrottleCount, "5\n");
  BoardFiles files(folder);
  BoardReadings readings;
  readings.joules = 2;
  readings.num_throttled = 1;
  files.write(readings);
  EXPECT_EQ(tree->read(board_path::kEnergy), "3000000");
  EXPECT_EQ(tree->read(board_path::kThrottleCount), "6");
}

TEST_F(BoardFilesTest, TheEnergyCounterWraps) {
  BoardFiles files(folder);
  EXPECT_EQ(tree->read(board_path::kEnergyRange), "4294967295");
  BoardReadings readings;
  readings.joules = 4294.967294;
  files.write(readings);
  EXPECT_EQ(tree->read(board_path::kEnergy), "4294967294");
  readings.joules = 4295;
  files.write(readings);
  EXPECT_EQ(tree->read(board_path::kEnergy), "32705");  // 4 295 000 000 - 4 294 967 295
}

struct BadText {
  const char* path;
  const char* text;
  const char* says;
};

TEST_F(BoardFilesTest, RefusesKnobsThatHoldNoNumber) {
  const BoardFiles files(folder);
  const BadText cases[] = {
      {board_path::kGpuMax, "fast", "gpu.0/max_freq' holds 'fast', allowed is a whole number up to 1000000000000000"},
      {board_path::kGpuMax, "", "holds ''"},
      {board_path::kGpuMax, "-1", "holds '-1'"},
      {board_path::kGpuMax, "1e9", "holds '1e9'"},
      {board_path::kGpuMax, "5 6", "holds '5 6'"},
      {board_path::kGpuMax, "99999999999999999999", "holds '99999999999999999999'"},
      {board_path::kMemoryLocked, "2", "mrq_rate_locked' holds '2', allowed is a whole number up to 1"},
      {"/sys/devices/system/cpu/cpu1/online", "7", "cpu1/online' holds '7'"},
  };
  for (const BadText& bad : cases) {
    SCOPED_TRACE(bad.text);
    const std::string before = tree->read(bad.path);
    tree->write(bad.path, bad.text);
    EXPECT_PM_ERROR(files.read_knobs(), ErrorCode::kCorrupt, bad.says);
    tree->write(bad.path, before);
    EXPECT_NO_THROW(files.read_knobs());
  }
}

TEST_F(BoardFilesTest, SaysWhichKnobIsGone) {
  const BoardFiles files(folder);
  std::filesystem::remove(folder + board_path::kCpuMax);
  EXPECT_PM_ERROR(files.read_knobs(), ErrorCode::kNotFound, "scaling_max_freq");
}

TEST_F(BoardFilesTest, NeedsItsSensors) {
  std::filesystem::remove(folder + board_path::kThrottleCount);
  EXPECT_PM_ERROR(BoardFiles{folder}, ErrorCode::kNotFound, "throttle_count");
}

TEST_F(BoardFilesTest, WritesThroughNoLinkThatLeavesTheTree) {
  const std::string outside = temporary.file("outside");
  std::filesystem::copy(folder + board_path::kThrottleCount, outside);
  std::filesystem::remove(folder + board_path::kThrottleCount);
  std::filesystem::create_symlink(outside, folder + board_path::kThrottleCount);
  EXPECT_PM_ERROR(BoardFiles{folder}, ErrorCode::kPermission, "leaves the root");
}

TEST_F(BoardFilesTest, TellsOnceThatASensorCouldNotBeWritten) {
  BoardFiles files(folder);
  BoardReadings readings;
  readings.input_watts = 1;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit none = {0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  files.write(readings);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_PM_ERROR(files.throw_if_failed(), ErrorCode::kNoSpace, "scaling_cur_freq");
  EXPECT_NO_THROW(files.throw_if_failed());
}

}  // namespace
}  // namespace perfmodel
