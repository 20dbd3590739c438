#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <stdexcept>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Answer = std::map<std::string, double>;

constexpr const char* kGpuFolder = "/sys/devices/gpu.0/devfreq/gpu.0";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class ConfigurationFailureTest : public ::testing::Test, protected ConfigurationCampaignFixture {
 protected:
  /// resnet50() but for configurations with 2 cores, where `fail` is called.
  Workload failing(std::function<Answer()> fail) {
    return [fail = std::move(fail), good = simulated.resnet50()](const ConfigurationTexts& configuration) {
      return text_of(configuration, "num_cores") == "2" ? fail() : good(configuration);
    };
  }
  void write(const std::string& file, const std::string& text) { std::ofstream(simulated.board.root() + file) << text; }
};

struct BadRun {
  const char* name;
  std::function<Answer()> fail;
  const char* reason;
};

TEST_F(ConfigurationFailureTest, OfAWorkloadIsARowWithItsReason) {
  const BadRun bad_runs[] = {
      {"an Error", []() -> Answer { throw Error(ErrorCode::kTimeout, "took too long"); }, "timeout: took too long"},
      {"any exception", []() -> Answer { throw std::runtime_error("no such tensor"); },
       "input/output error: no such tensor"},
      {"memory", []() -> Answer { throw std::bad_alloc(); }, "out of memory: memory ran out"},
      {"a fault of its own", []() -> Answer { throw Error(ErrorCode::kInternal, "broken"); }, "internal error: broken"},
      {"no objective",
       []() -> Answer {
         return {{"time_ms", 1}, {"watts", 2}};
       },
       "parse error: the workload did not answer 'latency_ms'; it answered (time_ms, watts)"},
      {"no number",
       []() -> Answer {
         return {{"latency_ms", kNaN}};
       },
       "invalid argument: the workload answered nan for 'latency_ms', allowed are finite numbers"},
  };
  for (const BadRun& bad : bad_runs) {
    SCOPED_TRACE(bad.name);
    ConfigurationCampaignFixture campaign;
    campaign.configurations = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}};
    const Workload good = campaign.simulated.resnet50();
    const CampaignReport report = campaign.run([&](const ConfigurationTexts& configuration) {
      return text_of(configuration, "num_cores") == "2" ? bad.fail() : good(configuration);
    });
    EXPECT_TRUE(report.complete);
    EXPECT_EQ(report.num_failed, 1u);
    for (const CampaignRow& row : campaign.rows()) {
      EXPECT_EQ(row.ok, row.inputs[0] != 2);
      EXPECT_EQ(row.reason, row.ok ? "" : bad.reason);
    }
  }
}

TEST_F(ConfigurationFailureTest, OfAKnobIsARowAndTheNextIsSet) {
  space = ConfigSpace({Option::integer("num_cores", 1, 3), Option::ordinal("gpu_freq_hz", {1e6, 522750e3})});
  configurations = all_of(space);
  const auto before = knobs_of(simulated.board.root());
  const CampaignReport report = run();
  EXPECT_EQ(report.num_failed, 3u);
  for (const CampaignRow& row : rows()) {
    EXPECT_EQ(row.ok, row.inputs[1] != 1e6);
    if (row.ok) {
      EXPECT_EQ(output(row, "effective_gpu_freq_hz"), 522750e3);
    } else {
      EXPECT_THAT(row.reason, AllOf(StartsWith("invalid argument: "), HasSubstr("gpu_freq_hz")));
    }
  }
  EXPECT_EQ(knobs_of(simulated.board.root()), before);
}

TEST_F(ConfigurationFailureTest, OfAKnobThatSomethingElseChangedMeanwhile) {
  const Workload good = simulated.resnet50();
  run([&](const ConfigurationTexts& configuration) {
    if (text_of(configuration, "gpu_freq_hz") == "1236750000") {
      write(std::string(kGpuFolder) + "/min_freq", "114750000\n");
      write(std::string(kGpuFolder) + "/max_freq", "114750000\n");
    }
    return good(configuration);
  });
  for (const CampaignRow& row : rows()) {
    EXPECT_EQ(row.ok, row.inputs[1] != 1236750e3);
    if (row.ok) continue;
    EXPECT_EQ(row.reason,
              "mismatch: knob 'gpu_freq_hz' was set to 1236750000 and has 114750000 after the runs: something else has "
              "changed it");
    EXPECT_EQ(output(row, "read_back_gpu_freq_hz"), 114750e3);
    EXPECT_EQ(output(row, "read_back_num_cores"), row.inputs[0]);
    EXPECT_GT(output(row, "temperature_celsius"), 0);
    EXPECT_TRUE(std::isnan(output(row, "latency_ms")));
  }
}

