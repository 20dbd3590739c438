#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/knob/knob_driver.h"

namespace perfmodel::tools {

/// What every command of perfmodel-knobs takes.
struct MachineOptions {
  std::string board;       ///< a built-in name or a file; empty: the one that is detected
  std::string root = "/";  ///< folder that stands for "/"
  std::string journal;     ///< empty: the driver's own place
  bool accept_pinned = false;
  bool json = false;
};

struct SetOptions {
  std::vector<std::string> settings;  ///< "knob=value"
  std::vector<std::string> command;   ///< run with these settings, which are undone afterwards; empty: they stay
};

struct WatchOptions {
  double interval_s = 1;
  std::uint64_t count = 0;  ///< lines; 0: until it is stopped
};

struct MeasureOptions {
  std::vector<std::string> knobs;  ///< to vary, with all their levels; empty: see `space`
  std::string space;               ///< file of a config space
  std::string command;
  double timeout_s = 600;
  std::vector<std::string> objectives = {"latency_ms"};
  std::uint64_t count = 0;  ///< configurations drawn at random; 0: all
  std::uint64_t seed = 0;
  int warmup_runs = 1, repeats = 3;
  double cool_to_celsius = 0, max_cool_s = 120, idle_seconds = 0;
  bool retry_failed = false, dry_run = false;
  std::string output = "configurations.db", csv;
};

struct SimulateOptions {
  std::string folder;
  std::string workload = "resnet50";
  std::vector<std::string> settings;  ///< "memory_growth=0", "memory_fraction=0.5", "batch_size=4"
  std::uint64_t seed = 0;
};

void list_boards(const MachineOptions& machine);
void list_knobs(const MachineOptions& machine);
void get_knobs(const MachineOptions& machine, const std::vector<std::string>& names);
void set_knobs(const MachineOptions& machine, const SetOptions& options);
void watch_knobs(const MachineOptions& machine, const WatchOptions& options);
/// @param forget  settings that may stay as they are, see restore_from_journal()
void restore_knobs(const MachineOptions& machine, const std::vector<std::string>& forget);
void measure_configurations(const MachineOptions& machine, const MeasureOptions& options);
void simulate_board(const MachineOptions& machine, const SimulateOptions& options);

}  // namespace perfmodel::tools
