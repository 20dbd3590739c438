#include <gmock/gmock.h>

#include <filesystem>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ConfigurationDryRunTest : public ::testing::Test, protected ConfigurationCampaignFixture {
 protected:
  ConfigurationDryRunTest() { options.dry_run = true; }
};

TEST_F(ConfigurationDryRunTest, SetsAndRunsAndKeepsNothing) {
  CampaignStore store = open();
  const auto before = contents_of(simulated.board.root());
  const CampaignReport report = run(store, simulated.resnet50());
  EXPECT_EQ(contents_of(simulated.board.root()), before);
  EXPECT_TRUE(store.all_rows().empty());
  EXPECT_EQ(simulated.num_runs, 0);
  EXPECT_EQ(simulated.board.clock()->now_s(), 0);
  EXPECT_EQ(report.num_measured, 0u);
  EXPECT_EQ(report.num_failed, 0u);
  EXPECT_FALSE(report.complete);
  EXPECT_TRUE(warnings.empty());
}

TEST_F(ConfigurationDryRunTest, SaysWhatWouldBeDone) {
  space = ConfigSpace({Option::ordinal("gpu_freq_hz", {522750e3}), Option::ordinal("batch_size", {1, 4}),
                       Option::categorical("network", {"vgg16", "resnet50"})});
  configurations = all_of(space);
  options.idle_seconds = 2;
  run();
  EXPECT_THAT(infos,
              Contains(HasSubstr("4 configurations on simulated_jetson (simulated), order random, seed 0, warm-up "
                                 "runs 1, repeats 3, 5 updates of meters or 60 s, idle 2 s")));
  EXPECT_THAT(infos, Contains("dry run: set on hardware: gpu_freq_hz"));
  EXPECT_THAT(infos, Contains("dry run: handed to the workload: batch_size"));
  EXPECT_THAT(infos, Contains("dry run: no knobs here, for the workload alone: network"));
  EXPECT_THAT(infos, Contains(HasSubstr("measured: latency_ms; energy by input")));
}

TEST_F(ConfigurationDryRunTest, NamesEachConfigurationThatCannotBeMeasured) {
  space = ConfigSpace({Option::integer("num_cores", 1, 3), Option::ordinal("gpu_freq_hz", {123456, 522750e3})},
                      {"num_cores < 3"});
  configurations = {{0, 0}, {0, 1}, {2, 1}};
  EXPECT_EQ(run().num_failed, 2u);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("configuration 0 (num_cores=1 gpu_freq_hz=123456): "),
                                    HasSubstr("configuration 2 (num_cores=3 gpu_freq_hz=522750000): the space's "
                                              "constraints do not allow it")));
}

TEST_F(ConfigurationDryRunTest, NamesKnobsThatCannotBeSet) {
  std::filesystem::remove_all(simulated.board.root() + "/sys/devices/gpu.0");
  const std::vector<RefusedConfiguration> refused = check_configurations(space, configurations, simulated.driver);
  ASSERT_EQ(refused.size(), 12u);
  EXPECT_EQ(refused[5].index, 5u);
  EXPECT_THAT(refused[5].reason, HasSubstr("knob 'gpu_freq_hz' cannot be set: "));
}

TEST_F(ConfigurationDryRunTest, NeedsNoStore) {
  const CampaignReport report = dry_run_configuration_campaign(space, configurations, simulated.driver,
                                                               simulated.meters, &simulated.thermal, options);
  EXPECT_EQ(report.num_failed, 0u);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ConfigurationDryRunTest, RefusesConfigurationsOfAnotherSpace) {
  EXPECT_THAT(check_configurations(space, {{0, 0}}, simulated.driver).front().reason, HasSubstr("3"));
  EXPECT_EQ(check_configurations(space, {{0, 9, 0}}, simulated.driver).size(), 1u);
}

}  // namespace
}  // namespace perfmodel
