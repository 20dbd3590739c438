#pragma once

#include <cstdint>

namespace perfmodel {

/// Temperature of the board as one mass that warms up with power and cools down towards its surroundings, and the
/// protection against too much of it. docs/simulated_board.md, equation 12.
class ThermalState {
 public:
  explicit ThermalState(double ambient_celsius) noexcept;

  void advance(double watts, double seconds) noexcept;

  double temperature_celsius() const noexcept { return temperature_celsius_; }
  bool throttled() const noexcept { return throttled_; }
  std::int64_t num_throttled() const noexcept { return num_throttled_; }  ///< times that throttling began

 private:
  double ambient_celsius_, temperature_celsius_;
  bool throttled_ = false;
  std::int64_t num_throttled_ = 0;
  double decay_seconds_ = 0, decay_ = 0;  ///< of the last step: most are alike
};

}  // namespace perfmodel
