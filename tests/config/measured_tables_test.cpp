#include <cstdlib>
#include <set>
#include <string>

#include "expect_error.h"
#include "perfmodel/config/table.h"

namespace perfmodel {
namespace {

/// Tables measured on Jetson boards, in the folder PERFMODEL_DATA_DIR; the tests skip themselves where it is unset. The
/// counts are those of the description that comes with the tables.
class MeasuredTables : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PERFMODEL_DATA_DIR");
    if (folder != nullptr && *folder != '\0') {
      folder_ = std::string(folder) + "/";
      return;
    }
    const char* required = std::getenv("PERFMODEL_REQUIRE_DATA");
    const bool is_required = required != nullptr && std::string(required) == "1";
    ASSERT_FALSE(is_required) << "PERFMODEL_REQUIRE_DATA is 1, but PERFMODEL_DATA_DIR is unset";
    GTEST_SKIP() << "PERFMODEL_DATA_DIR is unset: no measured tables";
  }

  CsvTable table(const std::string& name) const { return read_csv(folder_ + name); }

 private:
  std::string folder_;
};

/// All columns but the two last, which are the objectives.
ConfigSpace space_of(const CsvTable& table) {
  return ConfigSpace::from_table(table, {table.columns.begin(), table.columns.end() - 2});
}

TEST_F(MeasuredTables, TheFullGridIsWhatTheCoreConstraintsLeave) {
  const CsvTable measured = table("opml19_tx2/tx2_xception_400.csv");
  const ConfigSpace free = space_of(measured);
  EXPECT_EQ(free.num_options(), 9u);
  EXPECT_EQ(free.num_points(), 8u * 12 * 4 * 4);
  EXPECT_EQ(free.options()[0].num_levels(), 1u);  // core 0 is always on
  const ConfigSpace space(free.options(), {"core1_status >= core2_status", "core2_status >= core3_status"});
  EXPECT_EQ(space.num_feasible(), 768u);
  const std::vector<Configuration> rows = configurations_of(space, measured);
  EXPECT_EQ(std::set<Configuration>(rows.begin(), rows.end()).size(), 768u);
}

TEST_F(MeasuredTables, RepeatedMeasurementsAreToldOrKept) {
  const CsvTable measured = table("jetson_knobs/tx1_image5000.csv");
  const ConfigSpace space = space_of(measured);
  EXPECT_EQ(space.num_options(), 13u);
  EXPECT_PM_ERROR(configurations_of(space, measured), ErrorCode::kInvalidArgument, "the same configuration as ");
  const std::vector<Configuration> rows = configurations_of(space, measured, RepeatedRows::kKeep);
  EXPECT_EQ(rows.size(), 1604u);
  EXPECT_EQ(std::set<Configuration>(rows.begin(), rows.end()).size(), 1604u - 3);
}

}  // namespace
}  // namespace perfmodel
