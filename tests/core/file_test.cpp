#include "core/file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "expect_error.h"

namespace perfmodel {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test, removed afterwards.
class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "perfmodel-file-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_)) found.insert(entry.path().filename());
    return found;
  }

  std::string folder_;
};

TEST_F(FileTest, ReadsWhatWasWritten) {
  std::string contents = "line\r\n";
  contents += '\0';
  contents.append(300000, 'x');
  write_file_atomically(path("a"), contents);
  EXPECT_EQ(read_file(path("a")), contents);
  write_file_atomically(path("a"), "");
  EXPECT_EQ(read_file(path("a")), "");
  EXPECT_EQ(names(), std::set<std::string>{"a"});
}

TEST_F(FileTest, ReadsFilesThatDoNotTellTheirSize) {
  EXPECT_NE(read_file("/proc/self/status").find("Pid:"), std::string::npos);
}

TEST_F(FileTest, NewFilesFollowTheUmask) {
  const mode_t before = ::umask(027);
  write_file_atomically(path("a"), "x");
  ::umask(before);
  struct stat info {};
  ASSERT_EQ(::stat(path("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(FileTest, WritesARelativePath) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write_file_atomically("here", "x");
  fs::current_path(before);
  EXPECT_EQ(read_file(path("here")), "x");
}

TEST_F(FileTest, NamesWhatIsNotThere) {
  EXPECT_PM_ERROR(read_file(path("none")), ErrorCode::kNotFound, "cannot read '" + path("none") + "': No such file");
  EXPECT_PM_ERROR(write_file_atomically(path("none/a"), "x"), ErrorCode::kNotFound, "cannot write '" + path("none/a"));
}

TEST_F(FileTest, AFolderIsNotAFile) {
  EXPECT_PM_ERROR(read_file(folder_), ErrorCode::kIo, "Is a directory");
  EXPECT_PM_ERROR(write_file_atomically(folder_, "x"), ErrorCode::kIo, "Is a directory");
}

TEST_F(FileTest, RefusesAFileThatWouldFillTheMemory) {
  std::ofstream(path("sparse")).close();
  fs::resize_file(path("sparse"), std::uintmax_t{100} << 30);
  EXPECT_PM_ERROR(read_file(path("sparse")), ErrorCode::kCorrupt,
                  "sparse': it has 107374182400 bytes or more, allowed are at most 4294967296");
}

TEST_F(FileTest, WritesThroughToDevices) {
  EXPECT_NO_THROW(write_file_atomically("/dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(FileTest, AFullDiskLeavesTheOldFile) {
  EXPECT_PM_ERROR(write_file_atomically("/dev/full", "x"), ErrorCode::kNoSpace, "No space left on device");

  write_file_atomically(path("a"), "old");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_PM_ERROR(write_file_atomically(path("a"), std::string(10000, 'x')), ErrorCode::kNoSpace, "File too large");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(read_file(path("a")), "old");
  EXPECT_EQ(names(), std::set<std::string>{"a"});
}

TEST_F(FileTest, CodesFollowErrno) {
  EXPECT_PM_ERROR(throw_errno("open", "x", EACCES), ErrorCode::kPermission, "cannot open 'x': Permission denied");
  EXPECT_PM_ERROR(throw_errno("open", "x", EROFS), ErrorCode::kPermission, "Read-only");
  EXPECT_PM_ERROR(throw_errno("open", "x", ENOTDIR), ErrorCode::kNotFound, "Not a directory");
  EXPECT_PM_ERROR(throw_errno("open", "x", EBUSY), ErrorCode::kBusy, "busy");
  EXPECT_PM_ERROR(throw_errno("open", "x", ENOMEM), ErrorCode::kOutOfMemory, "memory");
  EXPECT_PM_ERROR(throw_errno("open", "x", EIO), ErrorCode::kIo, "Input/output error");
}

}  // namespace
}  // namespace perfmodel