TEST_F(ConfigurationFailureTest, OfAKnobWhoseFileVanishesAfterTheLastRun) {
  const std::string file = simulated.board.root() + kGpuFolder + "/min_freq";
  options.warmup_runs = 0;
  options.repeats = 1;
  options.min_energy_updates = 0;
  configurations.resize(1);
  const Workload good = simulated.resnet50();
  run([&](const ConfigurationTexts& configuration) {
    const Answer answer = good(configuration);
    std::filesystem::rename(file, file + ".away");
    return answer;
  });
  const CampaignRow row = rows().front();
  EXPECT_FALSE(row.ok);
  EXPECT_EQ(row.reason, "mismatch: knob 'gpu_freq_hz' was set to 522750000 and cannot be read after the runs");
  EXPECT_TRUE(std::isnan(output(row, "read_back_gpu_freq_hz")));
}

TEST_F(ConfigurationFailureTest, ToSetAKnobKeepsWhatTheKnobsAre) {
  space = ConfigSpace({Option::integer("num_cores", 2, 3), Option::ordinal("gpu_freq_hz", {1e6, 522750e3})});
  configurations = {{0, 1}, {1, 0}};
  options.random_order = false;
  EXPECT_EQ(run().num_failed, 1u);
  const CampaignRow failed = rows().back();
  EXPECT_FALSE(failed.ok);
  EXPECT_EQ(output(failed, "read_back_gpu_freq_hz"), 522750e3);  // of the configuration before
  EXPECT_TRUE(std::isnan(output(failed, "num_runs")));
  EXPECT_EQ(CampaignStore::open_existing(path).to_csv_table().rows.back().at(4), failed.reason);
}

TEST_F(ConfigurationFailureTest, OfAMeterIsARow) {
  const Workload good = simulated.resnet50();
  const std::string sensor =
      simulated.board.root() + "/sys/bus/i2c/drivers/ina3221x/0-0040/iio:device0/in_power1_input";
  run([&](const ConfigurationTexts& configuration) {
    std::filesystem::remove(sensor);
    return good(configuration);
  });
  for (const CampaignRow& row : rows()) {
    EXPECT_FALSE(row.ok);
    EXPECT_THAT(row.reason, HasSubstr("in_power1_input"));
  }
}

TEST_F(ConfigurationFailureTest, OfAKnobThatVanishesIsARowAlsoOfTheFirstConfiguration) {
  configurations.resize(1);
  const Workload good = simulated.resnet50();
  const CampaignReport report = run([&](const ConfigurationTexts& configuration) {
    const Answer answer = good(configuration);
    std::filesystem::remove_all(simulated.board.root() + kGpuFolder);
    return answer;
  });
  EXPECT_EQ(report.num_failed, 1u);
  EXPECT_THAT(rows().front().reason, HasSubstr(kGpuFolder));
}

TEST_F(ConfigurationFailureTest, ToRestoreIsLogged) {
  configurations.resize(1);
  const Workload good = simulated.resnet50();
  run([&](const ConfigurationTexts& configuration) {
    const Answer answer = good(configuration);
    std::filesystem::remove_all(simulated.board.root() + kGpuFolder);
    return answer;
  });
  EXPECT_THAT(warnings, Contains(AllOf(HasSubstr(kGpuFolder), HasSubstr("could not be restored"))));
  EXPECT_TRUE(simulated.driver.changed());
}

TEST_F(ConfigurationFailureTest, OfAllThatIsToComeKeepsNothing) {
  KnobDriver other(simulated.board.board(), SimulatedCampaign::driver_options(simulated.board));
  other.set({{"num_cores", 2}});
  CampaignStore store = open();
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kBusy, "");
  EXPECT_TRUE(store.all_rows().empty());
  EXPECT_TRUE(other.restore().complete());
  EXPECT_TRUE(run(store, simulated.resnet50()).complete);
}

TEST_F(ConfigurationFailureTest, OfAMissingKnobKeepsNothing) {
  CampaignStore store = open();
  std::filesystem::remove_all(simulated.board.root() + kGpuFolder);
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kUnsupported, "knob 'gpu_freq_hz' cannot be set: ");
  EXPECT_TRUE(store.all_rows().empty());
  EXPECT_EQ(simulated.num_runs, 0);
}

