#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "perfmodel/core/csv.h"
#include "run_tool.h"

namespace perfmodel {

inline constexpr double kClocks_mhz[] = {100, 200, 400, 800};
inline constexpr int kMostCores = 4;

/// What the imaginary boards take, up to a factor.
inline double time_ms(double cores, double clock_mhz) {
  return 2000 / clock_mhz + 8 / cores;
}

/// The table of a board that is slower by `factor`: all its 16 configurations.
inline std::string write_board(const std::string& path, double factor) {
  CsvTable table;
  table.columns = {"num_cores", "clock_mhz", "power_watts", "time_ms"};
  for (int cores = 1; cores <= kMostCores; ++cores) {
    for (const double clock : kClocks_mhz) {
      table.rows.push_back(
          {std::to_string(cores), format_number(clock), "5", format_number(factor * time_ms(cores, clock))});
    }
  }
  write_csv(table, path);
  return path;
}

inline std::string write_text(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

inline ToolRun run_transfer(const std::vector<std::string>& arguments) {
  return run_tool(PERFMODEL_TRANSFER_TOOL, arguments);
}

inline std::vector<std::string> lines_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Two boards on which a transfer is tried.
class TransferTool : public ::testing::Test {
 protected:
  std::string folder_ = test_folder();
  std::string source_ = write_board(folder_ + "source.csv", 1), target_ = write_board(folder_ + "target.csv", 3);
};

}  // namespace perfmodel
