#include "measure/configuration_schema.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "expect_error.h"
#include "measure/simulated_campaign.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

class ConfigurationSchemaTest : public ::testing::Test, protected ConfigurationCampaignFixture {
 protected:
  CampaignSchema schema(std::map<std::string, std::string> identity = {}) {
    return configuration_campaign_schema(space, configurations, simulated.driver, simulated.meters, options, identity);
  }
};

TEST_F(ConfigurationSchemaTest, NamesItsColumns) {
  options.objectives = {"latency_ms", "accuracy"};
  simulated.meters.erase(simulated.meters.begin() + 1, simulated.meters.end());
  const std::string meter = simulated.meters.front()->info().name;
  const CampaignSchema made = schema();
  EXPECT_EQ(made.purpose, "configurations");
  EXPECT_THAT(made.input_columns, ElementsAre("num_cores", "gpu_freq_hz", "batch_size"));
  EXPECT_THAT(
      made.output_columns,
      ElementsAre("latency_ms", "latency_ms_spread", "accuracy", "accuracy_spread", "read_back_num_cores",
                  "effective_num_cores", "lowest_effective_num_cores", "read_back_gpu_freq_hz", "effective_gpu_freq_hz",
                  "lowest_effective_gpu_freq_hz", "num_calls", "num_runs", "window_begin_unix_s", "window_s",
                  "window_told", meter + "_joules_per_run", meter + "_error_joules_per_run", meter + "_num_updates",
                  meter + "_watts", meter + "_idle_watts", "temperature_before_celsius", "temperature_celsius",
                  "num_throttled", "throttled_fraction", "num_missed_knobs"));
}

TEST_F(ConfigurationSchemaTest, IdentifiesTheCampaign) {
  const CampaignSchema made = schema({{"workload", "resnet50"}});
  EXPECT_EQ(made.identity.at("workload"), "resnet50");
  EXPECT_EQ(made.identity.at("board"), "simulated_jetson (simulated)");
  EXPECT_EQ(made.identity.at("order"), "random, seed 0");
  const std::string space_text = made.identity.at("config_space");
  EXPECT_EQ(space_text.find('\n'), std::string::npos);
  EXPECT_EQ(ConfigSpace::from_json(space_text).to_json(), space.to_json());  // all defaults are the usual ones
  EXPECT_THAT(made.identity.at("configurations"), StartsWith("12, crc32c "));
  std::swap(configurations[0], configurations[1]);
  EXPECT_NE(schema().identity.at("configurations"), made.identity.at("configurations"));
  EXPECT_PM_ERROR(schema({{"order", "mine"}}), ErrorCode::kInvalidArgument, "'order' of the identity is taken");
}

TEST_F(ConfigurationSchemaTest, IsTheSameWhateverIsSetNow) {
  const std::vector<std::string> knobs = simulated.driver.board().knob_names();
  space = simulated.driver.space(knobs);
  configurations = {space.default_configuration()};
  CampaignStore::open(path, schema());
  simulated.driver.set({{"num_cores", 2}, {"gpu_freq_hz", 522750e3}});
  space = simulated.driver.space(knobs);
  EXPECT_NE(configurations.front(), space.default_configuration());
  EXPECT_NO_THROW(CampaignStore::open(path, schema()));
  simulated.driver.restore();
}

TEST_F(ConfigurationSchemaTest, NamesTheOptionThatDiffers) {
  const auto open_with = [&](const Option& option) {
    space = ConfigSpace({Option::integer("num_cores", 1, 4), option, Option::ordinal("batch_size", {1, 2, 4, 8})});
    configurations = {{0, 0, 0}};
    CampaignStore::open(path, schema());
  };
  open_with(Option::ordinal("gpu_freq_hz", {522750e3, 1236750e3}));
  EXPECT_PM_ERROR(open_with(Option::ordinal("gpu_freq_hz", {522750e3, 930750e3})), ErrorCode::kMismatch,
                  "identity 'config_space' is {\"name\":\"gpu_freq_hz\",\"kind\":\"ordinal\",\"levels\":[522750000,"
                  "1236750000]} there and {\"name\":\"gpu_freq_hz\",\"kind\":\"ordinal\",\"levels\":[522750000,"
                  "930750000]} here");
}

