#include <algorithm>

#include "simulated_board_fixture.h"

namespace perfmodel {
namespace {

constexpr auto kVgg16 = SimulatedWorkload::kVgg16;

SimulatedSettings large_batch() {
  SimulatedSettings settings;
  settings.batch = 8;
  return settings;
}

struct HotPeriod {
  int num_throttled_runs = 0;
  double hottest_celsius = 0, slowest_ms = 0, quickest_ms = 1e9;
};

HotPeriod run_for(SimulatedBoard& board, double seconds) {
  HotPeriod period;
  while (board.clock()->now_s() < seconds) {
    const SimulatedRun run = board.run(kVgg16, large_batch());
    period.num_throttled_runs += run.throttled;
    period.hottest_celsius = std::max(period.hottest_celsius, board.temperature_celsius());
    period.slowest_ms = std::max(period.slowest_ms, run.latency_ms);
    period.quickest_ms = std::min(period.quickest_ms, run.latency_ms);
  }
  return period;
}

class SimulatedHeat : public SimulatedBoardTest {
 protected:
  std::unique_ptr<SimulatedBoard> make_at(double ambient_celsius) const {
    SimulatedBoardOptions options = quiet_options();
    options.ambient_celsius = ambient_celsius;
    return make(options);
  }
};

TEST_F(SimulatedHeat, FullClocksInAWarmPlaceThrottle) {
  const auto board = make_at(45);
  const HotPeriod period = run_for(*board, 150);
  EXPECT_GT(period.num_throttled_runs, 10);
  EXPECT_GT(period.slowest_ms, 1.8 * period.quickest_ms);
  EXPECT_LT(period.hottest_celsius, 85.5);
  EXPECT_GE(number(*board, board_path::kThrottleCount), 2);  // it cooled down in between
}

TEST_F(SimulatedHeat, ThrottledClocksShow) {
  const auto board = make_at(60);
  run_for(*board, 60);
  ASSERT_TRUE(board->run(kVgg16, large_batch()).throttled);
  EXPECT_EQ(number(*board, board_path::kGpuMax), 1236750000);
  EXPECT_EQ(number(*board, board_path::kGpuCurrent), 522750000);
  EXPECT_EQ(number(*board, board_path::kCpuCurrent), 960000);
  EXPECT_EQ(number(*board, board_path::kThrottleCount), 1);
}

TEST_F(SimulatedHeat, RoomTemperatureIsCoolEnough) {
  const auto board = make_at(25);
  const HotPeriod period = run_for(*board, 300);
  EXPECT_EQ(period.num_throttled_runs, 0);
  EXPECT_GT(period.hottest_celsius, 65);
}

TEST_F(SimulatedHeat, LowClocksNeverThrottle) {
  const auto board = make_at(70);
  slow_down(*board);
  const HotPeriod period = run_for(*board, 300);
  EXPECT_EQ(period.num_throttled_runs, 0);
  EXPECT_EQ(number(*board, board_path::kThrottleCount), 0);
}

TEST_F(SimulatedHeat, IdlenessCoolsTheBoardDown) {
  const auto board = make_at(25);
  run_for(*board, 60);
  const double hot_celsius = board->temperature_celsius();
  board->clock()->sleep_s(120);
  EXPECT_GT(hot_celsius, 60);
  EXPECT_LT(board->temperature_celsius(), 35);
}

TEST_F(SimulatedHeat, AHotBoardDrawsMore) {
  const auto board = make_at(25);
  const double cool_watts = board->run(kVgg16, large_batch()).mean_watts;
  run_for(*board, 60);
  EXPECT_GT(board->run(kVgg16, large_batch()).mean_watts, cool_watts + 0.1);
}

}  // namespace
}  // namespace perfmodel
