#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "expect_error.h"
#include "knob/disk_tree.h"
#include "knob/journal_text.h"
#include "perfmodel/knob/knob_guard.h"
#include "processes.h"
#include "sysfs/file_system.h"

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

TEST_F(Guards, TellTheStandardErrorWhenNobodyElseIsToBeTold) {
  ::testing::internal::CaptureStderr();
  {
    KnobDriver driver(test_board(), options_);
    const KnobGuard guard(driver);
    driver.set({{"huge_pages", 2}});
    std::filesystem::remove(tree_.root() + kHugePages);
  }
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.find(std::string("knobs are not as they were found: '") + kHugePages + "'"), 0u) << line;
}

TEST_F(Guards, LeaveADriverAloneThatWasMovedFrom) {
  KnobDriver driver(test_board(), options_);
  const KnobGuard guard(driver);
  KnobDriver next = std::move(driver);
  next.set({{"num_cores", 2}});
  EXPECT_FALSE(driver.changed());
  EXPECT_TRUE(driver.restore().complete());
  EXPECT_TRUE(next.restore().complete());
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
    GuardProcess guard(options_);
    KnobDriver(test_board(), options_).set(all_changed());
    guard.finish();
    guard.finish();  // is said once
  });
  EXPECT_EQ(status, 0);
  EXPECT_NE(tree_.files(), test_tree());
  EXPECT_TRUE(tree_.has_journal());
}

TEST_F(Guards, OfAProcessLeaveWhatAnotherToolKept) {
  KnobDriver(test_board(), options_).set({{"num_cores", 2}});  // by this process, which keeps it
  const std::map<std::string, std::string> kept = tree_.files();
  run_tool([&] {
    const GuardProcess guard(options_);
    ::raise(SIGKILL);  // before it wrote anything
  });
  EXPECT_EQ(tree_.files(), kept);
  EXPECT_TRUE(tree_.has_journal());
  EXPECT_TRUE(restore_from_journal(options_).complete());
}

TEST_F(Guards, OfAProcessLeaveAJournalOfAnotherWithItsNumber) {
  run_tool([&] {
    const GuardProcess guard(options_);
    // What a tool that is gone kept, whose number this one has got.
    rooted_file_system("/")->append_synced(
        options_.journal_path, journal_line(JournalHeader{"boot-1", "test", ::getpid(), "another's"}) +
                                   journal_line(JournalEntry{kHugePages, "never", "madvise", SettingRole::kPlain, ""}));
    ::raise(SIGKILL);
  });
  EXPECT_EQ(tree_.files(), test_tree());
  EXPECT_TRUE(tree_.has_journal());
}

TEST_F(Guards, OfAProcessLeaveWhatAnotherKeptThatItWentOnWith) {
  KnobDriver(test_board(), options_).set({{"num_cores", 2}});
  const std::map<std::string, std::string> kept = tree_.files();
  run_tool([&] {
    KnobDriverOptions continuing = options_;
    continuing.unfinished_journal = UnfinishedJournal::kContinue;
    const GuardProcess guard(continuing);
    KnobDriver(test_board(), continuing).set({{"num_cores", 1}, {"huge_pages", 2}});
    if (tree_.files() == kept) ::_exit(1);
    ::raise(SIGKILL);
  });
  EXPECT_EQ(tree_.files(), kept);
  EXPECT_TRUE(tree_.has_journal());
  EXPECT_TRUE(restore_from_journal(options_).complete());
  EXPECT_EQ(tree_.files(), test_tree());
}

TEST_F(Guards, OfAProcessLeaveWhatOthersSetSinceItRolledBack) {
  const std::string core = std::string(kCpu) + "/cpu3/online";
  KnobDriver(test_board(), options_).set({{"num_cores", 3}});  // by this process, which keeps it
  const int status = run_tool([&] {
    KnobDriverOptions continuing = options_;
    continuing.unfinished_journal = UnfinishedJournal::kContinue;
    const GuardProcess guard(continuing);
    {
      KnobDriver driver(test_board(), continuing);
      driver.set({{"num_cores", 4}});
      if (tree_.files()[core] != "1" || !driver.roll_back().complete() || tree_.files()[core] != "0") ::_exit(1);
    }
    rooted_file_system(tree_.root())->write(core, "1");  // by whoever sits at the machine
    ::raise(SIGKILL);
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(tree_.files(), test_tree());
  EXPECT_TRUE(tree_.has_journal());
  EXPECT_TRUE(restore_from_journal(options_).complete());
}

TEST_F(Guards, OfAProcessRestoreWhereverTheyAndItLive) {
  const std::filesystem::path before = std::filesystem::current_path();
  const std::filesystem::path root = tree_.root(), journal = options_.journal_path;
  std::filesystem::current_path(root.parent_path());
  run_tool([&] {
    KnobDriverOptions relative = options_;
    relative.root = root.filename();
    relative.journal_path = journal.filename();
    const GuardProcess guard(relative);
    KnobDriver(test_board(), relative).set(all_changed());
    const std::string folder = "/proc/" + std::to_string(guard.process_id()) + "/cwd";
    if (!comes_true([&] { return std::filesystem::read_symlink(folder) == "/"; })) ::_exit(1);
    ::raise(SIGKILL);
  });
  std::filesystem::current_path(before);
  EXPECT_EQ(tree_.files(), test_tree());
  EXPECT_FALSE(tree_.has_journal());
}

/// A shell and what it runs, in a group of their own.
pid_t start_group() {
  const pid_t process = ::fork();
  if (process == 0) {
    ::setpgid(0, 0);
    ::execl("/bin/sh", "sh", "-c", "sleep 1000 & sleep 1000; true", nullptr);
    ::_exit(127);
  }
  ::setpgid(process, process);
  return process;
}

TEST_F(Guards, OfAProcessKillTheGroupsThatTheyWatch) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t tool = ::fork();
  if (tool == 0) {
    const GuardProcess guard(options_);
    const pid_t groups[] = {start_group(), start_group()};
    for (const pid_t group : groups) guard.watch_group(group);
    guard.leave_group(groups[1]);
    if (::write(ends[1], groups, sizeof groups) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  pid_t groups[2] = {};
  ASSERT_EQ(::read(ends[0], groups, sizeof groups), static_cast<ssize_t>(sizeof groups));
  EXPECT_TRUE(comes_true([&] { return num_running_in_group(groups[0]) == 0; }));
  EXPECT_TRUE(comes_true([&] { return num_running_in_group(groups[1]) == 3; }));
  ::kill(-groups[1], SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
  for (const int end : ends) ::close(end);
}

TEST_F(Guards, OfAProcessRestoreWhatTheToolFailedToRestore) {
  const GuardProcess outer(options_);  // which is not in the way
  EXPECT_THROW(
      {
        const GuardProcess guard(options_);
        KnobDriver driver(test_board(), options_);
        driver.set(all_changed());
        throw std::runtime_error("restoring failed");
      },
      std::runtime_error);
  EXPECT_EQ(tree_.files(), test_tree());
  EXPECT_FALSE(tree_.has_journal());
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
