#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <vector>

#include "knob/disk_tree.h"

namespace perfmodel {
namespace {

const unsigned kForbidden[] = {
    __NR_execve, __NR_execveat, __NR_clone,
#ifdef __NR_clone3
    __NR_clone3,
#endif
#ifdef __NR_fork
    __NR_fork,   __NR_vfork,
#endif
};

/// From here on this process ends when it starts another one. No privilege is needed for that.
bool forbid_other_processes() {
  std::vector<sock_filter> filter = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (const unsigned call : kForbidden) {
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

constexpr int kNoFilter = 77;

int run_forbidden(const std::function<bool()>& work) {
  const pid_t process = ::fork();
  if (process == 0) {
    if (!forbid_other_processes()) ::_exit(kNoFilter);
    ::_exit(work() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return status;
}

bool has_no_filters(int status) {
  return WIFEXITED(status) && WEXITSTATUS(status) == kNoFilter;
}

TEST(OtherProcesses, EndTheOneThatIsWatched) {
  const int status = run_forbidden([] { return std::system("true") == 0; });
  if (has_no_filters(status)) GTEST_SKIP() << "this kernel has no seccomp filters";
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

TEST(OtherProcesses, AreNotStartedByADriver) {
  const DiskTree tree;
  const int status = run_forbidden([&] {
    KnobDriver driver(test_board(), tree.options());
    driver.list();
    driver.set(all_changed());
    return driver.restore().complete();
  });
  if (has_no_filters(status)) GTEST_SKIP() << "this kernel has no seccomp filters";
  EXPECT_EQ(status, 0);
  EXPECT_EQ(tree.files(), test_tree());
}

}  // namespace
}  // namespace perfmodel
