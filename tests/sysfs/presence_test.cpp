#include "sysfs/presence.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>

#include "expect_error.h"
#include "sysfs/file_system.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

constexpr uid_t kNobody = 65534;

/// What `ask` answers in a process without privilege, or what it throws, as "code: message".
std::string asked_without_privilege(const std::function<bool()>& ask) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string text;
    try {
      if (::geteuid() == 0 && ::setuid(kNobody) != 0) text = "no other user";
      if (text.empty()) text = ask() ? "yes" : "no";
    } catch (const Error& error) {
      text = std::string(error_code_name(error.code())) + ": " + error.what();
    }
    ::_exit(::write(pipe_ends[1], text.data(), text.size()) < 0 ? 1 : 0);
  }
  ::close(pipe_ends[1]);
  char buffer[1000];
  const ssize_t size = ::read(pipe_ends[0], buffer, sizeof buffer);
  ::close(pipe_ends[0]);
  ::waitpid(child, nullptr, 0);
  return {buffer, static_cast<std::size_t>(size < 0 ? 0 : size)};
}

/// A folder with a file in it that only its owner may enter, and that is the superuser where there is one to ask.
class Presence : public ::testing::Test {
 protected:
  Presence() {
    std::filesystem::create_directories(debug_);
    std::ofstream(debug_ / "emc") << "1\n";
    ::chmod(folder_.path().c_str(), 0755);
    ::chmod(debug_.c_str(), ::geteuid() == 0 ? 0700 : 0);
  }
  ~Presence() override { ::chmod(debug_.c_str(), 0700); }

  TemporaryFolder folder_;
  const std::filesystem::path debug_ = folder_.path() / "debug";
  std::shared_ptr<FileSystem> files_ = rooted_file_system(folder_.path().string());
};

TEST_F(Presence, IsNotTheSameAsWhatMayNotBeLookedFor) {
  EXPECT_EQ(asked_without_privilege([&] { return files_->exists("/debug/emc"); }),
            "permission denied: '/debug/emc' may not be looked for: Permission denied");
  EXPECT_EQ(asked_without_privilege([&] { return files_->exists("/nothing/emc"); }), "no");
  EXPECT_EQ(asked_without_privilege([&] { return !files_->match("/debug/emc").empty(); }),
            "permission denied: '/debug/emc' may not be looked for: Permission denied");
  EXPECT_EQ(asked_without_privilege([&] { return !files_->match("/*/emc").empty(); }),
            "permission denied: '/debug/emc' may not be looked for: Permission denied");
  EXPECT_EQ(asked_without_privilege([&] { return !files_->match("/debug/e*").empty(); }),
            "permission denied: '/debug/e*' may not be looked for: Permission denied");
}

TEST_F(Presence, OfNothingThatIsWritable) {
  EXPECT_EQ(asked_without_privilege([&] { return files_->is_writable("/debug/emc"); }), "no");
}

TEST(RequireAbsent, TellsWhatTheKernelSays) {
  EXPECT_NO_THROW(require_absent("/sys/x", ENOENT));
  EXPECT_NO_THROW(require_absent("/sys/x", ENOTDIR));
  EXPECT_PM_ERROR(require_absent("/sys/x", EACCES), ErrorCode::kPermission, "'/sys/x' may not be looked for");
  EXPECT_PM_ERROR(require_absent("/sys/x", EPERM), ErrorCode::kPermission, "may not be looked for");
  EXPECT_PM_ERROR(require_absent("/sys/x", EIO), ErrorCode::kIo, "'/sys/x' may not be looked for: Input/output error");
}

}  // namespace
}  // namespace perfmodel
