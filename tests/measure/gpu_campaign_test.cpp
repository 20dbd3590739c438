// A campaign over the clock of a GPU, through the library that stands in for NVIDIA's.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "expect_error.h"
#include "knob/knob_machine.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

class GpuCampaign : public ::testing::Test, protected ConfigurationCampaignFixture {
 protected:
  GpuCampaign() {
    // A CPU that was never slowed down.
    const std::filesystem::path counters = root_ / "sys/devices/system/cpu/cpu0/thermal_throttle";
    std::filesystem::create_directories(counters);
    std::ofstream(counters / "core_throttle_count") << "0\n";
    options.objectives = {"latency_ms"};
    configurations = all_of(space_);
  }
  ~GpuCampaign() override {
    ::unsetenv("FAKE_NVML_CAP_MHZ");
    ::unsetenv("FAKE_NVML_REASONS");
  }

  KnobDriver driver(bool accept_pinned) {
    KnobDriverOptions driver_options;
    driver_options.root = root_.string();
    driver_options.clock = simulated.board.clock();
    driver_options.nvml_library = FAKE_NVML;
    driver_options.accept_pinned = accept_pinned;
    KnobMachine machine = knob_machine(driver_options);
    machine.is_privileged = true;
    return make_knob_driver(board_, driver_options, machine);
  }
  CampaignReport run_on(KnobDriver& driver) {
    CampaignStore store =
        CampaignStore::open(path, configuration_campaign_schema(space_, configurations, driver, none_, options));
    const ThermalSensors thermal(board_, root_.string(), FAKE_NVML);
    const Workload workload = [this](const ConfigurationTexts&) -> std::map<std::string, double> {
      simulated.board.clock()->sleep_s(0.1);
      return {{"latency_ms", 100}};
    };
    return run_configuration_campaign(store, space_, configurations, driver, none_, &thermal, workload, options);
  }

  const std::filesystem::path root_ = folder.path() / "machine";
  const Board board_ = built_in_board("nvidia");
  const ConfigSpace space_{{Option::ordinal("gpu_freq_hz", {1980e6})}};
  const std::vector<std::unique_ptr<PowerMeter>> none_;
};

TEST_F(GpuCampaign, RunsAtTheClockThatIsSet) {
  KnobDriver gpu = driver(true);
  EXPECT_EQ(run_on(gpu).num_failed, 0u);
  const CampaignRow row = rows().front();
  EXPECT_EQ(output(row, "effective_gpu_freq_hz"), 1980e6);
  EXPECT_EQ(output(row, "throttled_fraction"), 0);
  EXPECT_EQ(output(row, "num_missed_knobs"), 0);
  EXPECT_EQ(output(row, "num_throttled"), 0);  // of the CPU
  EXPECT_TRUE(warnings.empty());
}

TEST_F(GpuCampaign, MarksTheRowOfAClockThatIsCapped) {
  ::setenv("FAKE_NVML_CAP_MHZ", "1410", 1);
  ::setenv("FAKE_NVML_REASONS", "0x4", 1);
  KnobDriver gpu = driver(true);
  EXPECT_EQ(run_on(gpu).num_failed, 0u);  // that is how long it takes with this setting
  const CampaignRow row = rows().front();
  EXPECT_EQ(row.inputs, (std::vector<double>{1980e6}));
  EXPECT_EQ(output(row, "effective_gpu_freq_hz"), 1410e6);
  EXPECT_EQ(output(row, "throttled_fraction"), 1);
  EXPECT_EQ(output(row, "num_missed_knobs"), 1);
  EXPECT_THAT(warnings, ElementsAre("knob 'gpu_freq_hz' was set to 1980000000 and ran at 1410000000"));
}

TEST_F(GpuCampaign, BeginsNotWhereClocksMayBeLockedAlready) {
  KnobDriver gpu = driver(false);
  EXPECT_PM_ERROR(run_on(gpu), ErrorCode::kMismatch,
                  "knob 'gpu_freq_hz' cannot be set: NVML does not tell whether this clock is locked already");
  EXPECT_TRUE(rows().empty());
}

}  // namespace
}  // namespace perfmodel
