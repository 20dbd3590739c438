#include "perfmodel/measure/configuration_campaign.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cmath>
#include <set>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// Simulated runs last a whole number of ticks of nothing: their times differ by the rounding of sums of seconds alone.
constexpr double kRounding = 1e-6;

class ConfigurationCampaignTest : public ::testing::Test, protected ConfigurationCampaignFixture {};

/// A workload that takes an eighth of a second of the board's time and answers 1, 2, ... .
Workload counting(SimulatedCampaign& simulated, int& count) {
  return [&simulated, &count](const ConfigurationTexts&) -> std::map<std::string, double> {
    simulated.board.clock()->sleep_s(0.125);
    return {{"latency_ms", ++count}};
  };
}

TEST_F(ConfigurationCampaignTest, MeasuresEachConfigurationUnderItsKnobs) {
  const CampaignReport report = run();
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_measured, 12u);
  EXPECT_EQ(report.num_failed, 0u);
  SimulatedCampaign other(folder.file("other"));  // another board, set by hand
  std::set<std::vector<double>> seen;
  for (const CampaignRow& row : rows()) {
    ASSERT_TRUE(row.ok) << row.reason;
    EXPECT_TRUE(seen.insert(row.inputs).second);
    other.driver.set({{"num_cores", row.inputs[0]}, {"gpu_freq_hz", row.inputs[1]}});
    SimulatedSettings settings;
    settings.batch = static_cast<int>(row.inputs[2]);
    const double expected_ms = other.board.run(SimulatedWorkload::kResnet50, settings).latency_ms;
    EXPECT_NEAR(output(row, "latency_ms"), expected_ms, kRounding * expected_ms);
    EXPECT_NEAR(output(row, "latency_ms_spread"), 0, kRounding * expected_ms);
    for (const auto& [knob, requested] : {std::pair{"num_cores", row.inputs[0]}, {"gpu_freq_hz", row.inputs[1]}}) {
      EXPECT_EQ(output(row, std::string("read_back_") + knob), requested);
    }
    EXPECT_EQ(output(row, "effective_gpu_freq_hz"), row.inputs[1]);
    EXPECT_TRUE(std::isnan(output(row, "effective_num_cores")));  // nothing tells
    EXPECT_EQ(output(row, "num_throttled"), 0);
    EXPECT_EQ(output(row, "num_missed_knobs"), 0);
    EXPECT_TRUE(std::isnan(output(row, "throttled_fraction")));  // files count, but do not tell of a moment
  }
  EXPECT_EQ(seen.size(), 12u);
}

TEST_F(ConfigurationCampaignTest, TellsTheEnergyOfOneRun) {
  run();
  SimulatedCampaign other(folder.file("other"));
  for (const CampaignRow& row : rows()) {
    other.driver.set({{"num_cores", row.inputs[0]}, {"gpu_freq_hz", row.inputs[1]}});
    SimulatedSettings settings;
    settings.batch = static_cast<int>(row.inputs[2]);
    const SimulatedRun truth = other.board.run(SimulatedWorkload::kResnet50, settings);
    constexpr double kWarmer = 0.05;  // leakage grows with the temperature, which differs between the two boards
    for (const char* meter : {"energy", "input"}) {
      SCOPED_TRACE(meter);
      const double error = output(row, std::string(meter) + "_error_joules_per_run");
      EXPECT_GT(error, 0);
      EXPECT_NEAR(output(row, std::string(meter) + "_joules_per_run"), truth.joules, error + kWarmer * truth.joules);
      EXPECT_NEAR(output(row, std::string(meter) + "_watts"), truth.mean_watts, 0.1 * truth.mean_watts);
      EXPECT_TRUE(std::isnan(output(row, std::string(meter) + "_idle_watts")));
    }
  }
}

TEST_F(ConfigurationCampaignTest, TakesTheMedianOfTheRunsAfterTheWarmUp) {
  options.warmup_runs = 2;
  options.repeats = 5;
  options.min_energy_updates = 0;
  configurations.resize(1);
  int count = 0;
  run(counting(simulated, count));
  const CampaignRow row = rows().front();
  EXPECT_EQ(count, 7);
  EXPECT_EQ(output(row, "num_runs"), 5);
  EXPECT_EQ(output(row, "latency_ms"), 5);                           // of 3, 4, 5, 6, 7
  EXPECT_NEAR(output(row, "latency_ms_spread"), 1.4826, kRounding);  // deviations 2, 1, 0, 1, 2
  EXPECT_NEAR(output(row, "window_s"), 5 * 0.125, kRounding);
}

TEST_F(ConfigurationCampaignTest, KnowsNoSpreadOfOneRun) {
  options.repeats = 1;
  options.min_energy_updates = 0;
  configurations.resize(1);
  run();
  EXPECT_TRUE(std::isnan(output(rows().front(), "latency_ms_spread")));
}

