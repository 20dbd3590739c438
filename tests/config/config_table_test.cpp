#include "expect_error.h"
#include "perfmodel/config/table.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr const char* kTable =
    "core1_status,core_freq_khz,gpu_status,layout,time_s\n"
    "0,1113600,1,nhwc,1.5\n"
    "1, 345600,1,nchw,2.5\n"
    "1,1113600.0,1,nchw,3.5\n";
const std::vector<std::string> kColumns = {"core1_status", "core_freq_khz", "gpu_status", "layout"};

TEST(ConfigTable, ColumnsBecomeOptions) {
  const ConfigSpace space = ConfigSpace::from_table(parse_csv(kTable), kColumns);
  ASSERT_EQ(space.num_options(), 4u);
  EXPECT_EQ(space.options()[0].kind(), OptionKind::kBoolean);
  const Option& freq = space.options()[1];
  EXPECT_EQ(freq.kind(), OptionKind::kOrdinal);
  EXPECT_EQ(freq.unit(), "khz");
  EXPECT_EQ(freq.num_levels(), 2u);  // 1113600 and 1113600.0 are one
  EXPECT_EQ(freq.value(0), 345600);
  EXPECT_EQ(freq.default_level(), 1u);
  EXPECT_EQ(space.options()[2].kind(), OptionKind::kOrdinal);
  EXPECT_EQ(space.options()[2].num_levels(), 1u);
  const Option& layout = space.options()[3];
  EXPECT_EQ(layout.kind(), OptionKind::kCategorical);
  EXPECT_EQ(layout.text(0), "nchw");
  EXPECT_EQ(layout.default_level(), 0u);
}

TEST(ConfigTable, RowsBecomeConfigurations) {
  const CsvTable table = parse_csv(kTable);
  const ConfigSpace space = ConfigSpace::from_table(table, kColumns);
  EXPECT_THAT(configurations_of(space, table),
              ElementsAre(Configuration{0, 1, 0, 1}, Configuration{1, 0, 0, 0}, Configuration{1, 1, 0, 0}));
}

TEST(ConfigTable, SaysWhatIsNoOption) {
  const auto from = [](const std::string& text, const std::vector<std::string>& columns) {
    return ConfigSpace::from_table(parse_csv(text, "t.csv"), columns);
  };
  EXPECT_PM_ERROR(from(kTable, {}), ErrorCode::kInvalidArgument, "t.csv: no columns for options");
  EXPECT_PM_ERROR(from("a,b\n", {"a"}), ErrorCode::kInvalidArgument, "t.csv: no rows");
  EXPECT_PM_ERROR(from(kTable, {"gpu"}), ErrorCode::kNotFound, "t.csv: no column 'gpu' (there are: core1_status,");
  EXPECT_PM_ERROR(from("a,b\n1,2\n,2\n", {"a"}), ErrorCode::kParse, "t.csv:3: column 'a' is empty");
  EXPECT_PM_ERROR(from("a,b\n1,2\nx,2\n ,2\n", {"a"}), ErrorCode::kParse, "t.csv:4: column 'a' is empty");
  EXPECT_PM_ERROR(from("a\n1\nnan\n", {"a"}), ErrorCode::kParse, "t.csv:3: column 'a' is NaN");
  EXPECT_PM_ERROR(from("a\nx\nNaN\n", {"a"}), ErrorCode::kParse, "t.csv:3: column 'a' is NaN");
  EXPECT_PM_ERROR(from("a\n1\ninf\n", {"a"}), ErrorCode::kParse, "t.csv:3: column 'a': 'inf' is not a finite number");
  EXPECT_PM_ERROR(from("a\n1\n1e999\n", {"a"}), ErrorCode::kParse, "t.csv:3: column 'a': '1e999' is outside the range");
  EXPECT_PM_ERROR(from("a\n1\n", {"a", "a"}), ErrorCode::kInvalidArgument, "option 'a' appears twice");
}

TEST(ConfigTable, SaysWhichRowIsNoConfiguration) {
  const auto kBad = ErrorCode::kInvalidArgument;
  const ConfigSpace space({Option::ordinal("a", {1, 2}), Option::categorical("b", {"x", "y"})}, {"a == 1 or b == 'x'"});
  const auto rows = [&](const std::string& text) { return configurations_of(space, parse_csv(text, "t.csv")); };
  EXPECT_PM_ERROR(rows("a,c\n1,x\n"), ErrorCode::kNotFound, "t.csv: no column 'b'");
  EXPECT_PM_ERROR(rows("a,b\n1,x\n3,x\n"), kBad, "t.csv:3: option 'a': '3' is not an allowed level (1, 2)");
  EXPECT_PM_ERROR(rows("a,b\n1,z\n"), kBad, "t.csv:2: option 'b': 'z' is not an allowed level ('x', 'y')");
  EXPECT_PM_ERROR(rows("a,b\n,x\n"), kBad, "t.csv:2: option 'a': '' is not an allowed level");
  EXPECT_PM_ERROR(rows("a,b\n2,y\n"), kBad, "t.csv:2: the configuration breaks the constraint 'a == 1 or b == 'x''");
  EXPECT_PM_ERROR(rows("a,b\n1,x\n2,x\n1.0,x\n"), kBad, "t.csv:4: the same configuration as t.csv:2");
  EXPECT_THAT(rows("a,b\n"), ElementsAre());
}

TEST(ConfigTable, KeepsRepeatedRowsOnRequest) {
  const ConfigSpace space({Option::ordinal("a", {1, 2})});
  EXPECT_THAT(configurations_of(space, parse_csv("a\n2\n1\n2\n"), RepeatedRows::kKeep),
              ElementsAre(Configuration{1}, Configuration{0}, Configuration{1}));
}

TEST(ConfigTable, NamesRowsOfTablesMadeInMemory) {
  CsvTable table;
  table.name = "memory";
  table.columns = {"a"};
  table.rows = {{"1"}, {"1"}};
  const ConfigSpace space({Option::ordinal("a", {1})});
  EXPECT_PM_ERROR(configurations_of(space, table), ErrorCode::kInvalidArgument,
                  "memory: row 1: the same configuration as memory: row 0");
}

}  // namespace
}  // namespace perfmodel
