#include <gtest/gtest.h>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using Answer = std::map<std::string, double>;

constexpr double kPatience_s = 20;

Workload of(const std::string& command) {
  return command_workload({command, kPatience_s}, built_in_board("process"));
}

TEST(CommandWorkload, GivesAProgramWhatHandedKnobsAskFor) {
  const Workload workload =
      of("f() { echo cpus=$(env -u OMP_NUM_THREADS nproc) nice=$(nice) threads=$OMP_NUM_THREADS count=$#; }; f");
  EXPECT_EQ(workload({{"num_threads", "3"}, {"cpu_affinity", "1"}, {"nice", "7"}, {"batch_size", "4"}}),
            (Answer{{"cpus", 1}, {"nice", 7}, {"threads", 3}, {"count", 4}}));
}

TEST(CommandWorkload, OfAnotherBoardIsGivenTheValuesAlone) {
  const Workload workload = command_workload({"f() { echo nice=$(nice) same=$([ $1 = nice=7 ] && echo 1); }; f", 20},
                                             built_in_board("simulated_jetson"));
  EXPECT_EQ(workload({{"nice", "7"}}).at("same"), 1);
  EXPECT_NE(workload({{"nice", "7"}}).at("nice"), 7);
}

TEST(CommandWorkload, RefusesWhatIsNoNumberOfCpus) {
  EXPECT_PM_ERROR(of("echo 1; true")({{"cpu_affinity", "all"}}), ErrorCode::kParse,
                  "option 'cpu_affinity': 'all' is no whole number");
}

TEST(CommandWorkload, RefusesABadCommandAtOnce) {
  EXPECT_PM_ERROR(of(""), ErrorCode::kInvalidArgument, "empty");
}

TEST(CommandWorkload, IsKilledWhenCancelled) {
  const Workload workload =
      command_workload({"sleep 1000; true", 1000}, built_in_board("process"), [] { return true; });
  EXPECT_PM_ERROR(workload({}), ErrorCode::kCancelled, "cancelled");
}

TEST(CommandWorkload, MakesACampaignThatTouchesNoHardware) {
  const TemporaryFolder folder;
  KnobDriverOptions driver_options;
  driver_options.root = folder.file("empty");
  KnobDriver driver(built_in_board("process"), driver_options);
  const ConfigSpace space(
      {Option::ordinal("cpu_affinity", {1}), Option::ordinal("nice", {5, 9}), Option::ordinal("num_threads", {1})});
  const std::vector<Configuration> configurations = all_of(space);
  ConfigurationCampaignOptions options;
  options.objectives = {"nice_value", "cpus"};
  options.warmup_runs = 0;
  options.repeats = 2;
  const std::vector<std::unique_ptr<PowerMeter>> none;
  const CampaignSchema schema = configuration_campaign_schema(space, configurations, driver, none, options);
  CampaignStore store = CampaignStore::open(folder.file("campaign.sqlite"), schema);
  const Workload workload = of("f() { echo nice_value=$(nice) cpus=$(env -u OMP_NUM_THREADS nproc); }; f");
  EXPECT_TRUE(
      run_configuration_campaign(store, space, configurations, driver, none, nullptr, workload, options).complete);
  ASSERT_EQ(store.rows().size(), 2u);
  for (const CampaignRow& row : store.rows()) {
    ASSERT_TRUE(row.ok) << row.reason;
    EXPECT_EQ(row.outputs[0], row.inputs[1]);
    EXPECT_EQ(row.outputs[2], 1);
  }
  EXPECT_TRUE(contents_of(folder.path().string()).count("empty") == 0);
}

}  // namespace
}  // namespace perfmodel
