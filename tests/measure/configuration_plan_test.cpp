#include "measure/configuration_plan.h"

#include <gmock/gmock.h>

#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

/// A driver of process knobs alone, which a folder without any file will do for.
class ConfigurationPlanTest : public ::testing::Test {
 protected:
  KnobDriver driver() const {
    KnobDriverOptions options;
    options.root = folder_.path().string();
    return KnobDriver(built_in_board("process"), options);
  }
  TemporaryFolder folder_;
};

TEST_F(ConfigurationPlanTest, TellsKnobsFromOptionsOfTheWorkload) {
  const ConfigSpace space({Option::categorical("network", {"a", "b"}), Option::ordinal("batch_size", {1, 2})});
  const ConfigurationPlan plan(space, driver());
  EXPECT_TRUE(plan.hardware_knobs().empty());
  EXPECT_THAT(plan.handed_knobs(), ElementsAre("batch_size"));
  const std::vector<KnobValue> values = plan.knob_values({1, 1});
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].name, "batch_size");
  EXPECT_EQ(values[0].value, 2);
  EXPECT_EQ(plan.texts({1, 1}),
            (std::vector<std::pair<std::string, std::string>>{{"network", "b"}, {"batch_size", "2"}}));
}

TEST_F(ConfigurationPlanTest, FindsLabelsInTheKnobsOwnOrder) {
  // The board has them as contiguous, channels_last.
  const ConfigSpace space({Option::categorical("memory_format", {"channels_last", "contiguous", "blocked"})});
  const ConfigurationPlan plan(space, driver());
  EXPECT_EQ(plan.knob_values({0}).front().value, 1);
  EXPECT_EQ(plan.knob_values({1}).front().value, 0);
  EXPECT_PM_ERROR(plan.knob_values({2}), ErrorCode::kInvalidArgument, "blocked");
  EXPECT_TRUE(plan.objections({0}).empty());
  EXPECT_EQ(plan.objections({2}).size(), 1u);
}

TEST_F(ConfigurationPlanTest, RefusesLabelsForNumbersAndNumbersForLabels) {
  const ConfigSpace labels({Option::categorical("batch_size", {"small", "large"})});
  EXPECT_PM_ERROR(ConfigurationPlan(labels, driver()), ErrorCode::kInvalidArgument,
                  "option 'batch_size' is categorical, the knob of that name is ordinal");
  const ConfigSpace numbers({Option::boolean("memory_format")});
  EXPECT_PM_ERROR(ConfigurationPlan(numbers, driver()), ErrorCode::kInvalidArgument, "is boolean");
}

}  // namespace
}  // namespace perfmodel
