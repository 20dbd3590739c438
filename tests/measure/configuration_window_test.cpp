// What campaigns make of workloads that tell when their timed runs were.
#include <gmock/gmock.h>

#include <chrono>
#include <cmath>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Answer = std::map<std::string, double>;

constexpr int kRuns = 5;  // of a call

class ConfigurationWindowTest : public ::testing::Test, protected ConfigurationCampaignFixture {
 protected:
  ConfigurationWindowTest() {
    configurations.resize(1);
    options.warmup_runs = 0;
  }

  /// A program: a second of loading on one core, a run of another network, timed runs, and an end.
  Answer load_and_run() {
    Clock& clock = *simulated.board.clock();
    clock.sleep_s(1);
    simulated.board.run(SimulatedWorkload::kVgg16, {});
    const double begin_s = clock.now_s(), before_joules = simulated.board.true_joules();
    SimulatedRun run;
    for (int i = 0; i < kRuns; ++i) run = simulated.board.run(SimulatedWorkload::kResnet50, {});
    timed_joules_ += simulated.board.true_joules() - before_joules;
    timed_s_ += clock.now_s() - begin_s;
    num_runs_ += kRuns;
    const double end_s = clock.now_s();
    clock.sleep_s(0.3);
    return {{"latency_ms", run.latency_ms}, {"window_begin_s", begin_s}, {"window_end_s", end_s}};
  }
  Workload program(bool tells_window, bool tells_runs) {
    return [this, tells_window, tells_runs](const ConfigurationTexts&) {
      const double before_joules = simulated.board.true_joules();
      Answer answer = load_and_run();
      called_joules_ += simulated.board.true_joules() - before_joules;
      if (tells_runs) answer["window_runs"] = kRuns;
      if (!tells_window) answer.erase("window_begin_s"), answer.erase("window_end_s");
      return answer;
    };
  }
  CampaignRow only_row() const {
    const CampaignRow row = rows().front();
    EXPECT_TRUE(row.ok) << row.reason;
    return row;
  }
  /// The meters' energy of a run is that, within what they say.
  void expect_joules_per_run(double truth) {
    const CampaignRow row = only_row();
    for (const char* meter : {"energy", "input"}) {
      SCOPED_TRACE(meter);
      const double error = output(row, std::string(meter) + "_error_joules_per_run");
      EXPECT_NEAR(output(row, std::string(meter) + "_joules_per_run"), truth, error);
      EXPECT_LT(error, 0.1 * truth);
    }
    EXPECT_NEAR(output(row, "energy_joules_per_run"), truth, 0.01 * truth);
  }

  double timed_joules_ = 0, timed_s_ = 0, called_joules_ = 0;
  int num_runs_ = 0;
};

TEST_F(ConfigurationWindowTest, HasTheEnergyOfItsTimedRuns) {
  run(program(true, true));
  const CampaignRow row = only_row();
  EXPECT_EQ(output(row, "window_told"), 1);
  EXPECT_EQ(output(row, "num_calls"), 3);
  EXPECT_EQ(output(row, "num_runs"), num_runs_);
  EXPECT_NEAR(output(row, "window_s"), timed_s_, 1e-9);
  EXPECT_TRUE(std::isnan(output(row, "window_begin_unix_s")));  // a simulated clock tells no time of the day
  expect_joules_per_run(timed_joules_ / num_runs_);
  EXPECT_NEAR(output(row, "energy_watts"), timed_joules_ / timed_s_, 0.01 * timed_joules_ / timed_s_);
  EXPECT_GT(called_joules_, 1.5 * timed_joules_);  // else nothing is shown
}

TEST_F(ConfigurationWindowTest, WithoutItsNumberOfRunsHasTheEnergyOfEachCallsWindow) {
  run(program(true, false));
  const CampaignRow row = only_row();
  EXPECT_EQ(output(row, "window_told"), 1);
  EXPECT_EQ(output(row, "num_runs"), 3);
  expect_joules_per_run(timed_joules_ / 3);
}

TEST_F(ConfigurationWindowTest, NotToldIsTheWholeCall) {
  run(program(false, false));
  const CampaignRow row = only_row();
  EXPECT_EQ(output(row, "window_told"), 0);
  EXPECT_EQ(output(row, "num_calls"), 3);
  EXPECT_EQ(output(row, "num_runs"), 3);
  expect_joules_per_run(called_joules_ / 3);
}

TEST_F(ConfigurationWindowTest, HoldsTheUpdatesThatWereAskedFor) {
  options.min_energy_updates = 400;  // 2 seconds: nobody reads a counter between its record's readings, either
  run(program(true, true));
  const CampaignRow row = only_row();
  EXPECT_GT(output(row, "num_calls"), 3);
  EXPECT_GE(output(row, "window_s"), 2);
  EXPECT_NEAR(output(row, "input_num_updates"), timed_s_ / 0.005, 1e-6);
  EXPECT_NEAR(output(row, "energy_num_updates"), timed_s_ / 0.005, 1e-6);
  EXPECT_TRUE(warnings.empty());
}

