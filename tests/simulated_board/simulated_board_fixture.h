#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "perfmodel/knob/simulated_board.h"
#include "simulated_board/board_tree.h"
#include "sysfs/file_system.h"
#include "temporary_folder.h"

namespace perfmodel {

/// A board of the test's own, and its files.
class SimulatedBoardTest : public ::testing::Test {
 protected:
  static SimulatedBoardOptions quiet_options() {
    SimulatedBoardOptions options;
    options.noise_fraction = 0;
    return options;
  }

  std::unique_ptr<SimulatedBoard> make(const SimulatedBoardOptions& options, const std::string& name = "board") const {
    return std::make_unique<SimulatedBoard>(temporary_.file(name), options);
  }
  static void write(const SimulatedBoard& board, const std::string& path, const std::string& text) {
    rooted_file_system(board.root())->write(path, text + "\n");
  }
  static double number(const SimulatedBoard& board, const std::string& path) {
    return std::stod(rooted_file_system(board.root())->read(path));
  }
  /// Pins every clock to its lowest level, with one core.
  static void slow_down(const SimulatedBoard& board) {
    write(board, board_path::kCpuMax, "345600");
    write(board, board_path::kGpuMax, "114750000");
    write(board, board_path::kMemoryRate, "204000000");
    write(board, board_path::kMemoryLocked, "1");
    for (int core = 1; core < 4; ++core) write(board, board_path::core_online(core), "0");
  }

  TemporaryFolder temporary_;
};

}  // namespace perfmodel
