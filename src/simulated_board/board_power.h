#pragma once

#include "simulated_board/hardware.h"
#include "simulated_board/workload_model.h"

namespace perfmodel {

/// Power in watts.
struct BoardPower {
  double cpu_watts = 0, gpu_watts = 0, memory_watts = 0, base_watts = 0;

  double total_watts() const noexcept { return cpu_watts + gpu_watts + memory_watts + base_watts; }
};

/// docs/simulated_board.md, equations 8 to 11.
BoardPower board_power(const BoardClocks& clocks, const BoardActivity& activity, double temperature_celsius) noexcept;

}  // namespace perfmodel