TEST_F(ConfigurationFailureTest, ToFindAStateToReturnToKeepsNothing) {
  CampaignStore store = open();
  write(std::string(kGpuFolder) + "/min_freq", "1236750000\n");
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kMismatch, "both hold 1236750000, which some tool may");
  EXPECT_TRUE(store.all_rows().empty());
  EXPECT_THAT(check_configurations(space, configurations, simulated.driver).front().reason,
              HasSubstr("knob 'gpu_freq_hz' cannot be set: "));
  EXPECT_FALSE(simulated.driver.changed());
}

TEST_F(ConfigurationFailureTest, ToFindACoreOnlineThatIsToBeKeepsNothing) {
  CampaignStore store = open();
  write("/sys/devices/system/cpu/cpu2/online", "0\n");  // one of the three cores that the space asks for
  EXPECT_PM_ERROR(
      run(store, simulated.resnet50()), ErrorCode::kMismatch,
      "knob 'num_cores' cannot be set: '/sys/devices/system/cpu/cpu2/online' is 0, its core offline already");
  EXPECT_TRUE(store.all_rows().empty());
  write("/sys/devices/system/cpu/cpu2/online", "1\n");
  write("/sys/devices/system/cpu/cpu3/online", "0\n");  // the fourth
  EXPECT_EQ(run(store, simulated.resnet50()).num_failed, 0u);
}

TEST_F(ConfigurationFailureTest, OfAProgramThatIsNotThereKeepsNothing) {
  CampaignStore store = open();
  const Workload absent = command_workload({"/no/such/program", 10}, simulated.board.board());
  EXPECT_PM_ERROR(run(store, absent), ErrorCode::kNotFound, "exit code 127");
  EXPECT_TRUE(store.all_rows().empty());
  EXPECT_FALSE(simulated.driver.changed());
}

TEST_F(ConfigurationFailureTest, OfOneConfigurationsProgramIsARowWhateverItsCode) {
  // The first configuration has one core.
  const std::string command = "f() { [ $1 = num_cores=1 ] && exit $CODE; echo answer=1; }; f";
  for (const char* code : {"126", "127"}) {
    SCOPED_TRACE(code);
    ConfigurationCampaignFixture campaign;
    campaign.options.random_order = false;
    campaign.options.objectives = {"answer"};
    campaign.options.warmup_runs = 0;
    campaign.options.repeats = 1;
    campaign.configurations = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}};
    campaign.simulated.meters.clear();  // the board's time stands still
    const std::string with_code = "CODE=" + std::string(code) + "; " + command;
    const CampaignReport report = campaign.run(command_workload({with_code, 60}, campaign.simulated.board.board()));
    EXPECT_TRUE(report.complete);
    EXPECT_EQ(report.num_failed, 1u);
    EXPECT_THAT(campaign.rows().front().reason, HasSubstr("ended with exit code " + std::string(code)));
  }
}

TEST_F(ConfigurationFailureTest, ToFindAFileIsARowOfAWorkloadThatIsAFunction) {
  options.random_order = false;
  const Workload good = simulated.resnet50();
  run([&](const ConfigurationTexts& configuration) -> Answer {
    if (text_of(configuration, "num_cores") == "1") throw Error(ErrorCode::kNotFound, "no weights for one core");
    return good(configuration);
  });
  for (const CampaignRow& row : rows()) EXPECT_EQ(row.ok, row.inputs[0] != 1) << row.reason;
}

TEST_F(ConfigurationFailureTest, ByCancellingEndsTheCampaign) {
  const auto before = knobs_of(simulated.board.root());
  EXPECT_PM_ERROR(run(failing([]() -> Answer { throw Error(ErrorCode::kCancelled, "enough"); })), ErrorCode::kCancelled,
                  "enough");
  EXPECT_EQ(knobs_of(simulated.board.root()), before);
  for (const CampaignRow& row : rows()) EXPECT_TRUE(row.ok);
}

TEST_F(ConfigurationFailureTest, ToMatchTheStoreIsToldAtOnce) {
  CampaignStore store = open();
  ++options.seed;
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kMismatch,
                  "order is 'random, seed 0' there, 'random, seed 1' was given");
  --options.seed;
  configurations.pop_back();
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kMismatch, "configurations is '12, crc32c");
  configurations = all_of(space);
  options.repeats = 9;
  EXPECT_PM_ERROR(run(store, simulated.resnet50()), ErrorCode::kMismatch, "protocol");
  EXPECT_EQ(simulated.num_runs, 0);
}

TEST_F(ConfigurationFailureTest, OfAConfigurationThatTheSpaceDoesNotAllowIsToldAtOnce) {
  space = ConfigSpace(small_space().options(), {"num_cores > 1"});
  EXPECT_PM_ERROR(run(), ErrorCode::kInvalidArgument, "the space's constraints do not allow configuration 0");
}

}  // namespace
}  // namespace perfmodel
