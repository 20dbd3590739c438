#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// What runs on a simulated board. The two have the work and the sizes of the networks they are named after.
enum class SimulatedWorkload {
  kResnet50,
  kVgg16,  ///< three times the work per image and less memory to spare
};

/// Options that only the workload sees (the exploration paper's last three).
struct SimulatedSettings {
  bool memory_growth = true;   ///< takes memory as it needs it, which costs time; else at the start, and more of it
  double memory_fraction = 1;  ///< in (0, 1]: of the memory that it may take
  int batch = 1;               ///< images, 1 to 1024
};

/// What one run of a simulated workload came to. True values, which no meter of the board tells.
struct SimulatedRun {
  double latency_ms = 0;  ///< of one batch
  double latency_ms_per_image = 0;
  double joules = 0;  ///< of the whole board
  double mean_watts = 0;
  bool throttled = false;  ///< by temperature, at some time of the run
};

struct SimulatedBoardOptions {
  std::uint64_t seed = 0;
  double noise_fraction = 0.01;    ///< standard deviation of a run's time and power, 0 (none) to 0.2
  double ambient_celsius = 25;     ///< -40 to 70
  double sensor_period_s = 0.001;  ///< over which the power sensors take means, 1e-4 to 1
};

/// A board that does not exist: Jetson-like, with four CPU cores, a GPU, a memory controller, power sensors and
/// thermometers behind a tree of files as the kernel would show it. Whatever sets its knobs, from this process or
/// another, writes these files; running a workload or sleeping on the board's clock reads them, moves time on and
/// rewrites the sensors. Time stands still otherwise.
///
/// Time is a roofline over the frequencies of GPU and memory, and the CPU's work on launches and images; power is
/// leakage plus capacitance x voltage^2 x frequency with voltage rising with frequency, per domain and by its
/// utilisation; temperature follows power with one time constant and slows the clocks down above a limit. Equations and
/// constants: docs/simulated_board.md. The constants are invented; nothing it says holds for any real board. Its table
/// is "simulated_jetson".
///
/// One thread at a time, but for its clock, which may be used and kept for longer than the board.
class PERFMODEL_EXPORT SimulatedBoard {
 public:
  /// Makes the tree in `folder`, which is created if it is not there; a tree that is there already is kept with the
  /// knobs it has, and its counters go on. Time begins at 0, temperature at that of the surroundings.
  /// @throws Error kIo, kPermission, kNotFound (no such parent folder), kNoSpace; kInvalidArgument: options out of
  ///         range, a folder that holds other things; kCorrupt: a tree with files that hold no numbers.
  explicit SimulatedBoard(std::string folder, const SimulatedBoardOptions& options = {});
  ~SimulatedBoard();
  SimulatedBoard(const SimulatedBoard&) = delete;
  SimulatedBoard& operator=(const SimulatedBoard&) = delete;

  const std::string& root() const noexcept;              ///< the folder, for drivers and meters
  Board board() const;                                   ///< "simulated_jetson"
  const std::shared_ptr<Clock>& clock() const noexcept;  ///< simulated time; sleeping moves it on

  /// Runs `workload` once with the knobs that the tree holds.
  /// @throws Error kOutOfMemory: `memory_fraction` of the memory does not hold the workload; kInvalidArgument: settings
  ///         out of range; kCorrupt: a knob's file holds no number; kNotFound, kPermission: it cannot be read; kBusy:
  ///         called while a run is under way; kNoSpace, kIo: the sensors' files cannot be written.
  SimulatedRun run(SimulatedWorkload workload, const SimulatedSettings& settings);

  /// Energy the board has used since it was made: the truth that meters are compared with.
  double true_joules() const noexcept;
  double temperature_celsius() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "resnet50", "vgg16".
PERFMODEL_EXPORT const char* simulated_workload_name(SimulatedWorkload workload) noexcept;

}  // namespace perfmodel
