#include "perfmodel/knob/knob_driver.h"

#include <map>

#include "perfmodel/knob/knob_guard.h"
#include "simulated_board_fixture.h"

// The knob driver on the simulated board: what is set is what the workload runs at, and all is put back.

namespace perfmodel {
namespace {

class SimulatedDriver : public SimulatedBoardTest {
 protected:
  SimulatedDriver() : board_(make(quiet_options())), driver_(board_->board(), driver_options()) {}

  KnobDriverOptions driver_options() const {
    KnobDriverOptions options;
    options.root = board_->root();
    options.clock = board_->clock();
    return options;
  }

  std::unique_ptr<SimulatedBoard> board_;
  KnobDriver driver_;
};

TEST_F(SimulatedDriver, FindsEveryKnobWithItsLevels) {
  const std::map<std::string, std::size_t> num_levels = {
      {"num_cores", 4},     {"cpu_freq_hz", 12},    {"gpu_freq_hz", 12}, {"memory_freq_hz", 8},
      {"memory_growth", 2}, {"memory_fraction", 4}, {"batch_size", 6}};
  const std::vector<KnobStatus> knobs = driver_.list();
  ASSERT_EQ(knobs.size(), num_levels.size());
  for (const KnobStatus& knob : knobs) {
    EXPECT_TRUE(knob.writable) << knob.name << ": " << knob.why_not;
    ASSERT_TRUE(knob.option.has_value()) << knob.name;
    EXPECT_EQ(knob.option->num_levels(), num_levels.at(knob.name)) << knob.name;
  }
}

TEST_F(SimulatedDriver, SetsWhatTheWorkloadRunsAt) {
  const SimulatedRun before = board_->run(SimulatedWorkload::kResnet50, {});
  driver_.set(
      {{"gpu_freq_hz", 420750000}, {"num_cores", 2}, {"cpu_freq_hz", 960000000}, {"memory_freq_hz", 800000000}});
  const SimulatedRun run = board_->run(SimulatedWorkload::kResnet50, {});
  for (const KnobReading& reading : driver_.read()) {
    EXPECT_EQ(reading.read_back, reading.requested) << reading.name;
    if (reading.name == "num_cores") continue;  // nothing tells
    EXPECT_EQ(reading.effective, reading.requested) << reading.name;
  }
  EXPECT_GT(run.latency_ms, 2 * before.latency_ms);
  EXPECT_LT(run.mean_watts, before.mean_watts / 2);
}

TEST_F(SimulatedDriver, PutsEverythingBack) {
  const SimulatedRun before = board_->run(SimulatedWorkload::kVgg16, {});
  {
    const KnobGuard guard(driver_);
    driver_.set(
        {{"num_cores", 1}, {"cpu_freq_hz", 345600000}, {"gpu_freq_hz", 114750000}, {"memory_freq_hz", 204000000}});
    EXPECT_GT(board_->run(SimulatedWorkload::kVgg16, {}).latency_ms, 10 * before.latency_ms);
  }
  EXPECT_NEAR(board_->run(SimulatedWorkload::kVgg16, {}).latency_ms, before.latency_ms, 1e-9 * before.latency_ms);
  for (const KnobStatus& knob : driver_.list()) {
    if (knob.name.find("_freq_hz") == std::string::npos || knob.name == "memory_freq_hz") continue;
    EXPECT_LT(knob.current_low, knob.current_high) << knob.name;
  }
}

TEST_F(SimulatedDriver, ShowsThrottlingInTheEffectiveClocks) {
  SimulatedBoardOptions options = quiet_options();
  options.ambient_celsius = 60;
  board_ = make(options, "hot");
  KnobDriver driver(board_->board(), driver_options());
  driver.set({{"gpu_freq_hz", 1236750000}});
  while (!board_->run(SimulatedWorkload::kVgg16, {}).throttled) ASSERT_LT(board_->clock()->now_s(), 100);
  const KnobReading reading = driver.read().at(0);
  EXPECT_EQ(reading.read_back, 1236750000);
  EXPECT_EQ(reading.effective, 522750000);
}

}  // namespace
}  // namespace perfmodel
