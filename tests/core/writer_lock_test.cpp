#include "core/writer_lock.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class WriterLocks : public ::testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::string path_ = folder_.file("thing");
};

TEST_F(WriterLocks, HaveOneOwnerAndNameIt) {
  auto first = std::make_unique<WriterLock>(path_, "one writer at a time");
  EXPECT_PM_ERROR(
      WriterLock(path_, "one writer at a time"), ErrorCode::kBusy,
      "'" + path_ + "' is being written by process " + std::to_string(::getpid()) + "; one writer at a time");
  first.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  const WriterLock second(path_, "");
}

TEST_F(WriterLocks, OfDifferentFilesAreApart) {
  const WriterLock one(path_, ""), other(folder_.file("other"), "");
  EXPECT_TRUE(std::filesystem::exists(path_ + ".lock"));
}

TEST_F(WriterLocks, AreTheirUsersAlone) {
  const WriterLock lock(path_, "");
  EXPECT_EQ(std::filesystem::status(path_ + ".lock").permissions(), std::filesystem::perms(0600));
}

TEST_F(WriterLocks, TakeOneThatAKilledProcessLeft) {
  std::ofstream(path_ + ".lock") << "812";
  const WriterLock lock(path_, "");
  EXPECT_EQ(read_file(path_ + ".lock"), std::to_string(::getpid()));
}

TEST_F(WriterLocks, LeaveOtherFilesAlone) {
  const std::string victim = folder_.file("victim"), lock = path_ + ".lock";
  std::ofstream(victim) << "12";
  std::filesystem::create_symlink(victim, lock);
  EXPECT_PM_ERROR(WriterLock(path_, ""), ErrorCode::kPermission, "is no lock: it is a link");
  std::filesystem::remove(lock);
  std::filesystem::create_hard_link(victim, lock);
  EXPECT_PM_ERROR(WriterLock(path_, ""), ErrorCode::kPermission, "is no lock: it is a file of several names");
  std::filesystem::remove(lock);
  EXPECT_EQ(read_file(victim), "12");

  ASSERT_EQ(::mkfifo(lock.c_str(), 0600), 0);
  EXPECT_PM_ERROR(WriterLock(path_, ""), ErrorCode::kPermission, "is no lock: it is no file");
  std::filesystem::remove(lock);
  std::ofstream(lock) << "my thesis";
  EXPECT_PM_ERROR(WriterLock(path_, ""), ErrorCode::kCorrupt, "is no lock: it holds other text than a process");
  EXPECT_EQ(read_file(lock), "my thesis");
}

TEST_F(WriterLocks, NeedTheirFolder) {
  EXPECT_PM_ERROR(WriterLock(folder_.file("no/thing"), ""), ErrorCode::kNotFound, "cannot lock");
}

}  // namespace
}  // namespace perfmodel
