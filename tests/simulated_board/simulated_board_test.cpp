#include "perfmodel/knob/simulated_board.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <utility>
#include <vector>

#include "expect_error.h"
#include "perfmodel/data/metrics.h"
#include "simulated_board_fixture.h"

namespace perfmodel {
namespace {

constexpr auto kResnet50 = SimulatedWorkload::kResnet50;
constexpr auto kVgg16 = SimulatedWorkload::kVgg16;

TEST_F(SimulatedBoardTest, ARunIsAsByHand) {
  // workload_model_test.cpp and board_power_test.cpp have the steps: 63.58 ms, and with the CPU's cores busy for 9.0 %
  // and the GPU switching at 0.3 x 48.62/63.58 + 0.35 x 43.08/63.58 = 46.7 % of its best:
  // CPU 4 x (0.0896 + 1.9147 x 0.1447) + GPU 0.165 + 8.9788 x (0.06 + 0.94 x 0.467) + memory 1.109 + 1 = 8.22 W.
  const auto board = make(quiet_options());
  const SimulatedRun run = board->run(kResnet50, {});
  EXPECT_NEAR(run.latency_ms, 63.58, 0.01);
  EXPECT_EQ(run.latency_ms_per_image, run.latency_ms);
  EXPECT_NEAR(run.mean_watts, 8.22, 0.01);
  EXPECT_FALSE(run.throttled);
}

TEST_F(SimulatedBoardTest, EnergyIsPowerTimesTime) {
  const auto board = make({});
  double sum_joules = 0;
  for (const SimulatedWorkload workload : {kResnet50, kVgg16, kResnet50}) {
    SimulatedSettings settings;
    settings.batch = 4;
    const double before_joules = board->true_joules(), before_s = board->clock()->now_s();
    const SimulatedRun run = board->run(workload, settings);
    EXPECT_NEAR(run.latency_ms, 1e3 * (board->clock()->now_s() - before_s), 1e-9 * run.latency_ms);
    EXPECT_NEAR(run.latency_ms_per_image, run.latency_ms / 4, 1e-12 * run.latency_ms);
    EXPECT_NEAR(run.joules, run.mean_watts * run.latency_ms / 1e3, 1e-9 * run.joules);
    EXPECT_NEAR(run.joules, board->true_joules() - before_joules, 1e-9 * run.joules);
    sum_joules += run.joules;
  }
  EXPECT_NEAR(board->true_joules(), sum_joules, 1e-9 * sum_joules);
}

TEST_F(SimulatedBoardTest, TrueEnergyIsTheIntegralOfWhatTheSensorsShow) {
  const auto board = make({});
  double sum_joules = 0, rails_joules = 0;
  const std::unique_ptr<Ticker> ticker = board->clock()->tick_every(0.001, [&] {
    sum_joules += 1e-6 * number(*board, board_path::kInputPower);  // mW over 1 ms
    rails_joules += 1e-6 * (number(*board, board_path::kGpuPower) + number(*board, board_path::kCpuPower));
  });
  for (int i = 0; i < 5; ++i) board->run(kResnet50, {});
  board->clock()->sleep_s(0.3);
  board->run(kVgg16, {});
  board->clock()->sleep_s(std::ceil(1e3 * board->clock()->now_s()) / 1e3 - board->clock()->now_s());
  const double tolerance = 0.5e-6 * 1e3 * board->clock()->now_s();  // half a milliwatt each millisecond
  EXPECT_NEAR(sum_joules, board->true_joules(), tolerance + 0.01);  // the last may lie one period ahead
  EXPECT_LT(rails_joules, 0.9 * sum_joules);                        // memory and board are on no rail of their own
  EXPECT_GT(rails_joules, 0.3 * sum_joules);
}

TEST_F(SimulatedBoardTest, SensorsAgreeWithTheTruth) {
  const auto board = make(quiet_options());
  for (int i = 0; i < 20; ++i) {
    const SimulatedRun run = board->run(kVgg16, {});
    EXPECT_NEAR(number(*board, board_path::kInputPower), 1e3 * run.mean_watts, 1 + 0.001e3 * run.mean_watts);
    EXPECT_EQ(number(*board, board_path::kEnergy), std::floor(1e6 * board->true_joules()));
    EXPECT_NEAR(number(*board, "/sys/class/thermal/thermal_zone0/temp"), 1e3 * board->temperature_celsius(), 0.5);
    EXPECT_EQ(number(*board, board_path::kCpuCurrent), 2035200);
    EXPECT_EQ(number(*board, board_path::kGpuCurrent), 1236750000);
    EXPECT_EQ(number(*board, board_path::kMemoryCurrent), 1866000000);
  }
  EXPECT_GT(board->temperature_celsius(), 25.5);
}

TEST_F(SimulatedBoardTest, AnIdleBoardSlowsDownAndDrawsLittle) {
  const auto board = make(quiet_options());
  board->run(kResnet50, {});
  const double busy_mw = number(*board, board_path::kInputPower);
  board->clock()->sleep_s(0.01);
  EXPECT_LT(number(*board, board_path::kInputPower), busy_mw / 4);
  EXPECT_EQ(number(*board, board_path::kCpuCurrent), 345600);
  EXPECT_EQ(number(*board, board_path::kGpuCurrent), 114750000);
  EXPECT_EQ(number(*board, board_path::kMemoryCurrent), 204000000);
}

TEST_F(SimulatedBoardTest, EffectiveClocksFollowTheKnobsWhenTimeMoves) {
  const auto board = make(quiet_options());
  write(*board, board_path::kGpuMax, "420750000");
  write(*board, board_path::kGpuMin, "420750000");
  write(*board, board_path::kMemoryRate, "665600000");
  write(*board, board_path::kMemoryLocked, "1");
  board->clock()->sleep_s(0.0001);
  EXPECT_EQ(number(*board, board_path::kGpuCurrent), 420750000);
  EXPECT_EQ(number(*board, board_path::kMemoryCurrent), 665600000);
}

TEST_F(SimulatedBoardTest, KnobsOfAnotherProcessAreSeen) {
  const auto board = make(quiet_options());
  const double fast_ms = board->run(kResnet50, {}).latency_ms;
  const std::string path = board->root() + board_path::kGpuMax;
  const pid_t child = ::fork();
  if (child == 0) {
    std::ofstream(path) << "114750000\n";
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  const double slow_ms = board->run(kResnet50, {}).latency_ms;
  // By hand: the convolutions take 43.06 ms x 1236.75 / 114.75, all else stays.
  EXPECT_NEAR(slow_ms - fast_ms, 43.0606 * (1236.75 / 114.75 - 1), 0.1);
}

TEST_F(SimulatedBoardTest, EachSettingMatters) {
  const auto board = make(quiet_options());
  SimulatedSettings settings;
  settings.batch = 8;
  const SimulatedRun fast = board->run(kResnet50, settings);
  const std::pair<const char*, const char*> slower[] = {{board_path::kCpuMax, "652800"},
                                                        {board_path::kGpuMax, "522750000"},
                                                        {"/sys/devices/system/cpu/cpu3/online", "0"}};
  for (const auto& [path, text] : slower) {
    const std::string before = rooted_file_system(board->root())->read(path);
    write(*board, path, text);
    const SimulatedRun slow = board->run(kResnet50, settings);
    EXPECT_GT(slow.latency_ms, fast.latency_ms) << path;
    EXPECT_LT(slow.mean_watts, fast.mean_watts) << path;
    write(*board, path, before);
  }
  settings.memory_growth = false;
  EXPECT_LT(board->run(kResnet50, settings).latency_ms, fast.latency_ms);
}

TEST_F(SimulatedBoardTest, TheSameSeedAndCallsGiveTheSameResults) {
  SimulatedBoardOptions options;
  options.seed = 42;
  const auto first = make(options, "first"), second = make(options, "second");
  options.seed = 43;
  const auto other = make(options, "other");
  for (int i = 0; i < 5; ++i) {
    const SimulatedRun a = first->run(kResnet50, {}), b = second->run(kResnet50, {}), c = other->run(kResnet50, {});
    EXPECT_EQ(a.latency_ms, b.latency_ms);
    EXPECT_EQ(a.joules, b.joules);
    EXPECT_NE(a.latency_ms, c.latency_ms);
    EXPECT_NE(a.mean_watts, c.mean_watts);
  }
}

TEST_F(SimulatedBoardTest, NoiseIsAsLargeAsAskedFor) {
  SimulatedBoardOptions options;
  options.noise_fraction = 0.05;
  const auto board = make(options);
  const SimulatedRun quiet = make(quiet_options(), "quiet")->run(kResnet50, {});
  std::vector<double> times, watts;
  for (int i = 0; i < 400; ++i) {
    board->clock()->sleep_s(1);  // so that the board stays cool
    const SimulatedRun run = board->run(kResnet50, {});
    times.push_back(std::log(run.latency_ms / quiet.latency_ms));
    watts.push_back(std::log(run.mean_watts / quiet.mean_watts));
  }
  // Of 400 draws the deviation is known to 3.5 %, the mean to 0.0025: three and a half times that.
  EXPECT_NEAR(robust_spread(times), 0.05, 0.012);
  EXPECT_NEAR(median(times), 0, 0.011);
  EXPECT_NEAR(robust_spread(watts), 0.05, 0.012);
  EXPECT_NEAR(median(watts), 0, 0.013);
  EXPECT_LT(std::fabs(spearman(times, watts)), 0.18);
}

TEST_F(SimulatedBoardTest, AWorkloadThatDoesNotFitTakesNoTimeAndNoNoise) {
  const auto board = make({}), twin = make({}, "twin");
  SimulatedSettings large;
  large.batch = 32;
  EXPECT_PM_ERROR(board->run(kVgg16, large), ErrorCode::kOutOfMemory, "vgg16 with batch 32 takes");
  large.memory_fraction = 2;
  EXPECT_PM_ERROR(board->run(kVgg16, large), ErrorCode::kInvalidArgument, "memory_fraction 2");
  EXPECT_EQ(board->clock()->now_s(), 0);
  EXPECT_EQ(board->run(kVgg16, {}).latency_ms, twin->run(kVgg16, {}).latency_ms);
}

TEST_F(SimulatedBoardTest, ABadKnobIsAnErrorOfTheRunAndNotOfSleep) {
  const auto board = make(quiet_options());
  write(*board, board_path::kCpuMax, "warp");
  EXPECT_PM_ERROR(board->run(kResnet50, {}), ErrorCode::kCorrupt, "scaling_max_freq' holds 'warp'");
  board->clock()->sleep_s(1);
  EXPECT_EQ(board->clock()->now_s(), 1);
  write(*board, board_path::kCpuMax, "2035200");
  EXPECT_NEAR(board->run(kResnet50, {}).latency_ms, 63.58, 0.01);
}

TEST_F(SimulatedBoardTest, RunsOneWorkloadAtATime) {
  const auto board = make(quiet_options());
  int num_ticks = 0;
  const std::unique_ptr<Ticker> ticker = board->clock()->tick_every(0.05, [&] {
    ++num_ticks;
    EXPECT_PM_ERROR(board->run(kResnet50, {}), ErrorCode::kBusy, "one at a time");
  });
  board->run(kResnet50, {});
  EXPECT_EQ(num_ticks, 1);
}

TEST_F(SimulatedBoardTest, ATreeThatIsThereIsKeptWithItsKnobs) {
  auto board = make(quiet_options());
  write(*board, board_path::kGpuMax, "114750000");
  const double slow_ms = board->run(kResnet50, {}).latency_ms;
  const double counted = number(*board, board_path::kEnergy);
  board.reset();
  board = make(quiet_options());
  EXPECT_EQ(board->true_joules(), 0);
  EXPECT_EQ(number(*board, board_path::kEnergy), counted);
  EXPECT_NEAR(board->run(kResnet50, {}).latency_ms, slow_ms, 1e-9 * slow_ms);
  EXPECT_NEAR(number(*board, board_path::kEnergy), 2 * counted, 2);
}

TEST_F(SimulatedBoardTest, TheClockMayOutliveTheBoard) {
  auto board = make(quiet_options());
  const std::shared_ptr<Clock> clock = board->clock();
  int num_ticks = 0;
  const std::unique_ptr<Ticker> ticker = clock->tick_every(0.5, [&] { ++num_ticks; });
  board.reset();
  clock->sleep_s(1);
  EXPECT_EQ(num_ticks, 2);
}

TEST_F(SimulatedBoardTest, BelongsToItsTable) {
  const auto board = make(quiet_options());
  EXPECT_EQ(board->root(), temporary_.file("board"));
  EXPECT_EQ(board->board().name(), "simulated_jetson");
  EXPECT_TRUE(board->board().simulated());
  EXPECT_STREQ(simulated_workload_name(kResnet50), "resnet50");
  EXPECT_STREQ(simulated_workload_name(kVgg16), "vgg16");
}

TEST_F(SimulatedBoardTest, RefusesOptionsOutOfRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  SimulatedBoardOptions noisy, cold, hot, fine, coarse, unknown;
  noisy.noise_fraction = 0.3;
  cold.ambient_celsius = -41;
  hot.ambient_celsius = 71;
  fine.sensor_period_s = 1e-5;
  coarse.sensor_period_s = 2;
  unknown.noise_fraction = nan;
  const std::pair<SimulatedBoardOptions, const char*> cases[] = {
      {noisy, "noise_fraction 0.3 is out of range, allowed is 0 to 0.2"},
      {cold, "ambient_celsius -41 is out of range, allowed is -40 to 70"},
      {hot, "ambient_celsius 71"},
      {fine, "sensor_period_s 1e-05 is out of range, allowed is 0.0001 to 1"},
      {coarse, "sensor_period_s 2"},
      {unknown, "noise_fraction nan"}};
  for (const auto& [options, says] : cases) EXPECT_PM_ERROR(make(options), ErrorCode::kInvalidArgument, says);
  EXPECT_FALSE(std::filesystem::exists(temporary_.file("board")));
}

TEST_F(SimulatedBoardTest, IsNeverTheMachineItself) {
  for (const char* folder : {"/", "//", ""}) {
    EXPECT_PM_ERROR(SimulatedBoard(folder, {}), ErrorCode::kInvalidArgument, "allowed is one of its own");
  }
}

}  // namespace
}  // namespace perfmodel
