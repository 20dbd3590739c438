#pragma once

#include "perfmodel/core/span.h"

namespace perfmodel {

/// What the simulated board is made of; docs/simulated_board.md has the same numbers in one table. All invented.

constexpr int kNumCores = 4;

/// Levels in Hz, ascending.
Span<const double> cpu_levels_hz() noexcept;
Span<const double> gpu_levels_hz() noexcept;
Span<const double> memory_levels_hz() noexcept;

/// What the board runs at.
struct BoardClocks {
  int num_cores = kNumCores;
  double cpu_hz = 0, gpu_hz = 0, memory_hz = 0;
};

/// What its knobs ask for.
struct KnobSettings {
  int num_cores = kNumCores;
  double cpu_min_hz = 0, cpu_max_hz = 0;
  double gpu_min_hz = 0, gpu_max_hz = 0;
  double memory_hz = 0;
  bool memory_locked = false;  ///< else the memory controller chooses
};

/// The clocks that follow from the knobs: the highest allowed under load, the lowest when idle. A number that is no
/// level means the next lower one. A throttled board is slower than asked for.
BoardClocks clocks_of(const KnobSettings& knobs, bool loaded, bool throttled) noexcept;

}  // namespace perfmodel