TEST_F(ConfigurationCampaignTest, RunsUntilTheWindowHoldsEnoughUpdatesOfEveryMeter) {
  double longest_s = 0;
  for (const auto& meter : simulated.meters) {
    longest_s = std::max({longest_s, meter->info().update_period_s, meter->info().sample_period_s});
  }
  options.min_energy_updates = 100;
  configurations.resize(1);
  run();
  const CampaignRow row = rows().front();
  const double run_s = output(row, "window_s") / output(row, "num_runs");
  EXPECT_GE(output(row, "window_s"), 100 * longest_s);
  EXPECT_LT(output(row, "window_s"), 100 * longest_s + 3 * run_s + kRounding);  // the least number of runs is 3
}

TEST_F(ConfigurationCampaignTest, BeginsNoRunAfterTheWindowButForTheRepeats) {
  options.min_energy_updates = 1e6;
  options.max_window_s = 1;
  options.repeats = 2;
  configurations.resize(1);
  int count = 0;
  run(counting(simulated, count));
  EXPECT_EQ(output(rows().front(), "num_runs"), 8);
}

TEST_F(ConfigurationCampaignTest, RestoresWhatItSet) {
  const auto before = knobs_of(simulated.board.root());
  ASSERT_FALSE(before.empty());
  run();
  EXPECT_EQ(knobs_of(simulated.board.root()), before);
  EXPECT_FALSE(simulated.driver.changed());
}

TEST_F(ConfigurationCampaignTest, OrdersByItsSeed) {
  run();
  std::vector<std::vector<double>> first, as_given;
  for (const CampaignRow& row : rows()) first.push_back(row.inputs);
  for (const Configuration& configuration : configurations) as_given.push_back(space.values(configuration));
  EXPECT_NE(first, as_given);

  ConfigurationCampaignFixture same, given;
  same.run();
  given.options.random_order = false;
  given.run();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(same.rows()[i].inputs, first[i]);
    EXPECT_EQ(given.rows()[i].inputs, as_given[i]);
  }
}

TEST_F(ConfigurationCampaignTest, GoesOnWhereItWasStopped) {
  int asked = 0;
  options.callbacks.cancelled = [&asked, this] { return simulated.num_runs > 20 && ++asked > 0; };
  EXPECT_PM_ERROR(run(), ErrorCode::kCancelled, "cancelled");
  EXPECT_FALSE(simulated.driver.changed());
  const std::size_t num_before = rows().size();
  EXPECT_GT(num_before, 0u);
  EXPECT_LT(num_before, 12u);

  options.callbacks.cancelled = {};
  const CampaignReport report = run();
  EXPECT_EQ(report.num_resumed, num_before);
  EXPECT_EQ(report.num_measured, 12 - num_before);
  EXPECT_TRUE(report.complete);
  ConfigurationCampaignFixture uninterrupted;
  uninterrupted.run();
  const std::vector<CampaignRow> expected = uninterrupted.rows(), actual = rows();
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_EQ(actual[i].inputs, expected[i].inputs) << i;
}

TEST_F(ConfigurationCampaignTest, StopsWhenItsTimeIsUp) {
  options.max_seconds = 1e-9;
  const CampaignReport report = run();
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.num_measured, 0u);
}

TEST_F(ConfigurationCampaignTest, MeasuresSomeASecondTime) {
  options.repeat_fraction = 0.25;
  EXPECT_EQ(run().num_measured, 15u);
  EXPECT_EQ(rows().back().pass, 1);
}

TEST_F(ConfigurationCampaignTest, MeasuresIdlePowerUnderTheKnobsThatAreSet) {
  options.idle_seconds = 2;
  configurations.resize(1);
  run();
  const CampaignRow row = rows().front();
  const double idle_watts = output(row, "energy_idle_watts");
  EXPECT_GT(idle_watts, 0);
  EXPECT_LT(idle_watts, output(row, "energy_watts"));
}

TEST_F(ConfigurationCampaignTest, CoolsDownBeforeItMeasures) {
  for (int i = 0; i < 100; ++i) simulated.board.run(SimulatedWorkload::kVgg16, {true, 1, 4});
  const double hot_celsius = simulated.board.temperature_celsius();
  options.cool_to_celsius = 0.5 * (25 + hot_celsius);
  options.max_cool_s = 1000;
  ASSERT_GT(hot_celsius, options.cool_to_celsius);
  configurations.resize(3);
  run();
  for (const CampaignRow& row : rows()) {
    EXPECT_LE(output(row, "temperature_before_celsius"), options.cool_to_celsius);
    EXPECT_GE(output(row, "temperature_celsius"), output(row, "temperature_before_celsius") - 1);
  }
  EXPECT_TRUE(warnings.empty());
}

TEST_F(ConfigurationCampaignTest, GoesOnWhenTheBoardStaysHot) {
  options.cool_to_celsius = 1;  // the surroundings have 25
  options.max_cool_s = 5;
  configurations.resize(2);
  EXPECT_EQ(run().num_failed, 0u);
  EXPECT_GT(output(rows().front(), "temperature_before_celsius"), 1);
  EXPECT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings, Contains(HasSubstr("after 5 s, more than 1; measuring goes on")));
}