TEST_F(ConfigurationWindowTest, ThatIsCutIsWarnedOfOncePerMeter) {
  configurations = all_of(space);
  configurations.resize(2);
  options.min_energy_updates = 1e5;  // 500 seconds
  options.max_window_s = 4;
  run(program(true, true));
  EXPECT_THAT(warnings, SizeIs(simulated.meters.size()));
  EXPECT_THAT(warnings, Contains(HasSubstr("updates of meter 'input', fewer than 100000, as max_window_s 4 ended it; "
                                           "'input_num_updates' tells of further rows")));
  for (const CampaignRow& row : rows()) {
    ASSERT_TRUE(row.ok) << row.reason;
    EXPECT_LT(output(row, "input_num_updates"), 1e5);
    EXPECT_NEAR(output(row, "input_num_updates"), output(row, "window_s") / 0.005, 1e-6);
  }
}

TEST_F(ConfigurationWindowTest, HasEffectiveValuesOfTheWindowAlone) {
  const std::string file = simulated.board.root() + "/sys/devices/gpu.0/devfreq/gpu.0/cur_freq";
  const auto write = [&file](const char* text) { std::ofstream(file) << text << "\n"; };
  Clock& clock = *simulated.board.clock();
  options.min_energy_updates = 0;
  run([&](const ConfigurationTexts&) -> Answer {
    write("111000000");  // while it loads
    clock.sleep_s(5);
    write("522750000");
    const double begin_s = clock.now_s();
    const SimulatedRun result = simulated.board.run(SimulatedWorkload::kVgg16, {true, 1, 4});
    return {{"latency_ms", result.latency_ms}, {"window_begin_s", begin_s}, {"window_end_s", clock.now_s()}};
  });
  EXPECT_EQ(output(only_row(), "effective_gpu_freq_hz"), 522750e3);
  EXPECT_EQ(output(only_row(), "lowest_effective_gpu_freq_hz"), 522750e3);
}

TEST_F(ConfigurationWindowTest, ThatIsBadIsAFailedRow) {
  struct Bad {
    double begin_s, end_s;  // after the call's begin, which lasts a second
    const char* reason;
  };
  const Bad all[] = {
      {0.5, 0.4, "its end must be after its begin"},
      {-0.1, 0.5, "it was called from "},
      {0.5, 1.1, "it was called from "},
      {std::nan(""), 0.5, "allowed are finite numbers"},
  };
  for (const Bad& bad : all) {
    SCOPED_TRACE(bad.reason);
    ConfigurationCampaignFixture campaign;
    campaign.configurations.resize(1);
    campaign.run([&](const ConfigurationTexts&) -> Answer {
      const double begin_s = campaign.simulated.board.clock()->now_s();
      campaign.simulated.board.clock()->sleep_s(1);
      return {{"latency_ms", 1}, {"window_begin_s", begin_s + bad.begin_s}, {"window_end_s", begin_s + bad.end_s}};
    });
    const CampaignRow row = campaign.rows().front();
    EXPECT_FALSE(row.ok);
    EXPECT_THAT(row.reason, HasSubstr("invalid argument: the workload told a window from "));
    EXPECT_THAT(row.reason, HasSubstr(bad.reason));
    EXPECT_TRUE(std::isnan(campaign.output(row, "latency_ms")));
  }
}

/// The row of a workload on this machine.
CampaignRow row_of(const Workload& workload) {
  const TemporaryFolder folder;
  KnobDriverOptions driver_options;
  driver_options.root = folder.file("empty");
  KnobDriver driver(built_in_board("process"), driver_options);
  const ConfigSpace space({Option::ordinal("batch_size", {1})});
  ConfigurationCampaignOptions options;
  options.warmup_runs = 0;
  options.repeats = 1;
  const std::vector<std::unique_ptr<PowerMeter>> none;
  CampaignStore store = CampaignStore::open(folder.file("campaign.sqlite"),
                                            configuration_campaign_schema(space, all_of(space), driver, none, options));
  run_configuration_campaign(store, space, all_of(space), driver, none, nullptr, workload, options);
  return store.rows().front();
}

Workload command(const std::string& text) {
  return command_workload({"f() { " + text + "; }; f", 60}, built_in_board("process"));
}

TEST(ConfigurationWindow, OfACommandIsOfTheMachinesClock) {
  const CampaignRow wrong = row_of(command("echo latency_ms=1 window_begin_s=1.5e9 window_end_s=1.6e9"));
  EXPECT_FALSE(wrong.ok);
  EXPECT_THAT(wrong.reason, HasSubstr("(CLOCK_MONOTONIC for commands)"));
  const double before_unix_s =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const CampaignRow right = row_of([](const ConfigurationTexts& configuration) {
    const double begin_s = system_clock()->now_s();
    return command("sleep 0.3; echo 7 window_runs=4 window_begin_s=" + std::to_string(begin_s + 0.1) +
                   " window_end_s=" + std::to_string(begin_s + 0.2))(configuration);
  });
  ASSERT_TRUE(right.ok) << right.reason;
  EXPECT_EQ(right.outputs[0], 7);
  EXPECT_EQ(right.outputs[3], 4);
  EXPECT_GT(right.outputs[4], before_unix_s);
  EXPECT_LT(right.outputs[4], before_unix_s + 60);
  EXPECT_NEAR(right.outputs[5], 0.1, 1e-5);  // six digits are told
  EXPECT_EQ(right.outputs[6], 1);
}

}  // namespace
}  // namespace perfmodel
