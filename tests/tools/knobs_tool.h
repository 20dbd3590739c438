#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/file.h"
#include "processes.h"
#include "run_tool.h"
#include "temporary_folder.h"

namespace perfmodel {

/// perfmodel-knobs on the files of a simulated board.
class KnobsTool : public ::testing::Test {
 protected:
  KnobsTool() {
    const ToolRun made = run_tool(PERFMODEL_KNOBS_TOOL, {"simulate", root_});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    original_ = knob_files();
  }

  ToolRun run(std::vector<std::string> arguments) const {
    return run_tool(PERFMODEL_KNOBS_TOOL, on_this_board(std::move(arguments)));
  }
  std::vector<std::string> on_this_board(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--root", root_, "--board", "simulated_jetson"});
    return arguments;
  }
  nlohmann::json knob(const std::string& name) const {
    const ToolRun got = run({"get", "--json", name});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    return nlohmann::json::parse(got.out);
  }
  std::string second_gpu_level() const { return knob("gpu_freq_hz")["levels"][1].dump(); }

  /// What knobs are set to, by file: everything below /sys but sensors.
  std::map<std::string, std::string> knob_files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ + "/sys")) {
      const std::string name = entry.path().filename().string();
      const bool is_knob = name == "online" || name == "rate" || name == "mrq_rate_locked" ||
                           name.find("min_freq") != std::string::npos || name.find("max_freq") != std::string::npos;
      if (!entry.is_regular_file() || !is_knob) continue;
      std::string text = read_file(entry.path().string());
      if (!text.empty() && text.back() == '\n') text.pop_back();
      files[entry.path().string()] = text;
    }
    return files;
  }
  bool becomes_original() const {
    return comes_true([this] { return knob_files() == original_; });
  }
  /// Whether nothing is left to be restored, and nobody at it.
  bool becomes_free() const {
    const std::string journal = root_ + "/var/lib/perfmodel/knobs.journal";
    return comes_true([&] { return !std::filesystem::exists(journal) && !std::filesystem::exists(journal + ".lock"); });
  }

  const TemporaryFolder folder_;
  const std::string root_ = folder_.file("board");
  std::map<std::string, std::string> original_;
};

}  // namespace perfmodel
