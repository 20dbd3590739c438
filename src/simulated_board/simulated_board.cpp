#include "perfmodel/knob/simulated_board.h"

#include <fmt/format.h>

#include <utility>

#include "perfmodel/core/error.h"
#include "simulated_board/board_tree.h"
#include "simulated_board/machine.h"
#include "simulated_board/simulated_clock.h"

namespace perfmodel {
namespace {

struct Range {
  const char* name;
  double value, low, high;
};

void require_options(const SimulatedBoardOptions& options) {
  const Range ranges[] = {{"noise_fraction", options.noise_fraction, 0, 0.2},
                          {"ambient_celsius", options.ambient_celsius, -40, 70},
                          {"sensor_period_s", options.sensor_period_s, 1e-4, 1}};
  for (const Range& range : ranges) {
    if (range.value >= range.low && range.value <= range.high) continue;
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} {} is out of range, allowed is {} to {}", range.name,
                                                         range.value, range.low, range.high));
  }
}

/// `folder` as a path without slashes at its end, on which names can be put.
std::string plain_folder(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (folder.empty() || folder == "/") {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is no folder for a simulated board, allowed is one of its own", folder));
  }
  return folder;
}

}  // namespace

struct SimulatedBoard::Impl {
  explicit Impl(const std::string& in_folder, const SimulatedBoardOptions& options)
      : folder(in_folder),
        machine(std::make_shared<SimulatedMachine>(folder, options)),
        simulated_clock(std::make_shared<SimulatedClock>(machine)),
        clock(simulated_clock) {}

  const std::string folder;
  const std::shared_ptr<SimulatedMachine> machine;
  const std::shared_ptr<SimulatedClock> simulated_clock;
  const std::shared_ptr<Clock> clock;
};

SimulatedBoard::SimulatedBoard(std::string folder, const SimulatedBoardOptions& options) {
  require_options(options);
  folder = plain_folder(std::move(folder));
  make_board_tree(folder, options.seed);
  impl_ = std::make_unique<Impl>(folder, options);
}

SimulatedBoard::~SimulatedBoard() = default;

const std::string& SimulatedBoard::root() const noexcept {
  return impl_->folder;
}

Board SimulatedBoard::board() const {
  return built_in_board("simulated_jetson");
}

const std::shared_ptr<Clock>& SimulatedBoard::clock() const noexcept {
  return impl_->clock;
}

SimulatedRun SimulatedBoard::run(SimulatedWorkload workload, const SimulatedSettings& settings) {
  SimulatedRun run;
  impl_->simulated_clock->run([&] { impl_->machine->begin(workload, settings); }, [&] { run = impl_->machine->end(); });
  return run;
}

double SimulatedBoard::true_joules() const noexcept {
  return impl_->machine->true_joules();
}

double SimulatedBoard::temperature_celsius() const noexcept {
  return impl_->machine->temperature_celsius();
}

const char* simulated_workload_name(SimulatedWorkload workload) noexcept {
  return workload == SimulatedWorkload::kResnet50 ? "resnet50" : "vgg16";
}

}  // namespace perfmodel
