#include "perfmodel/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

Dataset two_features() {
  Dataset data({"batch", "size"}, "time_ms");
  data.add_row(std::vector<double>{1, 8}, 0.5);
  data.add_row(std::vector<double>{2, 8}, 0.7);
  data.add_row(std::vector<double>{4, 16}, 3);
  return data;
}

TEST(Dataset, KeepsItsRows) {
  const Dataset data = two_features();
  EXPECT_EQ(data.num_rows(), 3u);
  EXPECT_EQ(data.num_features(), 2u);
  EXPECT_EQ(data.target_name(), "time_ms");
  EXPECT_EQ(data.features()(2, 1), 16);
  EXPECT_EQ(data.targets()[1], 0.7);
  EXPECT_TRUE(Dataset({"a"}, "b").empty());
}

TEST(Dataset, RefusesBadNames) {
  EXPECT_PM_ERROR(Dataset({}, "y"), ErrorCode::kInvalidArgument, "at least one feature");
  EXPECT_PM_ERROR(Dataset({"a", ""}, "y"), ErrorCode::kInvalidArgument, "without a name");
  EXPECT_PM_ERROR(Dataset({"a"}, ""), ErrorCode::kInvalidArgument, "without a name");
  EXPECT_PM_ERROR(Dataset({"a", "b", "a"}, "y"), ErrorCode::kInvalidArgument, "'a' is twice");
  EXPECT_PM_ERROR(Dataset({"a", "y"}, "y"), ErrorCode::kInvalidArgument, "'y' is twice");
}

TEST(Dataset, RefusesBadRowsAndStaysAsItWas) {
  Dataset data = two_features();
  const std::uint64_t before = data.hash();
  EXPECT_PM_ERROR(data.add_row(std::vector<double>{1}, 1), ErrorCode::kMismatch,
                  "row 3 has 1 features, the data set 2");
  EXPECT_PM_ERROR(data.add_row(std::vector<double>{1, std::nan("")}, 1), ErrorCode::kInvalidArgument,
                  "row 3: feature 'size' is nan, not finite");
  EXPECT_PM_ERROR(data.add_row(std::vector<double>{1, 2}, std::numeric_limits<double>::infinity()),
                  ErrorCode::kInvalidArgument, "row 3: target 'time_ms' is inf, not finite");
  EXPECT_EQ(data.num_rows(), 3u);
  EXPECT_EQ(data.hash(), before);
}

TEST(Dataset, ComesFromATable) {
  const CsvTable table = parse_csv("size,time_ms,batch\n8,0.5,1\n8,0.7,2\n16,3,4\n", "t.csv");
  EXPECT_EQ(Dataset::from_csv(table, "time_ms", {"batch", "size"}).hash(), two_features().hash());
  const Dataset all = Dataset::from_csv(table, "time_ms");
  EXPECT_EQ(all.feature_names(), (std::vector<std::string>{"size", "batch"}));
  EXPECT_EQ(all.features()(2, 1), 4);
}

TEST(Dataset, MayBeEmptyOrConstant) {
  EXPECT_TRUE(Dataset::from_csv(parse_csv("a,b\n"), "b").empty());
  EXPECT_EQ(Dataset::from_csv(parse_csv("a,b\n1,2\n1,3\n"), "b").num_rows(), 2u);
}

TEST(Dataset, SaysWhatIsWrongInATable) {
  const CsvTable table = parse_csv("a,b,note\n1,2,x\n3,,\n4,nan,\n", "t.csv");
  EXPECT_PM_ERROR(Dataset::from_csv(table, "time_ms"), ErrorCode::kNotFound,
                  "t.csv: no column 'time_ms' (there are: a, b, note)");
  EXPECT_PM_ERROR(Dataset::from_csv(table, "a", {"c"}), ErrorCode::kNotFound, "t.csv: no column 'c'");
  EXPECT_PM_ERROR(Dataset::from_csv(table, "a"), ErrorCode::kParse, "t.csv:2: column 'note': 'x' is not a number");
  EXPECT_PM_ERROR(Dataset::from_csv(table, "b", {"a"}), ErrorCode::kParse, "t.csv:3: column 'b': '' is empty");
  EXPECT_PM_ERROR(Dataset::from_csv(parse_csv("a,b\n1,nan\n", "t.csv"), "b"), ErrorCode::kParse,
                  "t.csv:2: column 'b': 'nan' is not a finite number");
  EXPECT_PM_ERROR(Dataset::from_csv(table, "a", {"a"}), ErrorCode::kInvalidArgument, "'a' is twice");
}

TEST(Dataset, SubsetsInAnyOrder) {
  const Dataset part = two_features().subset(std::vector<std::size_t>{2, 0, 2});
  ASSERT_EQ(part.num_rows(), 3u);
  EXPECT_EQ(part.features()(0, 1), 16);
  EXPECT_EQ(part.features()(1, 0), 1);
  EXPECT_EQ(part.targets()[2], 3);
  EXPECT_EQ(part.feature_names(), two_features().feature_names());
  EXPECT_TRUE(two_features().subset({}).empty());
}

// FNV-1a of the bytes "a\0b\0" then the doubles 1 and 2, computed in Python:
//   h = 0xcbf29ce484222325
//   for byte in b"a\0b\0" + struct.pack("<2d", 1, 2): h = (h ^ byte) * 0x100000001b3 % 2**64
TEST(Dataset, HashIsFnv1a) {
  Dataset data({"a"}, "b");
  data.add_row(std::vector<double>{1}, 2);
  EXPECT_EQ(data.hash(), 0xb414316167dfd107);
}

TEST(Dataset, HashTellsNamesAndValuesApart) {
  Dataset other({"batch", "size"}, "time_s");
  for (std::size_t i = 0; i < 3; ++i) other.add_row(two_features().features().row(i), two_features().targets()[i]);
  EXPECT_NE(other.hash(), two_features().hash());
  EXPECT_NE(two_features().subset(std::vector<std::size_t>{0, 2, 1}).hash(), two_features().hash());
  EXPECT_NE(Dataset({"ab"}, "c").hash(), Dataset({"a"}, "bc").hash());
}

TEST(RandomSplit, TakesEachRowOnce) {
  const Split split = random_split(10, 0.25, 1);
  EXPECT_EQ(split.second.size(), 3u);  // 2.5 rounds away from zero
  std::vector<std::size_t> all = split.first;
  all.insert(all.end(), split.second.begin(), split.second.end());
  EXPECT_TRUE(std::is_sorted(split.first.begin(), split.first.end()));
  EXPECT_TRUE(std::is_sorted(split.second.begin(), split.second.end()));
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(RandomSplit, FollowsTheSeed) {
  EXPECT_EQ(random_split(1000, 0.2, 1).second, random_split(1000, 0.2, 1).second);
  EXPECT_NE(random_split(1000, 0.2, 1).second, random_split(1000, 0.2, 2).second);
}

TEST(RandomSplit, TakesTheEdges) {
  EXPECT_TRUE(random_split(5, 0, 1).second.empty());
  EXPECT_TRUE(random_split(5, 1, 1).first.empty());
  EXPECT_TRUE(random_split(0, 0.5, 1).first.empty());
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    EXPECT_PM_ERROR(random_split(5, bad, 1), ErrorCode::kInvalidArgument, "of the rows (allowed: 0 to 1)");
  }
}

}  // namespace
}  // namespace perfmodel
