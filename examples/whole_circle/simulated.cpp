#include <cstdlib>

#include "machines.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"
#include "perfmodel/knob/simulated_board.h"

namespace perfmodel::tools {
namespace {

constexpr const char* kObjectives[] = {"latency_ms", "latency_ms_per_image"};

/// Before anything runs: the workloads' answers are known.
void require_objective(const std::string& objective) {
  for (const char* known : kObjectives) {
    if (objective == known) return;
  }
  throw Error(ErrorCode::kInvalidArgument, "objective '" + objective +
                                               "' is not told by the simulated workloads, allowed are " +
                                               kObjectives[0] + ", " + kObjectives[1]);
}

/// A workload of the board as a callable: knobs are in the board's files by then, the rest is handed to it.
Workload workload_of(SimulatedBoard& board, SimulatedWorkload workload) {
  return [&board, workload](const std::vector<std::pair<std::string, std::string>>& configuration) {
    SimulatedSettings settings;
    for (const auto& [name, text] : configuration) {
      const double value = std::strtod(text.c_str(), nullptr);
      if (name == "memory_growth") settings.memory_growth = value != 0;
      if (name == "memory_fraction") settings.memory_fraction = value;
      if (name == "batch_size") settings.batch = static_cast<int>(value);
    }
    const SimulatedRun run = board.run(workload, settings);
    return std::map<std::string, double>{{kObjectives[0], run.latency_ms}, {kObjectives[1], run.latency_ms_per_image}};
  };
}

}  // namespace

CircleResult simulated_circle(const CircleOptions& options, bool json) {
  require_objective(options.objective);
  SimulatedBoardOptions board_options;
  board_options.seed = options.seed;
  SimulatedBoard board(options.folder + "/board", board_options);

  KnobDriverOptions driver_options;
  driver_options.root = board.root();
  driver_options.clock = board.clock();
  GuardProcess guard_process(driver_options);
  KnobDriver driver(board.board(), driver_options);
  PowerMeterOptions meter_options;
  meter_options.root = board.root();
  meter_options.clock = board.clock();
  const std::vector<std::unique_ptr<PowerMeter>> meters = open_power_meters(board.board(), meter_options);
  const ThermalSensors thermal(board.board(), board.root());

  const CircleProblem problem{driver.space(board.board().knob_names()), "resnet50 (simulated)", "vgg16 (simulated)",
                              workload_of(board, SimulatedWorkload::kResnet50),
                              workload_of(board, SimulatedWorkload::kVgg16)};
  const CircleResult result = go_round({driver, meters, &thermal}, problem, options);
  if (!driver.changed()) guard_process.finish();
  report_circle(problem, options, result, json);
  return result;
}

}  // namespace perfmodel::tools
