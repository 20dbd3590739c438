#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/power/power_meter.h"
#include "power/measure_windows.h"
#include "simulated_board_fixture.h"

// Energy as meters tell it, against the truth that the simulated board knows.

namespace perfmodel {
namespace {

constexpr double kAllowedFraction = 0.01;     // what perfmodel promises for windows from 50 ms to 10 s
constexpr double kCounterStep_joules = 2e-6;  // a reading is off by up to a microjoule at each end
const double kDefault_s = PowerMeterOptions().sample_period_s;
constexpr double kSlow_s = 0.005;

struct WindowError {
  double sampled_fraction = 0, counted_fraction = 0;  ///< the largest
  double excess_joules = 0;                           ///< of either meter beyond what it says it may be off by
  int num_windows = 0;
};

class SimulatedEnergy : public SimulatedBoardTest, public ::testing::WithParamInterface<double> {
 protected:
  void open(double sample_period_s) {
    SimulatedBoardOptions board_options;
    board_options.noise_fraction = GetParam();
    board_options.seed = 3;
    board_ = make(board_options);
    PowerMeterOptions options;
    options.root = board_->root();
    options.clock = board_->clock();
    options.sample_period_s = sample_period_s;
    std::vector<std::string> why_not;
    std::vector<std::unique_ptr<PowerMeter>> meters = open_power_meters(board_->board(), options, &why_not);
    EXPECT_TRUE(why_not.empty()) << why_not.front();
    ASSERT_EQ(meters.size(), 4u);
    for (std::unique_ptr<PowerMeter>& meter : meters) {
      const std::string name = meter->info().name;
      if (name == "input") sampled_ = std::move(meter);
      if (name == "energy") counter_ = std::move(meter);
    }
    meters.clear();  // of the other rails the truth is not known
    ASSERT_NE(sampled_, nullptr);
    ASSERT_NE(counter_, nullptr);
    ASSERT_FALSE(sampled_->info().is_counter);
    ASSERT_TRUE(counter_->info().is_counter);
    ASSERT_TRUE(sampled_->info().simulated);
  }

  /// Windows of `window_s`, one after the other for `seconds`, while `work` is done again and again.
  template <typename Work>
  WindowError largest_error(double window_s, const Work& work, double seconds = 3) {
    struct Moment {
      double time_s, joules;
    };
    std::vector<Moment> moments;  // when windows begin and end, and what was true then
    work();                       // warms up, and shifts windows against samples
    const auto sampled = sampled_->record(), counted = counter_->record();
    board_->clock()->sleep_s(0.00013);  // windows end between readings of the counter
    moments.push_back({board_->clock()->now_s(), board_->true_joules()});
    std::unique_ptr<Ticker> ticker = board_->clock()->tick_every(window_s, [&] {
      moments.push_back({board_->clock()->now_s(), board_->true_joules()});
    });
    const double end_s = board_->clock()->now_s() + std::max(seconds, 1.2 * window_s);
    while (board_->clock()->now_s() < end_s) work();
    ticker.reset();
    board_->clock()->sleep_s(sampled_->info().delay_s);
    sampled_->joules();
    counter_->joules();
    WindowError largest;
    for (std::size_t i = 1; i < moments.size(); ++i) {
      const Moment &begin = moments[i - 1], &end = moments[i];
      const double truth = end.joules - begin.joules;
      const auto fraction_off = [&](const EnergyRecord& record) {
        const EnergyRecord::Energy energy = record.between(begin.time_s, end.time_s);
        const double off_joules = std::fabs(energy.joules - truth);
        largest.excess_joules = std::max(largest.excess_joules, off_joules - energy.error_joules);
        return off_joules / truth;
      };
      largest.sampled_fraction = std::max(largest.sampled_fraction, fraction_off(*sampled));
      largest.counted_fraction = std::max(largest.counted_fraction, fraction_off(*counted));
      ++largest.num_windows;
    }
    RecordProperty(fmt::format("largest_error_of_{}_ms", 1e3 * window_s),
                   fmt::format("{:.4f} %", 100 * largest.sampled_fraction));
    RecordProperty(fmt::format("largest_error_of_{}_ms_counted", 1e3 * window_s),
                   fmt::format("{:.4f} %", 100 * largest.counted_fraction));
    return largest;
  }

