#include "simulated_board/board_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "board/board_table.h"
#include "expect_error.h"
#include "perfmodel/knob/board.h"
#include "sysfs/file_system.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

struct BoardTreeTest : ::testing::Test {
  TemporaryFolder temporary;
  const std::string folder = temporary.file("board");

  std::string text(const std::string& path) const { return rooted_file_system(folder)->read(path); }
};

TEST_F(BoardTreeTest, StartsWithEveryCoreAndEveryClockFree) {
  make_board_tree(folder, 1);
  EXPECT_EQ(text("/proc/device-tree/model"), "simulated Jetson-like board");
  EXPECT_EQ(text("/sys/devices/system/cpu/cpu3/online"), "1");
  EXPECT_EQ(text("/sys/devices/system/cpu/cpufreq/policy0/scaling_min_freq"), "345600");
  EXPECT_EQ(text("/sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq"), "2035200");
  EXPECT_EQ(text("/sys/devices/gpu.0/devfreq/gpu.0/min_freq"), "114750000");
  EXPECT_EQ(text("/sys/kernel/debug/bpmp/debug/clk/emc/mrq_rate_locked"), "0");
  EXPECT_EQ(text("/sys/kernel/debug/bpmp/debug/emc/possible_rates"),
            "204000 408000 665600 800000 1062400 1331200 1600000 1866000");
  EXPECT_FALSE(std::filesystem::exists(folder + "/sys/devices/system/cpu/cpu0/online"));
}

TEST_F(BoardTreeTest, HasEveryFileThatItsTableNames) {
  make_board_tree(folder, 1);
  const std::shared_ptr<FileSystem> files = rooted_file_system(folder);
  const Board board = built_in_board("simulated_jetson");
  const auto expect_file = [&](const std::vector<std::string>& folders, const std::string& file) {
    if (file.empty()) return;
    EXPECT_EQ(files->match(file[0] == '/' ? file : folders.at(0) + "/" + file).size(), 1u) << file;
  };
  for (const KnobTable& knob : board.table().knobs) {
    for (const KnobWrite& write : knob.writes) expect_file(knob.folders, write.file);
    for (const std::string& file :
         {knob.levels.file, knob.minimum_file, knob.maximum_file, knob.read_file, knob.effective_file}) {
      expect_file(knob.folders, file);
    }
    for (const int core : knob.cores) EXPECT_TRUE(files->exists(board_path::core_online(core))) << core;
  }
  for (const RailTable& rail : board.table().rails) {
    expect_file(rail.folders, rail.value_file);
    expect_file(rail.folders, rail.wraps_at_file);
  }
  EXPECT_EQ(board.table().rails.size(), 4u);
  for (const std::string& pattern : board.table().temperature_files) EXPECT_EQ(files->match(pattern).size(), 2u);
  for (const std::string& pattern : board.table().throttle_count_files) EXPECT_EQ(files->match(pattern).size(), 1u);
}

TEST_F(BoardTreeTest, IsDetectedAsWhatItIs) {
  make_board_tree(folder, 1);
  const Board board = detect_board(folder);
  EXPECT_EQ(board.name(), "simulated_jetson");
  EXPECT_TRUE(board.simulated());
}

TEST_F(BoardTreeTest, ATreeThatIsThereIsKept) {
  make_board_tree(folder, 1);
  const std::string boot = text("/proc/sys/kernel/random/boot_id");
  rooted_file_system(folder)->write("/sys/devices/system/cpu/cpu2/online", "0");
  make_board_tree(folder, 2);
  EXPECT_EQ(text("/sys/devices/system/cpu/cpu2/online"), "0");
  EXPECT_EQ(text("/proc/sys/kernel/random/boot_id"), boot);
}

TEST_F(BoardTreeTest, TheBootsNameFollowsFromTheSeed) {
  make_board_tree(folder, 1);
  make_board_tree(temporary.file("same"), 1);
  make_board_tree(temporary.file("other"), 2);
  const auto boot = [&](const std::string& name) {
    return rooted_file_system(temporary.file(name))->read("/proc/sys/kernel/random/boot_id");
  };
  EXPECT_THAT(boot("board"),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(boot("same"), boot("board"));
  EXPECT_NE(boot("other"), boot("board"));
}

TEST_F(BoardTreeTest, LeavesNothingButTheTree) {
  make_board_tree(folder, 1);
  make_board_tree(folder, 1);
  std::size_t num_entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(temporary.path())) ++num_entries;
  EXPECT_EQ(num_entries, 1u);
}

TEST_F(BoardTreeTest, TakesAnEmptyFolder) {
  std::filesystem::create_directory(folder);
  make_board_tree(folder, 1);
  EXPECT_EQ(text("/sys/class/powercap/simulated:0/name"), "simulated");
}

TEST_F(BoardTreeTest, LeavesAFolderWithOtherThingsAlone) {
  std::filesystem::create_directories(folder + "/sys/devices");
  EXPECT_PM_ERROR(make_board_tree(folder, 1), ErrorCode::kInvalidArgument, "holds other things");
  EXPECT_FALSE(std::filesystem::exists(folder + "/proc"));
  std::filesystem::create_directories(folder + "/proc/device-tree");
  std::ofstream(folder + "/proc/device-tree/model") << "NVIDIA Jetson TX2";
  EXPECT_PM_ERROR(make_board_tree(folder, 1), ErrorCode::kInvalidArgument, "holds other things");
}

TEST_F(BoardTreeTest, SaysWhyItCannotBeMade) {
  EXPECT_PM_ERROR(make_board_tree(temporary.file("none/board"), 1), ErrorCode::kNotFound, "none/board");
  std::ofstream(temporary.file("file")) << "text";
  EXPECT_PM_ERROR(make_board_tree(temporary.file("file"), 1), ErrorCode::kNotFound, "Not a directory");
  if (::geteuid() == 0) return;  // to root everything is permitted
  ::chmod(temporary.path().c_str(), 0500);
  EXPECT_PM_ERROR(make_board_tree(folder, 1), ErrorCode::kPermission, "Permission denied");
  ::chmod(temporary.path().c_str(), 0700);
}

}  // namespace
}  // namespace perfmodel
