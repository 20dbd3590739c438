#include "power/sensor_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class SensorFile : public ::testing::Test {
 protected:
  double read(const std::string& text) {
    std::ofstream(folder_.file("sensor")) << text;
    return read_sensor(*files_, "/sensor");
  }
  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_ = rooted_file_system(folder_.path().string());
};

TEST_F(SensorFile, HoldsOneNumber) {
  EXPECT_EQ(read("4812\n"), 4812);
  EXPECT_EQ(read("-3\n"), -3);
  EXPECT_EQ(read("0"), 0);
  EXPECT_EQ(read("18446744073709551615\n"), 18446744073709551615.0);
  EXPECT_EQ(read("12.5"), 12.5);
}

TEST_F(SensorFile, HoldsNothingElse) {
  for (const char* text : {"", "\n", "x", "12 mW", "12 13", "12\n13", "nan", "inf", "-inf", "1e999", " 12", "0x12"}) {
    SCOPED_TRACE(text);
    EXPECT_PM_ERROR(read(text), ErrorCode::kIo, "'/sensor' holds '");
    EXPECT_PM_ERROR(read(text), ErrorCode::kIo, "', allowed is one number");
  }
}

TEST_F(SensorFile, IsQuotedInShort) {
  EXPECT_PM_ERROR(read(std::string(1000, 'x')), ErrorCode::kIo, "holds '" + std::string(40, 'x') + "',");
}

TEST_F(SensorFile, HasToBeThere) {
  EXPECT_PM_ERROR(read_sensor(*files_, "/none"), ErrorCode::kNotFound, "cannot read '/none'");
}

TEST_F(SensorFile, HasToBeReadable) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  read("1");
  ::chmod(folder_.file("sensor").c_str(), 0);
  EXPECT_PM_ERROR(read_sensor(*files_, "/sensor"), ErrorCode::kPermission, "cannot read '/sensor'");
}

}  // namespace
}  // namespace perfmodel