  /// Fraction of the energy of work that begins and ends on an idle board, by the meter that is off by most.
  /// @param told  the work tells its window, else it is measured from before to after it
  double largest_error_of_work_when_idle(bool told) {
    double largest = 0;
    for (int i = 0; i < 40; ++i) {
      double true_joules = 0;
      const auto work = [&]() -> std::optional<TimeWindow> {
        if (told) board_->clock()->sleep_s(0.0137);  // shifts it against updates and readings
        const double begin_s = board_->clock()->now_s();
        true_joules += board_->run(SimulatedWorkload::kResnet50, {}).joules;
        const TimeWindow window{begin_s, board_->clock()->now_s()};
        if (told) board_->clock()->sleep_s(0.0021);
        return told ? std::optional<TimeWindow>(window) : std::nullopt;
      };
      EnergyWindowOptions options;
      options.idle_seconds = 0.0137;
      for (const EnergyWindow& window :
           measure_windows({sampled_.get(), counter_.get()}, work, options, {}, board_->clock())) {
        EXPECT_GE(window.num_updates, 50);
        EXPECT_LE(std::fabs(window.joules - true_joules), window.error_joules);
        largest = std::max(largest, std::fabs(window.joules - true_joules) / true_joules);
      }
    }
    RecordProperty("largest_error_of_work_when_idle", fmt::format("{:.4f} %", 100 * largest));
    return largest;
  }

