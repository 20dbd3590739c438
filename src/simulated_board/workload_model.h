#pragma once

#include "perfmodel/knob/simulated_board.h"
#include "simulated_board/hardware.h"

namespace perfmodel {

/// How busy the board's parts are, on average.
struct BoardActivity {
  double cpu_fraction = 0;  ///< of each core that is online
  double gpu_fraction = 0;  ///< of its switching at full use
  double memory_bytes_per_s = 0;
};

/// One batch on given clocks.
struct BatchTime {
  double seconds = 0;
  BoardActivity activity;
};

/// docs/simulated_board.md, equations 1 to 6.
BatchTime batch_time(SimulatedWorkload workload, const SimulatedSettings& settings, const BoardClocks& clocks);

/// Memory that a batch takes; equation 7.
double footprint_bytes(SimulatedWorkload workload, const SimulatedSettings& settings);

/// @throws Error kInvalidArgument: settings out of range; kOutOfMemory: the batch does not fit.
void require_runnable(SimulatedWorkload workload, const SimulatedSettings& settings);

}  // namespace perfmodel
