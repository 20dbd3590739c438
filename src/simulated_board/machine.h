#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "perfmodel/core/random.h"
#include "perfmodel/knob/simulated_board.h"
#include "simulated_board/board_files.h"
#include "simulated_board/board_power.h"
#include "simulated_board/simulated_clock.h"
#include "simulated_board/thermal_state.h"
#include "simulated_board/workload_model.h"

namespace perfmodel {

/// The board as it changes in time: its knobs as last looked at, one workload or none, power, temperature, sensors.
class SimulatedMachine : public TimedWorld {
 public:
  SimulatedMachine(const std::string& folder, const SimulatedBoardOptions& options);

  void look() noexcept override;
  double advance(double until_s) override;
  bool busy() const noexcept override { return remaining_ > 0; }
  void show() noexcept override;

  /// Looks at the knobs and begins one run.
  /// @throws Error as SimulatedBoard::run().
  void begin(SimulatedWorkload workload, const SimulatedSettings& settings);
  /// What the run that has ended came to.
  /// @throws Error kNoSpace, kIo: the sensors' files could not be written.
  SimulatedRun end();

  double true_joules() const noexcept { return shown_joules_; }
  double temperature_celsius() const noexcept { return shown_celsius_; }

 private:
  void follow_clocks() noexcept;
  void finish() noexcept;
  void step(double seconds) noexcept;
  void update_sensors() noexcept;

  const SimulatedBoardOptions options_;
  BoardFiles files_;
  Random random_;
  ThermalState thermal_;
  KnobSettings knobs_;

  double reached_s_ = 0;
  std::int64_t num_periods_ = 0;  ///< of the sensors, that have passed
  double joules_ = 0, gpu_joules_ = 0, cpu_joules_ = 0;
  double period_joules_ = 0, period_gpu_joules_ = 0, period_cpu_joules_ = 0;  ///< as of the last sensor period's end
  BoardReadings readings_;

  SimulatedWorkload workload_ = SimulatedWorkload::kResnet50;
  SimulatedSettings settings_;
  double remaining_ = 0;  ///< of the workload, 1 to 0
  double time_factor_ = 1, power_factor_ = 1;
  double begin_s_ = 0, begin_joules_ = 0;
  SimulatedRun run_;  ///< the present one, or the last

  bool loaded_ = false;  ///< the clocks are those of a run, also of one that has just ended
  BoardClocks clocks_;   ///< follow from knobs, load and throttling
  BatchTime batch_;      ///< of the workload at these clocks; of an idle board without one

  std::atomic<double> shown_joules_{0}, shown_celsius_;
};

}  // namespace perfmodel
