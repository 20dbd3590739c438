#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/simulated_board.h"

namespace perfmodel::tools {
namespace {

double number_of(const std::string& name, const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') {
    throw Error(ErrorCode::kInvalidArgument, "'" + text + "' is no number for '" + name + "'");
  }
  return number;
}

/// The settings that the workload sees. Those of knobs are in the tree already.
SimulatedSettings settings_of(const Board& board, const std::vector<std::string>& texts) {
  SimulatedSettings settings;
  const std::vector<std::string> knobs = board.knob_names();
  for (const std::string& text : texts) {
    const auto [name, value] = name_and_value(text);
    if (name == "memory_growth") {
      settings.memory_growth = number_of(name, value) != 0;
    } else if (name == "memory_fraction") {
      settings.memory_fraction = number_of(name, value);
    } else if (name == "batch_size") {
      settings.batch = static_cast<int>(number_of(name, value));
    } else if (std::find(knobs.begin(), knobs.end(), name) == knobs.end()) {
      throw Error(ErrorCode::kInvalidArgument,
                  "'" + name +
                      "' is no setting of a simulated workload, allowed are memory_growth, memory_fraction, "
                      "batch_size and the board's knobs");
    }
  }
  return settings;
}

SimulatedWorkload workload_named(const std::string& name) {
  for (const SimulatedWorkload workload : {SimulatedWorkload::kResnet50, SimulatedWorkload::kVgg16}) {
    if (name == simulated_workload_name(workload)) return workload;
  }
  throw Error(ErrorCode::kNotFound, "no simulated workload '" + name + "', there are resnet50 and vgg16");
}

}  // namespace

void simulate_board(const MachineOptions& machine, const SimulateOptions& options) {
  const SimulatedWorkload workload = workload_named(options.workload);
  SimulatedBoardOptions board_options;
  board_options.seed = options.seed;
  SimulatedBoard board(options.folder, board_options);
  const SimulatedRun run = board.run(workload, settings_of(board.board(), options.settings));
  if (machine.json) {
    JsonObject line;
    line.add("simulated", true).add("workload", options.workload).add("latency_ms", run.latency_ms);
    line.add("latency_ms_per_image", run.latency_ms_per_image).add("mean_watts", run.mean_watts);
    line.add("joules", run.joules).add("throttled", run.throttled);
    std::printf("%s\n", line.text().c_str());
    return;
  }
  std::printf("latency_ms=%.6g latency_ms_per_image=%.6g mean_watts=%.6g joules=%.6g throttled=%d\n", run.latency_ms,
              run.latency_ms_per_image, run.mean_watts, run.joules, run.throttled ? 1 : 0);
}

}  // namespace perfmodel::tools