TEST(BoardText, SaysWhatIsNotReal) {
  EXPECT_EQ(board_text(built_in_board("jetson_tx2")), "jetson_tx2 (untested on hardware)");
  EXPECT_EQ(board_text(built_in_board("process")), "process");
}

TEST(ConfigurationRecord, HasANumberForEachColumn) {
  ConfigurationRecord record;
  record.objectives = {{1, 2}, {3, 4}};
  record.knobs = {{5, 6, 7}};
  record.num_calls = 8;
  record.num_runs = 9;
  record.window_begin_unix_s = 10;
  record.window_s = 11;
  record.window_told = 12;
  record.energies = {{13, 14, 15, 16, 17}};
  record.temperature_before_celsius = 18;
  record.temperature_celsius = 19;
  record.num_throttled = 20;
  record.throttled_fraction = 21;
  record.num_missed_knobs = 22;
  const std::vector<double> values = output_values(record);
  const std::vector<std::string> columns = output_columns({{"a", "b"}, {"k"}, {"m"}});
  ASSERT_EQ(values.size(), columns.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(values[i], i + 1) << columns[i];
}

TEST(MeasuringOrder, IsAPermutationThatItsSeedTells) {
  ConfigurationCampaignOptions options;
  options.seed = 7;
  std::vector<std::size_t> order = measuring_order(1000, options);
  EXPECT_EQ(measuring_order(1000, options), order);
  options.seed = 8;
  EXPECT_NE(measuring_order(1000, options), order);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  options.random_order = false;
  EXPECT_EQ(measuring_order(1000, options), order);
  EXPECT_EQ(order.front(), 0u);
  EXPECT_EQ(order.back(), 999u);
  EXPECT_EQ(std::adjacent_find(order.begin(), order.end()), order.end());
}

TEST(ConfigurationCampaignOptions, OutOfRangeAreRefused) {
  const auto refused = [](auto change, const char* says) {
    ConfigurationCampaignOptions options;
    change(options);
    EXPECT_PM_ERROR(check_campaign_options(options, 1, true), ErrorCode::kInvalidArgument, says);
  };
  refused([](auto& options) { options.objectives = {}; }, "objectives are ()");
  refused([](auto& options) { options.objectives = {"a", "a"}; }, "objectives are (a, a)");
  refused([](auto& options) { options.objectives = {""}; }, "objectives are ()");
  refused(
      [](auto& options) {
        options.objectives = {"a", "window_end_s"};
      },
      "'window_end_s' is no objective, a workload tells by it when its runs were");
  refused([](auto& options) { options.warmup_runs = -1; }, "warmup_runs is -1, allowed is >= 0");
  refused([](auto& options) { options.repeats = 0; }, "repeats is 0, allowed is >= 1");
  refused([](auto& options) { options.repeat_fraction = 1.5; }, "repeat_fraction is 1.5, allowed is 0 .. 1");
  refused([](auto& options) { options.cool_to_celsius = -1; }, "cool_to_celsius is -1");
  refused([](auto& options) { options.max_cool_s = -1; }, "max_cool_s is -1");
  refused([](auto& options) { options.idle_seconds = -1; }, "idle_seconds is -1");
  refused([](auto& options) { options.min_energy_updates = -1; }, "min_energy_updates is -1");
  refused([](auto& options) { options.max_window_s = -1; }, "max_window_s is -1");
  refused([](auto& options) { options.max_seconds = -1; }, "max_seconds is -1");
  EXPECT_PM_ERROR(check_campaign_options({}, 0, true), ErrorCode::kInvalidArgument, "there are no configurations");
  ConfigurationCampaignOptions options;
  options.cool_to_celsius = 50;
  EXPECT_PM_ERROR(check_campaign_options(options, 1, false), ErrorCode::kInvalidArgument, "there are no thermometers");
}

}  // namespace
}  // namespace perfmodel
