#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "core/writer_lock.h"
#include "expect_error.h"
#include "knob/disk_tree.h"
#include "knob/driver_fixture.h"
#include "knob/journal_text.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

class JournalRestores : public DriverFixture {
 protected:
  JournalRestores() {
    driver().set(all_changed());
    changed_ = kernel_->nodes;
  }
  /// Starts the machine again: everything is at its default, but for what `kept` says.
  void start_again(const FakeKernel::Nodes& kept) {
    const std::string journal = text(journal_);
    kernel_->nodes = test_tree();
    for (const auto& [path, value] : kept) kernel_->nodes[path] = value;
    kernel_->nodes["/proc/sys/kernel/random/boot_id"] = "boot-2";
    kernel_->nodes[journal_] = journal;
  }

  FakeKernel::Nodes changed_;
};

TEST_F(JournalRestores, UndoWhatADriverLeft) {
  const RestoreReport report = restore_journal(machine(), 0);
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.num_restored, 12u);
  EXPECT_EQ(report.num_unchanged, 0u);
  expect_original();
}

TEST_F(JournalRestores, HaveNothingToDoWithoutAJournal) {
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  const RestoreReport again = restore_journal(machine(), 0);
  EXPECT_TRUE(again.complete());
  EXPECT_EQ(again.num_restored + again.num_unchanged, 0u);
}

TEST_F(JournalRestores, WriteARateBackThatMovesByItselfWithoutItsLock) {
  kernel_->caps[in(kEmc, "rate")] = 1331200000;
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  EXPECT_EQ(text(in(kEmc, "rate")), "1331200000");
  EXPECT_EQ(text(in(kEmc, "mrq_rate_locked")), "0");
}

TEST_F(JournalRestores, SayWhatReadsBackAsSomethingElse) {
  kernel_->caps[in(kGpu, "max_freq")] = 900000000;
  const RestoreReport report = restore_journal(machine(), 0.5);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].what, in(kGpu, "max_freq"));
  EXPECT_EQ(report.failures[0].reason, "reads back as '900000000', not as '1300500000'");
  EXPECT_EQ(clock_->now_s(), 0.5);
  EXPECT_EQ(kernel_->nodes.count(journal_), 1u);
}

TEST_F(JournalRestores, CanBeDoneAgainWhenTheyEndedInBetween) {
  for (int i = 0;; ++i) {
    kernel_->nodes = changed_;
    hook_->num_operations = 0;
    // Once an operation fails, all do, as if the process were gone.
    hook_->before = [i](const FileOperation& operation) {
      if (operation.number >= i) throw Error(ErrorCode::kIo, "gone");
    };
    bool is_complete = false;
    try {
      is_complete = restore_journal(machine(), 0).complete() && hook_->num_operations > i;
    } catch (const Error&) {
    }
    const bool all_went_well = hook_->num_operations <= i;
    hook_->before = nullptr;
    if (!is_complete) {
      EXPECT_TRUE(restore_journal(machine(), 0).complete()) << i;
    }
    expect_original();
    if (all_went_well) break;
  }
}

TEST_F(JournalRestores, OfAnEarlierStartPutBackWhatStillHolds) {
  start_again({{kHugePages, "never"}, {in(kEmc, "rate"), "204000000"}});
  const RestoreReport report = restore_journal(machine(), 0);
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.num_restored, 1u);
  EXPECT_EQ(report.num_unchanged, 11u);
  EXPECT_EQ(text(kHugePages), "madvise");
  EXPECT_EQ(text(in(kEmc, "rate")), "204000000");  // neither what was set nor what was before
  EXPECT_EQ(kernel_->nodes.count(journal_), 0u);
}

TEST_F(JournalRestores, OfAnEarlierStartSayWhatCannotBeRead) {
  start_again({});
  kernel_->busy = {kHugePages};
  const RestoreReport report = restore_journal(machine(), 0);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].what, kHugePages);
  EXPECT_EQ(kernel_->nodes.count(journal_), 1u);
}

TEST_F(JournalRestores, AfterARestartAreOfAnEarlierStartAlone) {
  EXPECT_FALSE(restore_journal_after_restart(machine(), 0));
  EXPECT_EQ(kernel_->nodes, changed_);
  start_again({{kHugePages, "never"}});
  const std::optional<RestoreReport> report = restore_journal_after_restart(machine(), 0);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->complete());
  EXPECT_EQ(report->num_restored, 1u);
  EXPECT_EQ(text(kHugePages), "madvise");
  EXPECT_EQ(kernel_->nodes.count(journal_), 0u);
  EXPECT_FALSE(restore_journal_after_restart(machine(), 0));
}

TEST_F(JournalRestores, AfterARestartLeaveAJournalThatDoesNotSayOfWhichStartItIs) {
  start_again({{kHugePages, "never"}});
  kernel_->nodes[journal_][0] ^= 1;
  const FakeKernel::Nodes before = kernel_->nodes;
  EXPECT_FALSE(restore_journal_after_restart(machine(), 0));
  EXPECT_EQ(kernel_->nodes, before);
}

