#include "sysfs/file_system.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

class RootedFiles : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) { std::ofstream(folder_.file(name)) << text; }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_ = rooted_file_system(folder_.path().string() + "/");
};

TEST_F(RootedFiles, ReadsWithoutTheLineEnd) {
  put("level", "1300500000 \n");
  EXPECT_EQ(files_->read("/level"), "1300500000");
  put("empty", "\n");
  EXPECT_EQ(files_->read("/empty"), "");
  put("list", "1 2\n3\n");
  EXPECT_EQ(files_->read("/list"), "1 2\n3");
}

TEST_F(RootedFiles, WritesOverWhatWasThere) {
  put("level", "1300500000\n");
  files_->write("/level", "12");
  EXPECT_EQ(read_file(folder_.file("level")), "12");
}

TEST_F(RootedFiles, WritesOverWhatIsLongerThanAFileOfTheKernel) {
  put("long", std::string(70000, 'x'));
  files_->write("/long", "12");
  EXPECT_EQ(read_file(folder_.file("long")), "12");
}

/// The status of a process that did that, and may have been killed by it.
int status_of(const std::function<void()>& act) {
  const pid_t process = ::fork();
  if (process == 0) {
    act();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

TEST_F(RootedFiles, LeavesTheOldTextWhenItIsKilledBeforeItsWrite) {
  put("level", "1300500000\n");
  const int status = status_of([&] {
    const rlimit none = {0, 0};  // the system kills who writes beyond that
    ::setrlimit(RLIMIT_FSIZE, &none);
    ::signal(SIGXFSZ, SIG_DFL);
    files_->write("/level", "12");
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
  EXPECT_EQ(files_->read("/level"), "1300500000");
}

constexpr int kNoFilter = 77;

TEST_F(RootedFiles, LeavesTheNewTextWhenItIsKilledAfterItsWrite) {
  put("level", "1300500000\n");
  const int status = status_of([&] {
    sock_filter filter[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ftruncate, 0, 1),
                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
      ::_exit(kNoFilter);
    files_->write("/level", "12");
  });
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoFilter) GTEST_SKIP() << "this kernel has no seccomp filters";
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(files_->read("/level"), "12");
}

TEST_F(RootedFiles, MakesNoFileByWriting) {
  EXPECT_PM_ERROR(files_->write("/nothing", "1"), ErrorCode::kNotFound, "cannot write '/nothing': No such file");
  EXPECT_FALSE(files_->exists("/nothing"));
  EXPECT_FALSE(files_->is_writable("/nothing"));
}

TEST_F(RootedFiles, TellsWhatCannotBeRead) {
  EXPECT_PM_ERROR(files_->read("/nothing"), ErrorCode::kNotFound, "cannot read '/nothing'");
  put("long", std::string(70000, 'x'));
  EXPECT_PM_ERROR(files_->read("/long"), ErrorCode::kCorrupt, "more than 65536 bytes");
}

TEST_F(RootedFiles, RefusesPathsThatLeaveTheRoot) {
  EXPECT_PM_ERROR(files_->read("/../x"), ErrorCode::kInvalidArgument, "without '..'");
  EXPECT_PM_ERROR(files_->write("x", "1"), ErrorCode::kInvalidArgument, "allowed are absolute ones");
}

TEST_F(RootedFiles, RefusesLinksThatLeaveTheRoot) {
  const TemporaryFolder elsewhere;
  std::ofstream(elsewhere.file("knob")) << "1";
  std::filesystem::create_symlink(elsewhere.path(), folder_.path() / "out");
  EXPECT_PM_ERROR(files_->read("/out/knob"), ErrorCode::kPermission, "it is a link that leaves the root");
  EXPECT_PM_ERROR(files_->write("/out/knob", "2"), ErrorCode::kPermission, "it is a link that leaves the root");
  EXPECT_EQ(read_file(elsewhere.file("knob")), "1");
}

TEST_F(RootedFiles, FollowsLinksWithinTheRoot) {
  put("knob", "1\n");
  std::filesystem::create_symlink(folder_.path() / "knob", folder_.path() / "link");
  EXPECT_EQ(files_->read("/link"), "1");
}

TEST_F(RootedFiles, AppendsToAFileInANewFolder) {
  files_->append_synced("/var/lib/state/journal", "one\n");
  files_->append_synced("/var/lib/state/journal", "two\n");
  EXPECT_EQ(read_file(folder_.file("var/lib/state/journal")), "one\ntwo\n");
  files_->remove_synced("/var/lib/state/journal");
  files_->remove_synced("/var/lib/state/journal");
  EXPECT_FALSE(files_->exists("/var/lib/state/journal"));
}

TEST_F(RootedFiles, AppendsBehindNoLinkThatLeavesTheRoot) {
  const TemporaryFolder elsewhere;
  std::filesystem::create_symlink(elsewhere.file("new"), folder_.path() / "journal");
  EXPECT_PM_ERROR(files_->append_synced("/journal", "one\n"), ErrorCode::kPermission, "it is a link");
  std::filesystem::create_symlink(elsewhere.path(), folder_.path() / "var");
  EXPECT_PM_ERROR(files_->append_synced("/var/journal", "one\n"), ErrorCode::kPermission, "leaves the root");
  EXPECT_PM_ERROR(files_->append_synced("/var/lib/state/journal", "one\n"), ErrorCode::kPermission, "leaves the root");
  EXPECT_PM_ERROR(files_->remove_synced("/var/journal"), ErrorCode::kPermission, "leaves the root");
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

TEST_F(RootedFiles, AppendsInNoFolderThatIsAFile) {
  put("file", "1\n");
  EXPECT_PM_ERROR(files_->append_synced("/file/folder/journal", "one\n"), ErrorCode::kNotFound, "cannot make");
}

TEST_F(RootedFiles, ReadsAllOfALongFileAsItIs) {
  const std::string text = std::string(200000, 'x') + " \n";
  put("journal", text);
  EXPECT_EQ(files_->read_all("/journal"), text);
  EXPECT_PM_ERROR(files_->read_all("/nothing"), ErrorCode::kNotFound, "nothing");
}

TEST_F(RootedFiles, TellsWhatNobodyMayWrite) {
  put("locked", "1\n");
  EXPECT_TRUE(files_->is_writable("/locked"));
  ::chmod(folder_.file("locked").c_str(), 0444);
  EXPECT_FALSE(files_->is_writable("/locked"));
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  EXPECT_PM_ERROR(files_->write("/locked", "2"), ErrorCode::kPermission, "cannot write '/locked'");
}

TEST(FileSystemRoot, IsNotEmpty) {
  EXPECT_PM_ERROR(rooted_file_system(""), ErrorCode::kInvalidArgument, "the root of the file system is empty");
}

TEST(FileSystemRoot, MayBeTheMachines) {
  EXPECT_TRUE(rooted_file_system("/")->exists("/proc/self"));
}

}  // namespace
}  // namespace perfmodel
