#include "sysfs/path_pattern.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using Paths = std::vector<std::string>;

class MatchPaths : public ::testing::Test {
 protected:
  MatchPaths() {
    for (const char* path : {"cpu/cpu10/online", "cpu/cpu2/online", "cpu/cpu0/other", "cpu/cpufreq/online"}) {
      const std::filesystem::path file = folder_.path() / path;
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << "1\n";
    }
  }
  Paths match(const std::string& pattern) const { return match_paths(folder_.path().string(), pattern); }

  TemporaryFolder folder_;
};

TEST_F(MatchPaths, FindsAllInTheOrderOfTheirNumbers) {
  EXPECT_EQ(match("/cpu/cpu[0-9]*/online"), (Paths{"/cpu/cpu2/online", "/cpu/cpu10/online"}));
  EXPECT_EQ(match("/cpu/*/online"), (Paths{"/cpu/cpu2/online", "/cpu/cpu10/online", "/cpu/cpufreq/online"}));
}

TEST_F(MatchPaths, FindsAPlainPathThatIsThere) {
  EXPECT_EQ(match("/cpu/cpu2/online"), Paths{"/cpu/cpu2/online"});
  EXPECT_EQ(match("/cpu/cpu2"), Paths{"/cpu/cpu2"});
}

TEST_F(MatchPaths, FindsNothingWhereNothingIs) {
  EXPECT_EQ(match("/cpu/cpu3/online"), Paths{});
  EXPECT_EQ(match("/nothing/*/online"), Paths{});
  EXPECT_EQ(match("/cpu/cpu2/online/*"), Paths{});
}

TEST(PlainPath, LeavesNoRoot) {
  for (const char* path : {"", "sys/x", "/sys/../etc", "/..", "/sys/.."}) {
    SCOPED_TRACE(path);
    EXPECT_PM_ERROR(require_plain_path(path), ErrorCode::kInvalidArgument, "allowed are absolute ones without '..'");
  }
  EXPECT_NO_THROW(require_plain_path("/sys/..data/a..b"));
}

TEST(NaturalOrder, TakesDigitsAsNumbers) {
  EXPECT_TRUE(natural_less("cpu2", "cpu10"));
  EXPECT_FALSE(natural_less("cpu10", "cpu2"));
  EXPECT_TRUE(natural_less("a2b", "a2c"));
  EXPECT_TRUE(natural_less("a", "a0"));
  EXPECT_FALSE(natural_less("a1", "a1"));
  EXPECT_NE(natural_less("a01", "a1"), natural_less("a1", "a01"));
}

}  // namespace
}  // namespace perfmodel