TEST(ConfigurationCampaign, CountsThrottlingAndTellsTheEffectiveClock) {
  SimulatedBoardOptions hot = without_noise();
  hot.ambient_celsius = 70;
  ConfigurationCampaignFixture campaign(hot);
  campaign.configurations = {campaign.space.from_values(std::vector<double>{3, 1236750e3, 4})};
  campaign.options.min_energy_updates = 10000;  // 50 seconds, in which it heats up
  campaign.run();
  const CampaignRow row = campaign.rows().front();
  ASSERT_TRUE(row.ok) << row.reason;
  EXPECT_GT(campaign.output(row, "num_throttled"), 0);
  EXPECT_EQ(campaign.output(row, "read_back_gpu_freq_hz"), 1236750e3);
  EXPECT_LT(campaign.output(row, "effective_gpu_freq_hz"), 1236750e3);
  EXPECT_EQ(campaign.output(row, "num_missed_knobs"), 1);
  EXPECT_THAT(campaign.warnings, Contains(HasSubstr("knob 'gpu_freq_hz' was set to 1236750000 and ran at ")));
}

TEST_F(ConfigurationCampaignTest, GivesTheWorkloadEveryOptionAsText) {
  space = ConfigSpace({Option::ordinal("gpu_freq_hz", {522750e3}), Option::boolean("memory_growth"),
                       Option::categorical("network", {"vgg16", "resnet50"})});
  configurations = {{0, 1, 1}};
  ConfigurationTexts given;
  run([&](const ConfigurationTexts& configuration) -> std::map<std::string, double> {
    given = configuration;
    simulated.board.clock()->sleep_s(0.1);
    return {{"", 7}};  // the name of the one objective goes without saying
  });
  EXPECT_EQ(given, (ConfigurationTexts{{"gpu_freq_hz", "522750000"}, {"memory_growth", "1"}, {"network", "resnet50"}}));
  EXPECT_EQ(output(rows().front(), "latency_ms"), 7);
  EXPECT_EQ(rows().front().inputs, (std::vector<double>{522750e3, 1, 1}));
}

/// The machine's clock, with a count of the ticks that have been.
class CountingClock : public Clock {
 public:
  double now_s() override { return clock_->now_s(); }
  void sleep_s(double seconds) override { clock_->sleep_s(seconds); }
  std::unique_ptr<Ticker> tick_every(double period_s, std::function<void()> tick) override {
    return clock_->tick_every(period_s, [this, tick = std::move(tick)] {
      tick();
      ++num_ticks;
    });
  }

  std::atomic<int> num_ticks{0};

 private:
  const std::shared_ptr<Clock> clock_ = system_clock();
};

TEST_F(ConfigurationCampaignTest, LooksAtTheKnobsFromAThreadOfTheMachinesClock) {
  constexpr double kStep_s = 0.001;
  constexpr double kIdle_hz = 114750e3;  // what the tree says as long as the board's own time stands still
  const auto clock = std::make_shared<CountingClock>();
  KnobDriverOptions on_machine_clock;
  on_machine_clock.root = simulated.board.root();
  on_machine_clock.clock = clock;
  KnobDriver driver(simulated.board.board(), on_machine_clock);
  const std::vector<std::unique_ptr<PowerMeter>> none;
  configurations.resize(2);
  options.warmup_runs = 0;  // nobody looks while it warms up
  CampaignStore store =
      CampaignStore::open(path, configuration_campaign_schema(space, configurations, driver, none, options));
  const Workload until_looked_at = [&](const ConfigurationTexts&) -> std::map<std::string, double> {
    const int num_before = clock->num_ticks;
    do clock->sleep_s(kStep_s);
    while (clock->num_ticks == num_before);
    return {{"latency_ms", 20}};
  };
  run_configuration_campaign(store, space, configurations, driver, none, nullptr, until_looked_at, options);
  for (const CampaignRow& row : rows()) {
    ASSERT_TRUE(row.ok) << row.reason;
    EXPECT_EQ(output(row, "effective_gpu_freq_hz"), kIdle_hz);
    EXPECT_GE(output(row, "window_s"), options.repeats * kStep_s);
  }
}

TEST_F(ConfigurationCampaignTest, NeedsNeitherMetersNorThermometersNorKnobs) {
  space = ConfigSpace({Option::categorical("network", {"vgg16", "resnet50"})});
  configurations = all_of(space);
  const std::vector<std::unique_ptr<PowerMeter>> none;
  CampaignStore store =
      CampaignStore::open(path, configuration_campaign_schema(space, configurations, simulated.driver, none, options));
  const CampaignReport report = run_configuration_campaign(store, space, configurations, simulated.driver, none,
                                                           nullptr, simulated.resnet50(), options);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_failed, 0u);
  EXPECT_TRUE(std::isnan(output(rows().front(), "temperature_celsius")));
  EXPECT_TRUE(std::isnan(output(rows().front(), "num_throttled")));
  EXPECT_TRUE(std::isnan(output(rows().front(), "num_missed_knobs")));
}

}  // namespace
}  // namespace perfmodel
