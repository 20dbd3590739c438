#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "knob/disk_tree.h"
#include "knob/faulty_file_system.h"
#include "knob/knob_machine.h"
#include "perfmodel/core/random.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

/// Runs of each test; PERFMODEL_CRASH_RUNS names another number.
constexpr int kQuickRuns = 25, kSlowRuns = 1000;
/// More operations than two sets of all knobs and a restore come to, so that kills fall everywhere.
constexpr std::int64_t kMaxOperations = 450;

int num_runs(int otherwise) {
  const char* const text = std::getenv("PERFMODEL_CRASH_RUNS");
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// A machine on which the nth operation on files is the last thing that this process does: it is killed before, or in
/// the middle of what it writes.
KnobMachine killing_machine(const KnobDriverOptions& options, std::int64_t last_operation, bool in_the_middle,
                            pid_t guard) {
  auto hook = std::make_shared<FileHook>();
  hook->before = [=](const FileOperation& operation) {
    if (operation.number < last_operation) return;
    if (in_the_middle && operation.kind == FileOperation::Kind::kAppend) {
      operation.files->append_synced(operation.path, operation.text.substr(0, operation.text.size() / 2));
    }
    if (guard > 0) ::kill(guard, SIGKILL);
    ::raise(SIGKILL);
  };
  KnobMachine machine = knob_machine(options);
  machine.files = std::make_shared<FaultyFileSystem>(machine.files, hook);
  machine.journal_files = std::make_shared<FaultyFileSystem>(machine.journal_files, hook);
  return machine;
}

std::vector<KnobValue> random_values(const KnobDriver& driver, Random& random) {
  std::vector<KnobValue> values;
  for (const KnobStatus& status : driver.list()) {
    const auto last_level = static_cast<std::int64_t>(status.option->num_levels()) - 1;
    values.push_back({status.name, status.option->value(static_cast<std::uint64_t>(random.integer(0, last_level)))});
  }
  return values;
}

class Crashes : public ::testing::Test {
 protected:
  /// A tool that sets knobs at random until it is killed; without a kill it restores.
  void run_tool(std::uint64_t seed, bool with_guard) {
    Random random(seed);
    const std::int64_t last_operation = random.integer(0, kMaxOperations);
    const bool in_the_middle = random.integer(0, 1) == 1;
    const GuardProcess guard(options_);
    KnobDriver knobs =
        make_knob_driver(test_board(), options_,
                         killing_machine(options_, last_operation, in_the_middle, with_guard ? 0 : guard.process_id()));
    const std::vector<KnobValue> first = random_values(KnobDriver(test_board(), options_), random);
    knobs.set(first);
    knobs.set(random_values(KnobDriver(test_board(), options_), random));
    if (!knobs.restore().complete()) ::_exit(2);
  }

  void crash(int runs, bool with_guard) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that this process can wait for guards, too
    int num_killed = 0, num_journals = 0;
    for (int run = 0; run < runs; ++run) {
      SCOPED_TRACE(run);
      const pid_t tool = ::fork();
      if (tool == 0) {
        run_tool(static_cast<std::uint64_t>(run), with_guard);
        ::_exit(0);
      }
      int status = 0;
      ASSERT_EQ(::waitpid(tool, &status, 0), tool);
      num_killed += WIFSIGNALED(status) ? 1 : 0;
      EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
      while (::waitpid(-1, nullptr, 0) > 0) {
      }
      num_journals += tree_.has_journal() ? 1 : 0;
      if (!with_guard) {
        EXPECT_TRUE(restore_from_journal(options_).complete());
      }
      ASSERT_EQ(tree_.files(), test_tree());
      ASSERT_FALSE(tree_.has_journal());
    }
    EXPECT_GT(num_killed, runs / 2);
    if (with_guard) {
      EXPECT_EQ(num_journals, 0);
    } else {
      EXPECT_GT(num_journals, runs / 4);  // else there was nothing to be restored
    }
  }

  const DiskTree tree_;
  const KnobDriverOptions options_ = tree_.options();
};

TEST_F(Crashes, AreUndoneByTheGuard) {
  crash(num_runs(kQuickRuns), true);
}

TEST_F(Crashes, OfToolAndGuardAreUndoneFromTheJournal) {
  crash(num_runs(kQuickRuns), false);
}

TEST_F(Crashes, AreUndoneByTheGuardAThousandTimes) {
  crash(num_runs(kSlowRuns), true);
}

TEST_F(Crashes, OfToolAndGuardAreUndoneFromTheJournalAThousandTimes) {
  crash(num_runs(kSlowRuns), false);
}

TEST_F(Crashes, OfARestoreAreUndoneByTheNext) {
  Random random(3);
  for (int run = 0; run < num_runs(kQuickRuns); ++run) {
    SCOPED_TRACE(run);
    KnobDriver(test_board(), options_).set(all_changed());
    const std::int64_t last_operation = random.integer(0, 60);
    const pid_t tool = ::fork();
    if (tool == 0) {
      restore_journal(killing_machine(options_, last_operation, false, 0), 0);
      ::_exit(0);
    }
    ASSERT_EQ(::waitpid(tool, nullptr, 0), tool);
    EXPECT_TRUE(restore_from_journal(options_).complete());
    ASSERT_EQ(tree_.files(), test_tree());
  }
}

}  // namespace
}  // namespace perfmodel
