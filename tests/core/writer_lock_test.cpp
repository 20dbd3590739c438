#include "core/writer_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

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

TEST_F(WriterLocks, NeedTheirFolder) {
  EXPECT_PM_ERROR(WriterLock(folder_.file("no/thing"), ""), ErrorCode::kNotFound, "cannot lock");
}

}  // namespace
}  // namespace perfmodel
