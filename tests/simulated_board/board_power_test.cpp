#include "simulated_board/board_power.h"

#include <gtest/gtest.h>

namespace perfmodel {
namespace {

TEST(BoardPower, IsAsByHand) {
  // The CPU at its highest voltage, 1.12 V; the GPU at 0.70 + 0.40 x (726.75 - 114.75) / 1122 = 0.918182 V.
  const BoardPower power = board_power({2, 2035200e3, 726750e3, 1062400e3}, {0.25, 0.5, 10e9}, 25);
  EXPECT_NEAR(power.cpu_watts, 2 * (0.08 * 1.12 + 0.75e-9 * 1.2544 * 2035.2e6 * (0.06 + 0.94 * 0.25)), 1e-9);
  EXPECT_NEAR(power.gpu_watts, 0.15 * 0.9181818182 + 6e-9 * 0.8430578512 * 726.75e6 * (0.06 + 0.94 * 0.5), 1e-8);
  EXPECT_NEAR(power.memory_watts, 0.1 + 0.35 * 1.0624 + 0.055 * 10, 1e-9);
  EXPECT_EQ(power.base_watts, 1);
  EXPECT_EQ(power.total_watts(), power.cpu_watts + power.gpu_watts + power.memory_watts + power.base_watts);
}

TEST(BoardPower, LeakageAloneRisesWithTemperature) {
  const BoardClocks clocks = {4, 2035200e3, 1236750e3, 1866000e3};
  const double rise_watts =
      board_power(clocks, {1, 1, 20e9}, 75).total_watts() - board_power(clocks, {1, 1, 20e9}, 25).total_watts();
  EXPECT_NEAR(rise_watts, 50 * 0.008 * (4 * 0.08 * 1.12 + 0.15 * 1.10), 1e-9);
}

TEST(BoardPower, RisesFasterThanFrequency) {
  const Span<const double> levels_hz = gpu_levels_hz();
  for (std::size_t i = 1; i < levels_hz.size(); ++i) {
    const auto gpu_watts = [&](double hz) {
      return board_power({4, 2035200e3, hz, 1866000e3}, {0, 1, 0}, 25).gpu_watts;
    };
    const double without_leakage = 0.15 * 0.70;  // at least
    EXPECT_GT((gpu_watts(levels_hz[i]) - without_leakage) / (gpu_watts(levels_hz[i - 1]) - without_leakage),
              levels_hz[i] / levels_hz[i - 1]);
  }
}

}  // namespace
}  // namespace perfmodel
