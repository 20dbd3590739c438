#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "expect_error.h"
#include "perfmodel/knob/board.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

const std::string kModel = "/proc/device-tree/model";
const std::string kChip = "/sys/module/tegra_fuse/parameters/tegra_chip_id";

/// A machine's files.
class Tree {
 public:
  Tree() { std::filesystem::create_directories(folder_.path() / "sys/devices/system/cpu"); }

  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = folder_.path() / path.substr(1);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  std::string root() const { return folder_.path().string(); }

 private:
  TemporaryFolder folder_;
};

/// Device trees end their texts in a zero byte.
std::string device_tree_text(const std::string& text) {
  return text + '\0';
}

struct Machine {
  const char* board;
  std::string file, text;
};

TEST(DetectBoard, KnowsEachByWhatItsKernelShows) {
  const Machine machines[] = {
      {"jetson_tx1", kModel, device_tree_text("NVIDIA Jetson TX1 Developer Kit")},
      {"jetson_tx1", kModel, device_tree_text("jetson_tx1")},
      {"jetson_tx1", kChip, "33\n"},
      {"jetson_tx2", kModel, device_tree_text("NVIDIA Jetson TX2 Developer Kit")},
      {"jetson_tx2", kModel, device_tree_text("quill")},
      {"jetson_tx2", kChip, "24\n"},
      {"jetson_nano", kModel, device_tree_text("NVIDIA Jetson Nano Developer Kit")},
      {"jetson_xavier", kModel, device_tree_text("NVIDIA Jetson AGX Xavier Developer Kit")},
      {"jetson_xavier", kModel, device_tree_text("Jetson-AGX")},
      {"jetson_xavier_nx", kModel, device_tree_text("NVIDIA Jetson Xavier NX Developer Kit")},
      {"jetson_orin", kModel, device_tree_text("NVIDIA Jetson AGX Orin Developer Kit")},
      {"jetson_orin", kModel, device_tree_text("NVIDIA Jetson Orin Nano Developer Kit")},
      {"simulated_jetson", kModel, device_tree_text("simulated Jetson-like board")},
      {"nvidia", "/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module\n"},
      {"linux", "/proc/version", "Linux\n"},
      {"linux", kModel, device_tree_text("Raspberry Pi 4 Model B Rev 1.4")},
  };
  for (const Machine& machine : machines) {
    SCOPED_TRACE(machine.text);
    Tree tree;
    tree.write(machine.file, machine.text);
    EXPECT_EQ(detect_board(tree.root()).name(), machine.board);
  }
}

TEST(DetectBoard, TellsBoardsWithTheSameChipApart) {
  Tree nano;
  nano.write(kModel, device_tree_text("NVIDIA Jetson Nano Developer Kit"));
  nano.write(kChip, "33\n");  // that of the TX1
  EXPECT_EQ(detect_board(nano.root()).name(), "jetson_nano");
  Tree xavier_nx;
  xavier_nx.write(kModel, device_tree_text("NVIDIA Jetson Xavier NX Developer Kit"));
  xavier_nx.write(kChip, "25\n");  // that of the AGX Xavier
  EXPECT_EQ(detect_board(xavier_nx.root()).name(), "jetson_xavier_nx");
}

TEST(DetectBoard, TellsWhatFitsAndWhyTheOthersDoNot) {
  Tree tree;
  tree.write(kModel, device_tree_text("NVIDIA Jetson TX2"));
  tree.write(kChip, "24\n");
  std::size_t num_seen = 0;
  for (const BoardDetection& detection : detect_boards(tree.root())) {
    if (detection.name == "jetson_tx2") {
      ++num_seen;
      EXPECT_TRUE(detection.fits);
      EXPECT_EQ(detection.reason, "/proc/device-tree/model says 'Jetson TX2'");
    } else if (detection.name == "jetson_tx1") {
      ++num_seen;
      EXPECT_FALSE(detection.fits);
      EXPECT_EQ(detection.reason,
                "/proc/device-tree/model is 'NVIDIA Jetson TX2', without 'Jetson TX1'; /proc/device-tree/model is "
                "'NVIDIA Jetson TX2', without 'jetson_tx1'; " +
                    kChip + " is '24', not '33'");
    } else if (detection.name == "nvidia") {
      ++num_seen;
      EXPECT_FALSE(detection.fits);
      EXPECT_EQ(detection.reason, "/proc/driver/nvidia/version is not there; /dev/nvidiactl is not there");
    } else if (detection.name == "linux") {
      ++num_seen;
      EXPECT_TRUE(detection.fits);
      EXPECT_EQ(detection.reason, "/sys/devices/system/cpu is there");
    } else {
      EXPECT_FALSE(detection.fits) << detection.name;
    }
  }
  EXPECT_EQ(num_seen, 4u);
}

TEST(DetectBoard, AsksTheMoreSpecificOnesFirst) {
  const Tree tree;
  const std::vector<BoardDetection> detections = detect_boards(tree.root());
  ASSERT_FALSE(detections.empty());
  EXPECT_EQ(detections.front().name, "simulated_jetson");
  EXPECT_EQ(detections.back().name, "linux");
  for (const BoardDetection& detection : detections) EXPECT_NE(detection.name, "process");
}

TEST(DetectBoard, GoesOnWhereAFileCannotBeRead) {
  Tree tree;
  std::filesystem::create_directories(tree.root() + kModel);  // a folder
  for (const BoardDetection& detection : detect_boards(tree.root())) {
    if (detection.name == "jetson_nano") {
      EXPECT_THAT(detection.reason, testing::HasSubstr("cannot read '/proc/device-tree/model'"));
    }
  }
  EXPECT_EQ(detect_board(tree.root()).name(), "linux");
}

TEST(DetectBoard, DoesNotFollowLinksOutOfTheRoot) {
  const TemporaryFolder outside;
  std::ofstream(outside.file("model")) << "NVIDIA Jetson TX2";
  const Tree tree;
  std::filesystem::create_directories(tree.root() + "/proc/device-tree");
  std::filesystem::create_symlink(outside.file("model"), tree.root() + kModel);
  for (const BoardDetection& detection : detect_boards(tree.root())) {
    if (detection.name == "jetson_nano") {
      EXPECT_EQ(detection.reason, "cannot read '/proc/device-tree/model': it is a link that leaves the root");
    }
  }
  EXPECT_EQ(detect_board(tree.root()).name(), "linux");
}

TEST(DetectBoard, GivesEveryReasonWhenNothingFits) {
  const TemporaryFolder empty;
  const std::string root = empty.path().string();
  for (const BoardDetection& detection : detect_boards(root)) {
    EXPECT_FALSE(detection.fits);
    EXPECT_PM_ERROR(detect_board(root), ErrorCode::kUnsupported, detection.name + ": " + detection.reason);
  }
  EXPECT_PM_ERROR(detect_board(root), ErrorCode::kUnsupported, "/sys/devices/system/cpu is not there");
}

TEST(DetectBoard, RefusesNoRoot) {
  EXPECT_PM_ERROR(detect_board(""), ErrorCode::kInvalidArgument, "root of the file system is empty");
}

}  // namespace
}  // namespace perfmodel