  std::unique_ptr<SimulatedBoard> board_;
  std::unique_ptr<PowerMeter> sampled_, counter_;
};

/// Batches of both networks in random order: power goes up and down by a third, dozens of times a second.
auto runs_that_change(SimulatedBoard& board, Random& random) {
  return [&board, &random] {
    SimulatedSettings settings;
    settings.batch = 1 << random.integer(0, 3);
    board.run(random.chance(0.5) ? SimulatedWorkload::kResnet50 : SimulatedWorkload::kVgg16, settings);
  };
}

/// Runs with pauses of up to 50 ms. Each changes power four-fold.
auto runs_with_pauses(SimulatedBoard& board, Random& random) {
  return [&board, &random] {
    board.run(SimulatedWorkload::kResnet50, {});
    board.clock()->sleep_s(random.uniform(0, 0.05));
  };
}

TEST_P(SimulatedEnergy, OfWorkThatIsRepeatedIsWithinOnePercent) {
  open(kDefault_s);
  for (const double window_s : {0.05, 0.2, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, [&] { board_->run(SimulatedWorkload::kResnet50, {}); });
    EXPECT_GE(error.num_windows, 1);
    EXPECT_LT(error.sampled_fraction, kAllowedFraction);
    EXPECT_LT(error.counted_fraction, kAllowedFraction);
  }
}

TEST_P(SimulatedEnergy, OfWorkThatChangesIsWithinOnePercent) {
  open(kDefault_s);
  Random random(5);
  const auto work = runs_that_change(*board_, random);
  for (const double window_s : {0.05, 0.2, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, work);
    EXPECT_LT(error.sampled_fraction, kAllowedFraction);
    EXPECT_LT(error.counted_fraction, kAllowedFraction);
    EXPECT_LE(error.excess_joules, 0);
  }
}

TEST_P(SimulatedEnergy, OfWorkWithPausesIsWithinOnePercent) {
  // Four samples an update say when it came to an eighth of it: that much of a jump at an end of a window is lost.
  open(kDefault_s);
  Random random(7);
  const auto work = runs_with_pauses(*board_, random);
  for (const double window_s : {0.05, 0.2, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, work, window_s < 0.1 ? 10 : 3);
    EXPECT_LT(error.sampled_fraction, kAllowedFraction);
    EXPECT_LE(error.excess_joules, 0);
    EXPECT_LT(error.counted_fraction, kAllowedFraction);
  }
}

TEST_P(SimulatedEnergy, OfWorkWithPausesMayBeOffByMoreInShortWindowsWithOneSampleAnUpdate) {
  // When an update came is not known better than to half of it, and in 50 ms a jump at an end is that much off.
  constexpr double kOfShortWindows = 0.04;
  open(0.001);
  Random random(7);
  const auto work = runs_with_pauses(*board_, random);
  for (const double window_s : {0.05, 0.2, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, work);
    EXPECT_LT(error.sampled_fraction, window_s < 0.2 ? kOfShortWindows : kAllowedFraction);
    EXPECT_LE(error.excess_joules, 0);
  }
}

// What a campaign measures: power jumps at both ends of the window.
TEST_P(SimulatedEnergy, OfWorkOnAnIdleBoardIsWithinHalfAPercentOfFiftyUpdates) {
  open(kDefault_s);
  EXPECT_LT(largest_error_of_work_when_idle(false), 0.005);  // each jump is an eighth of one of 64 updates off at most
}

TEST_P(SimulatedEnergy, OfAWindowThatWorkTellsIsWithinOnePercentOfFiftyUpdates) {
  open(kDefault_s);
  EXPECT_LT(largest_error_of_work_when_idle(true), kAllowedFraction);
}

TEST_P(SimulatedEnergy, BySlowSamplesIsWithinOnePercentOfFiftyOfThem) {
  open(kSlow_s);
  EXPECT_LT(largest_error_of_work_when_idle(false), kAllowedFraction);
  Random random(11);
  const auto changing = runs_that_change(*board_, random);
  for (const double window_s : {0.25, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, changing);
    EXPECT_LT(error.sampled_fraction, kAllowedFraction);
    EXPECT_LE(error.excess_joules, 0);
  }
}

TEST_P(SimulatedEnergy, OfAnIdleBoardIsWithinOnePercent) {
  open(kDefault_s);
  for (const double window_s : {0.05, 0.2, 1.0, 10.0}) {
    SCOPED_TRACE(window_s);
    const WindowError error = largest_error(window_s, [&] { board_->clock()->sleep_s(0.0823); });
    EXPECT_LT(error.sampled_fraction, kAllowedFraction);
    EXPECT_LT(error.counted_fraction, kAllowedFraction);
  }
}

TEST_P(SimulatedEnergy, PerRunIsThatOfTheRuns) {
  open(0.001);
  double true_joules = 0;
  int num_runs = 0;
  const auto work = [&] {
    true_joules += board_->run(SimulatedWorkload::kVgg16, {}).joules;
    ++num_runs;
  };
  for (PowerMeter* meter : {sampled_.get(), counter_.get()}) {
    board_->run(SimulatedWorkload::kVgg16, {});
    true_joules = num_runs = 0;
    const EnergyWindow window = measure_energy(*meter, work, {}, board_->clock());
    EXPECT_EQ(window.repeats, num_runs);
    EXPECT_NEAR(window.joules_per_run, true_joules / num_runs, kAllowedFraction * true_joules / num_runs);
    EXPECT_LE(std::fabs(window.joules - true_joules), window.error_joules);
  }
}

TEST_P(SimulatedEnergy, OfWorkThatBeginsOnAnIdleBoardIsWithinWhatTheMeterSays) {
  open(kDefault_s);
  EnergyWindowOptions options;
  options.idle_seconds = 0.1234;
  for (PowerMeter* meter : {sampled_.get(), counter_.get()}) {
    double true_joules = 0;
    const EnergyWindow window = measure_energy(
        *meter, [&] { true_joules += board_->run(SimulatedWorkload::kResnet50, {}).joules; }, options, board_->clock());
    EXPECT_LE(std::fabs(window.joules - true_joules), window.error_joules);
    EXPECT_LT(window.error_joules, 0.05 * true_joules);
    EXPECT_LT(window.idle_watts, window.mean_watts / 4);
  }
}

TEST_P(SimulatedEnergy, IsCountedOverManyTurnsOfTheCounter) {
  open(0.1);
  SimulatedSettings settings;
  settings.batch = 8;
  while (board_->true_joules() < 10000) board_->run(SimulatedWorkload::kVgg16, settings);  // 2.3 turns
  EXPECT_NEAR(counter_->joules(), board_->true_joules(), kCounterStep_joules);
  EXPECT_NEAR(sampled_->joules(), board_->true_joules(), kAllowedFraction * board_->true_joules());
}

INSTANTIATE_TEST_SUITE_P(Noise, SimulatedEnergy, ::testing::Values(0.0, 0.01),
                         [](const auto& info) { return info.param > 0 ? "WithNoise" : "WithoutNoise"; });

}  // namespace
}  // namespace perfmodel
