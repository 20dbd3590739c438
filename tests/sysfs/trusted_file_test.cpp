#include "sysfs/trusted_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class TrustedFiles : public ::testing::Test {
 protected:
  TrustedFiles() { std::ofstream(path_) << "text\n"; }
  void expect_refusal(const std::string& message) {
    EXPECT_PM_ERROR(TrustedFile(path_, O_RDONLY, "read", "/j"), ErrorCode::kPermission, message);
    EXPECT_PM_ERROR(TrustedFile(path_, O_WRONLY | O_APPEND | O_CREAT, "write", "/j"), ErrorCode::kPermission, message);
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.file("journal");
};

TEST_F(TrustedFiles, AreReadAndAppendedTo) {
  const TrustedFile file(path_, O_WRONLY | O_APPEND, "write", "/j");
  EXPECT_FALSE(file.is_empty());
  file.append_synced("more");
  EXPECT_EQ(TrustedFile(path_, O_RDONLY, "read", "/j").read_all(), "text\nmore");
  EXPECT_TRUE(TrustedFile(folder_.file("new"), O_WRONLY | O_CREAT, "write", "/n").is_empty());
}

TEST_F(TrustedFiles, AreNoLinks) {
  const std::string target = folder_.file("target");
  std::filesystem::rename(path_, target);
  std::filesystem::create_symlink(target, path_);
  expect_refusal("'/j' is not followed: it is a link");
  std::filesystem::remove(target);
  expect_refusal("'/j' is not followed: it is a link");
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST_F(TrustedFiles, HaveOneName) {
  std::filesystem::create_hard_link(path_, folder_.file("other"));
  expect_refusal("'/j' is not followed: it has 2 names");
}

TEST_F(TrustedFiles, AreNoPipes) {
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_PM_ERROR(TrustedFile(path_, O_RDONLY, "read", "/j"), ErrorCode::kPermission, "it is no plain file");
}

TEST_F(TrustedFiles, AreWrittenByNobodyElse) {
  for (const mode_t mode : {0664, 0646}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    expect_refusal("'/j' is not followed: others may write to it");
  }
}

TEST_F(TrustedFiles, LieWhereNobodyElseReplacesThem) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  expect_refusal("the folder of '/j' is not followed: everybody may replace files in it");
  ASSERT_EQ(::chmod(folder_.path().c_str(), 01777), 0);  // as that of /tmp
  EXPECT_EQ(TrustedFile(path_, O_RDONLY, "read", "/j").read_all(), "text\n");
}

TEST_F(TrustedFiles, BelongToThisUserOrRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(path_.c_str(), 12345, 12345), 0);
  expect_refusal("'/j' is not followed: it belongs to user 12345, allowed are root and user 0");
  ASSERT_EQ(::chown(path_.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.path().c_str(), 12345, 12345), 0);
  expect_refusal("the folder of '/j' is not followed: it belongs to user 12345");
}

TEST_F(TrustedFiles, SayWhatIsNotThere) {
  EXPECT_PM_ERROR(TrustedFile(folder_.file("none"), O_RDONLY, "read", "/none"), ErrorCode::kNotFound,
                  "cannot read '/none'");
  EXPECT_PM_ERROR(TrustedFile(folder_.file("none/none"), O_RDONLY, "read", "/none"), ErrorCode::kNotFound,
                  "cannot read '/none'");
}

}  // namespace
}  // namespace perfmodel
