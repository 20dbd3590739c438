#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "expect_error.h"
#include "knob/disk_tree.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

/// Runs a tool in a process of its own and waits for it and for all that it left behind. Its status.
int run_tool(const std::function<void()>& tool) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that a guard whose tool is gone is this process's child
  const pid_t process = ::fork();
  if (process == 0) {
    tool();
    ::_exit(0);
  }
  int status = 0, tool_status = 0;
  for (pid_t ended; (ended = ::waitpid(-1, &status, 0)) > 0;) {
    if (ended == process) tool_status = status;
  }
  return tool_status;
}

class Guards : public ::testing::Test {
 protected:
  const DiskTree tree_;
  const KnobDriverOptions options_ = tree_.options();
};

TEST_F(Guards, RestoreWhatADriverSetWhenTheScopeEnds) {
  KnobDriver driver(test_board(), options_);
  EXPECT_THROW(
      {
        const KnobGuard guard(driver);
        driver.set(all_changed());
        EXPECT_NE(tree_.files(), test_tree());
        throw std::runtime_error("the workload failed");
      },
      std::runtime_error);
  EXPECT_EQ(tree_.files(), test_tree());
  EXPECT_FALSE(tree_.has_journal());
}

TEST_F(Guards, KeepWhenToldTo) {
  {
    KnobDriver driver(test_board(), options_);
    KnobGuard guard(driver);
    driver.set(all_changed());
    guard.keep();
    EXPECT_TRUE(guard.restore().complete());
  }
  EXPECT_NE(tree_.files(), test_tree());
  EXPECT_TRUE(restore_from_journal(options_).complete());
  EXPECT_EQ(tree_.files(), test_tree());
}

TEST_F(Guards, TellWhatCouldNotBeRestored) {
  std::vector<std::string> failed;
  {
    KnobDriver driver(test_board(), options_);
    const KnobGuard guard(driver, [&](const RestoreReport& report) {
      for (const RestoreReport::Failure& failure : report.failures) failed.push_back(failure.what);
    });
    driver.set({{"huge_pages", 2}});
    std::filesystem::remove(tree_.root() + kHugePages);
  }
  EXPECT_EQ(failed, std::vector<std::string>{kHugePages});
}

TEST_F(Guards, OfAProcessRestoreAfterEachSignal) {
  for (const int signal : {SIGKILL, SIGINT, SIGTERM, SIGHUP, SIGABRT}) {
    SCOPED_TRACE(signal);
    const int status = run_tool([&] {
      const GuardProcess guard(options_);
      KnobDriver driver(test_board(), options_);
      driver.set(all_changed());
      if (tree_.files() == test_tree()) ::_exit(1);
      ::signal(signal, SIG_DFL);
      ::raise(signal);
    });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    EXPECT_EQ(tree_.files(), test_tree());
    EXPECT_FALSE(tree_.has_journal());
  }
}

TEST_F(Guards, OfAProcessSurviveTheSignalsOfItsTerminal) {
  run_tool([&] {
    const GuardProcess guard(options_);
    KnobDriver(test_board(), options_).set(all_changed());
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(guard.process_id(), signal);
    ::raise(SIGKILL);
  });
  EXPECT_EQ(tree_.files(), test_tree());
}

TEST_F(Guards, OfAProcessLeaveWhatTheToolKept) {
  const int status = run_tool([&] {
    const GuardProcess guard(options_);
    KnobDriver(test_board(), options_).set(all_changed());
  });
  EXPECT_EQ(status, 0);
  EXPECT_NE(tree_.files(), test_tree());
  EXPECT_TRUE(tree_.has_journal());
}

TEST_F(Guards, OfAProcessEndWithIt) {
  const GuardProcess first(options_);
  {
    const GuardProcess second(options_);
    EXPECT_NE(first.process_id(), second.process_id());
    EXPECT_EQ(::kill(second.process_id(), 0), 0);
    ::kill(second.process_id(), SIGKILL);  // and the tool does not mind
  }
  EXPECT_EQ(::kill(first.process_id(), 0), 0);
}

TEST_F(Guards, OfAProcessHoldNothingOpenThatTheToolHas) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const GuardProcess guard(options_);
  ::close(ends[1]);
  char none = 0;
  EXPECT_EQ(::read(ends[0], &none, 1), 0);  // would wait for ever for the guard's copy to close
  ::close(ends[0]);
}

TEST_F(Guards, OfAProcessRefuseOptionsOutOfRange) {
  KnobDriverOptions options = options_;
  options.max_settle_s = -1;
  EXPECT_PM_ERROR(GuardProcess{options}, ErrorCode::kInvalidArgument, "max_settle_s");
}

}  // namespace
}  // namespace perfmodel