TEST_F(JournalRestores, AfterARestartLeaveADriverAlone) {
  start_again({{kHugePages, "never"}});
  const WriterLock driver(journal_, "");
  EXPECT_PM_ERROR(restore_journal_after_restart(machine(), 0), ErrorCode::kBusy, "is being written by process");
}

TEST_F(JournalRestores, TruncatedAnywhereUndoWhatIsWhole) {
  const std::string whole = text(journal_);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    kernel_->nodes = changed_;
    kernel_->nodes[journal_] = whole.substr(0, size);
    const std::vector<JournalEntry> entries = read_journal(whole.substr(0, size)).entries;
    const RestoreReport report = restore_journal(machine(), 0);
    ASSERT_TRUE(report.complete()) << size;
    EXPECT_EQ(report.num_restored, entries.size());
    FakeKernel::Nodes expected = changed_;
    expected.erase(journal_);
    for (const JournalEntry& entry : entries) expected[entry.setting] = test_tree().at(entry.setting);
    ASSERT_EQ(kernel_->nodes, expected) << size;
  }
}

TEST_F(JournalRestores, DamagedAnywhereUndoWhatIsWholeAndSaySo) {
  const std::string whole = text(journal_);
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    kernel_->nodes = changed_;
    kernel_->nodes[journal_][i] ^= 1;
    const std::string damaged = text(journal_);
    EXPECT_PM_ERROR(restore_journal(machine(), 0), ErrorCode::kCorrupt, "is damaged in line");
    EXPECT_EQ(text(journal_), damaged);
    int num_left = 0;
    for (const auto& [path, original] : test_tree()) num_left += text(path) != original ? 1 : 0;
    EXPECT_LE(num_left, 2) << i;  // a line end that is none any more takes two entries with it
  }
}

TEST_F(JournalRestores, DamagedEndTheJournalWhenTheLinesAreForgotten) {
  const std::size_t second_line = text(journal_).find('\n') + 1;
  kernel_->nodes[journal_][second_line] ^= 1;
  EXPECT_PM_ERROR(restore_journal(machine(), 0), ErrorCode::kCorrupt,
                  "set back by hand what these lines name, then forget them: restore --forget 'line 2'");
  EXPECT_PM_ERROR(restore_journal(machine(), 0, {"line 3"}), ErrorCode::kNotFound, "to forget, but 'line 2', '/");
  const RestoreReport report = restore_journal(machine(), 0, {"line 2"});
  EXPECT_TRUE(report.complete());
  ASSERT_EQ(report.forgotten.size(), 1u);
  EXPECT_EQ(report.forgotten[0].what, "line 2");
  EXPECT_EQ(kernel_->nodes.count(journal_), 0u);
}

TEST_F(JournalRestores, OfALaterVersionAreRefused) {
  kernel_->nodes[journal_] =
      "eba046c7 {\"board\":\"x\",\"boot\":\"y\",\"journal\":\"perfmodel knobs\",\"process\":1,\"version\":2}\n";
  EXPECT_PM_ERROR(restore_journal(machine(), 0), ErrorCode::kVersion, "version 2");
}

/// On real files, through the public functions.
class RestoresOnDisk : public ::testing::Test {
 protected:
  const DiskTree tree_;
  KnobDriverOptions options_ = tree_.options();
};

TEST_F(RestoresOnDisk, FindTheDefaultJournalUnderTheRoot) {
  options_.journal_path.clear();
  KnobDriver(test_board(), options_).set(all_changed());
  const std::string journal = tree_.root() + "/var/lib/perfmodel/knobs.journal";
  EXPECT_TRUE(std::filesystem::exists(journal));
  EXPECT_NE(tree_.files(), test_tree());
  EXPECT_TRUE(restore_from_journal(options_).complete());
  EXPECT_EQ(tree_.files(), test_tree());
}

TEST_F(RestoresOnDisk, FollowNoJournalThatOthersMayWrite) {
  KnobDriver(test_board(), options_).set({{"num_cores", 2}});
  ASSERT_EQ(::chmod(options_.journal_path.c_str(), 0666), 0);
  EXPECT_PM_ERROR(restore_from_journal(options_), ErrorCode::kPermission, "others may write to it");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chmod(options_.journal_path.c_str(), 0644), 0);
    ASSERT_EQ(::chown(options_.journal_path.c_str(), 12345, 12345), 0);
    EXPECT_PM_ERROR(restore_from_journal(options_), ErrorCode::kPermission, "it belongs to user 12345");
    ASSERT_EQ(::chown(options_.journal_path.c_str(), 0, 0), 0);
  }
  ASSERT_EQ(::chmod(options_.journal_path.c_str(), 0644), 0);
  EXPECT_TRUE(restore_from_journal(options_).complete());
}

TEST_F(RestoresOnDisk, TakeAJournalBesideTheProgram) {
  const TemporaryFolder here;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(here.path());
  options_.journal_path = "here.journal";
  KnobDriver(test_board(), options_).set({{"num_cores", 2}});
  EXPECT_TRUE(std::filesystem::exists(here.file("here.journal")));
  EXPECT_TRUE(restore_from_journal(options_).complete());
  EXPECT_TRUE(std::filesystem::is_empty(here.path()));
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace perfmodel
