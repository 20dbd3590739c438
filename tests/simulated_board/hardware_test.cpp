#include "simulated_board/hardware.h"

#include <gtest/gtest.h>

namespace perfmodel {
namespace {

KnobSettings free_knobs() {
  KnobSettings knobs;
  knobs.cpu_min_hz = 345600e3;
  knobs.cpu_max_hz = 2035200e3;
  knobs.gpu_min_hz = 114750e3;
  knobs.gpu_max_hz = 1236750e3;
  knobs.memory_hz = 800000e3;
  return knobs;
}

TEST(SimulatedHardware, HasLevelsLikeATx2) {
  EXPECT_EQ(cpu_levels_hz().size(), 12u);
  EXPECT_EQ(gpu_levels_hz().size(), 12u);
  EXPECT_EQ(memory_levels_hz().size(), 8u);
  for (const Span<const double> levels : {cpu_levels_hz(), gpu_levels_hz(), memory_levels_hz()}) {
    for (std::size_t i = 1; i < levels.size(); ++i) EXPECT_LT(levels[i - 1], levels[i]);
  }
}

TEST(SimulatedHardware, IsAsFastAsAllowedUnderLoadAndAsSlowWithout) {
  const BoardClocks loaded = clocks_of(free_knobs(), true, false);
  EXPECT_EQ(loaded.cpu_hz, 2035200e3);
  EXPECT_EQ(loaded.gpu_hz, 1236750e3);
  EXPECT_EQ(loaded.memory_hz, 1866000e3);
  const BoardClocks idle = clocks_of(free_knobs(), false, false);
  EXPECT_EQ(idle.cpu_hz, 345600e3);
  EXPECT_EQ(idle.gpu_hz, 114750e3);
  EXPECT_EQ(idle.memory_hz, 204000e3);
}

TEST(SimulatedHardware, PinnedClocksStayWhatTheLoadIs) {
  KnobSettings knobs = free_knobs();
  knobs.num_cores = 2;
  knobs.cpu_min_hz = knobs.cpu_max_hz = 960000e3;
  knobs.gpu_min_hz = knobs.gpu_max_hz = 420750e3;
  knobs.memory_locked = true;
  for (const bool loaded : {false, true}) {
    const BoardClocks clocks = clocks_of(knobs, loaded, false);
    EXPECT_EQ(clocks.num_cores, 2);
    EXPECT_EQ(clocks.cpu_hz, 960000e3);
    EXPECT_EQ(clocks.gpu_hz, 420750e3);
    EXPECT_EQ(clocks.memory_hz, 800000e3);
  }
}

TEST(SimulatedHardware, TakesTheNextLowerLevel) {
  KnobSettings knobs = free_knobs();
  knobs.memory_locked = true;
  knobs.cpu_max_hz = 806399e3;
  knobs.gpu_max_hz = 1;
  knobs.memory_hz = 1e15;
  const BoardClocks clocks = clocks_of(knobs, true, false);
  EXPECT_EQ(clocks.cpu_hz, 652800e3);
  EXPECT_EQ(clocks.gpu_hz, 114750e3);  // there is no lower one
  EXPECT_EQ(clocks.memory_hz, 1866000e3);
}

TEST(SimulatedHardware, AMinimumAboveTheMaximumGivesWay) {
  KnobSettings knobs = free_knobs();
  knobs.cpu_min_hz = 1728000e3;
  knobs.cpu_max_hz = 499200e3;
  EXPECT_EQ(clocks_of(knobs, false, false).cpu_hz, 499200e3);
}

TEST(SimulatedHardware, ThrottlingSlowsProcessorsDownAndNothingUp) {
  const BoardClocks hot = clocks_of(free_knobs(), true, true);
  EXPECT_EQ(hot.cpu_hz, 960000e3);
  EXPECT_EQ(hot.gpu_hz, 522750e3);
  EXPECT_EQ(hot.memory_hz, 1866000e3);
  EXPECT_EQ(clocks_of(free_knobs(), false, true).cpu_hz, 345600e3);
}

}  // namespace
}  // namespace perfmodel
