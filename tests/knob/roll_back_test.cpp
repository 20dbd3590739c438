#include <gmock/gmock.h>

#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "knob/fake_nvml.h"
#include "knob/journal_owner.h"
#include "knob/journal_text.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

/// A first process has set knobs and kept them; a driver of this one goes on with its journal.
class RollBacks : public DriverFixture {
 protected:
  RollBacks() {
    driver().set({{"num_cores", 3}, {"gpu_freq_hz", 420750000}});
    kept_ = knobs();
    kept_settings_ = settings_in_journal();
    Journal journal = read_journal(text(journal_));
    journal.header->owner = "another's";
    kernel_->nodes[journal_] = journal_line(*journal.header);
    for (const JournalEntry& entry : journal.entries) kernel_->nodes[journal_] += journal_line(entry);
  }
  static KnobDriverOptions continuing() {
    KnobDriverOptions options;
    options.unfinished_journal = UnfinishedJournal::kContinue;
    options.accept_pinned = true;
    return options;
  }
  static std::vector<KnobValue> second() {
    return {{"num_cores", 1}, {"gpu_freq_hz", 114750000}, {"memory_freq_hz", 665600000}};
  }
  FakeKernel::Nodes knobs() const {
    FakeKernel::Nodes nodes = kernel_->nodes;
    nodes.erase(journal_);
    return nodes;
  }
  std::vector<std::string> settings_in_journal() const {
    std::vector<std::string> settings;
    for (const JournalEntry& entry : read_journal(text(journal_)).entries) settings.push_back(entry.setting);
    return settings;
  }
  void expect_kept() {
    EXPECT_EQ(knobs(), kept_);
    EXPECT_EQ(settings_in_journal(), kept_settings_);
  }
  void expect_all_undone_by_a_restore() {
    EXPECT_TRUE(restore_journal(machine(), 0).complete());
    expect_original();
  }

  FakeKernel::Nodes kept_;
  std::vector<std::string> kept_settings_;  ///< a core, the GPU's gate, both ends of its range
};

TEST_F(RollBacks, LeaveWhatWasKeptBefore) {
  KnobDriver next = driver(continuing());
  next.set(second());
  next.set({{"gpu_freq_hz", 1300500000}});
  const RestoreReport report = next.roll_back();
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.num_restored, 6u);  // cores 1 and 2, both ends of the GPU's range, the rate and its lock
  EXPECT_FALSE(next.changed());
  expect_kept();
  expect_all_undone_by_a_restore();
}

TEST_F(RollBacks, OfTheFirstDriverLeaveNothing) {
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  KnobDriver first = driver();
  first.set(second());
  EXPECT_TRUE(first.roll_back().complete());
  expect_original();
}

TEST_F(RollBacks, OfADriverThatSetNothingDoNothing) {
  const std::string before = text(journal_);
  KnobDriver next = driver(continuing());
  EXPECT_EQ(next.roll_back().num_restored, 0u);
  EXPECT_PM_ERROR(next.set({{"num_cores", 17}}), ErrorCode::kInvalidArgument, "num_cores");
  next.set({{"num_cores", 3}});  // which they are
  EXPECT_EQ(next.roll_back().num_restored, 0u);
  EXPECT_EQ(text(journal_), before);
}

TEST_F(RollBacks, AreWhatAGuardDoesWhenASetFails) {
  kernel_->busy = {in(kEmc, "mrq_rate_locked")};
  EXPECT_THROW(
      {
        KnobDriver next = driver(continuing());
        const KnobGuard guard(next);
        next.set(second());
      },
      Error);
  kernel_->busy.clear();
  expect_kept();
}

TEST_F(RollBacks, CanBeFollowedByAnotherSet) {
  KnobDriver next = driver(continuing());
  next.set(second());
  EXPECT_TRUE(next.roll_back().complete());
  next.set({{"memory_freq_hz", 665600000}, {"num_cores", 2}});
  EXPECT_TRUE(next.roll_back().complete());
  expect_kept();
  next.set(second());
  EXPECT_TRUE(next.restore().complete());
  expect_original();
}

TEST_F(RollBacks, OfAProcessThatIsGoneCanBeDoneTwice) {
  driver(continuing()).set(second());
  EXPECT_EQ(roll_back_journal(machine(), 0, "another's").num_restored, 0u);
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 6u);
  expect_kept();
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 0u);
  expect_kept();
  expect_all_undone_by_a_restore();
}

TEST_F(RollBacks, LeaveNothingOfTheirsInTheJournal) {
  KnobDriver next = driver(continuing());
  next.set(second());
  EXPECT_TRUE(next.roll_back().complete());
  EXPECT_TRUE(read_journal(text(journal_)).own.empty());
  next = driver();
  kernel_->nodes[in(kCpu, "cpu3/online")] = "1";  // by another, who keeps no journal
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 0u);
  EXPECT_EQ(text(in(kCpu, "cpu3/online")), "1");
}

TEST_F(RollBacks, LeaveInTheJournalWhatAnotherDriverOfTheProcessSet) {
  driver(continuing()).set({{"num_cores", 2}});
  KnobDriver next = driver(continuing());
  next.set({{"num_cores", 1}, {"gpu_freq_hz", 1300500000}});
  EXPECT_TRUE(next.roll_back().complete());
  const Journal journal = read_journal(text(journal_));
  ASSERT_EQ(journal.own.size(), 1u);
  EXPECT_EQ(journal.own[0].setting, in(kCpu, "cpu2/online"));
}

TEST_F(RollBacks, OfAProcessThatIsGoneUndoWhatAllItsDriversSet) {
  driver(continuing()).set({{"gpu_freq_hz", 1300500000}, {"num_cores", 2}});
  const FakeKernel::Nodes by_one = knobs();
  KnobDriver next = driver(continuing());
  next.set(second());
  EXPECT_TRUE(next.roll_back().complete());  // of this driver alone
  EXPECT_EQ(knobs(), by_one);
  next.set(second());
  next = driver();
  EXPECT_TRUE(roll_back_journal(machine(), 0, journal_owner()).complete());
  expect_kept();
  expect_all_undone_by_a_restore();
}

TEST_F(RollBacks, AreTheStateToReturnToAfterANewStart) {
  KnobDriver next = driver(continuing());
  next.set({{"gpu_freq_hz", 114750000}});
  EXPECT_TRUE(next.roll_back().complete());
  kernel_->nodes["/proc/sys/kernel/random/boot_id"] = "boot-2";  // and all is held as if it were the same start
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  kernel_->nodes["/proc/sys/kernel/random/boot_id"] = "boot-1";
  expect_original();
}

TEST_F(RollBacks, MayFailInEveryOperationAndCanBeDoneAgain) {
  const FakeKernel::Nodes before = kernel_->nodes;
  bool has_struck = true;
  int num_failed = 0;
  for (int i = 0; has_struck; ++i) {
    SCOPED_TRACE(i);
    kernel_->nodes = before;
    KnobDriver next = driver(continuing());
    next.set(second());
    has_struck = false;
    hook_->num_operations = 0;
    hook_->before = [&](const FileOperation& operation) {
      if (operation.number < i) return;
      has_struck = true;
      throw Error(ErrorCode::kIo, "gone");
    };
    num_failed += next.roll_back().complete() ? 0 : 1;
    hook_->before = nullptr;
    if (i % 2 == 0) {
      EXPECT_TRUE(next.roll_back().complete());
    } else {  // by the guard of a process that is gone
      next = driver();
      EXPECT_TRUE(roll_back_journal(machine(), 0, journal_owner()).complete());
    }
    expect_kept();
    expect_all_undone_by_a_restore();
  }
  EXPECT_GT(num_failed, 10);
}

TEST_F(RollBacks, LockClocksAsTheyWereLockedBefore) {
  expect_all_undone_by_a_restore();
  const auto nvml = std::make_shared<FakeNvml>();
  KnobMachine gpu = machine();
  gpu.open_nvml = [&] { return nvml; };
  const Board board = Board::from_json(R"({"version": 1, "name": "gpu", "title": "GPU", "tested_on_hardware": false,
    "knobs": [{"name": "gpu_freq_hz", "unit": "hz", "kind": "ordinal", "nvml": {"setting": "gpu_clock"}}]})");
  make_knob_driver(board, continuing(), gpu).set({{"gpu_freq_hz", 900e6}});
  KnobDriver next = make_knob_driver(board, continuing(), gpu);
  next.set({{"gpu_freq_hz", 300e6}});
  EXPECT_TRUE(next.roll_back().complete());
  EXPECT_EQ(nvml->locked_gpu_hz, 900e6);
  EXPECT_TRUE(restore_journal(gpu, 0).complete());
  EXPECT_FALSE(nvml->locked_gpu_hz);
}

/// What restore_from_journal() may forget.
class Forgetting : public DriverFixture {
 protected:
  Forgetting() {
    driver().set(all_changed());
    kernel_->nodes.erase(kHugePages);  // for good
  }
};

TEST_F(Forgetting, DropsWhatCannotBeRestored) {
  EXPECT_EQ(restore_journal(machine(), 0).failures.size(), 1u);
  const RestoreReport report = restore_journal(machine(), 0, {kHugePages});
  EXPECT_TRUE(report.complete());
  ASSERT_EQ(report.forgotten.size(), 1u);
  EXPECT_EQ(report.forgotten[0].what, kHugePages);
  EXPECT_THAT(report.forgotten[0].reason, ::testing::HasSubstr("No such file"));
  EXPECT_EQ(kernel_->nodes.count(journal_), 0u);
}

TEST_F(Forgetting, DropsNothingElse) {
  kernel_->read_only = {in(kGpu, "max_freq")};
  const RestoreReport report = restore_journal(machine(), 0, {kHugePages});
  EXPECT_EQ(report.forgotten.size(), 1u);
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].what, in(kGpu, "max_freq"));
  const Journal left = read_journal(text(journal_));
  EXPECT_EQ(left.entries.size(), 11u);
  EXPECT_TRUE(left.damaged.empty());
  kernel_->read_only.clear();
  EXPECT_EQ(restore_journal(machine(), 0).num_restored, 1u);
}

TEST_F(Forgetting, RestoresWhatCanBe) {
  const RestoreReport report = restore_journal(machine(), 0, {in(kGpu, "max_freq")});
  EXPECT_TRUE(report.forgotten.empty());
  EXPECT_EQ(text(in(kGpu, "max_freq")), "1300500000");
  EXPECT_EQ(report.failures.size(), 1u);
}

TEST_F(Forgetting, OfWhatIsNotInTheJournalIsAnError) {
  const FakeKernel::Nodes before = kernel_->nodes;
  EXPECT_PM_ERROR(restore_journal(machine(), 0, {kHugePages, "/sys/fan"}), ErrorCode::kNotFound,
                  "has no setting '/sys/fan' to forget, but '/sys/devices/system/cpu/cpu3/online', '");
  EXPECT_EQ(kernel_->nodes, before);
  restore_journal(machine(), 0, {kHugePages});
  EXPECT_PM_ERROR(restore_journal(machine(), 0, {kHugePages}), ErrorCode::kNotFound, "to forget, it has none");
}

}  // namespace
}  // namespace perfmodel
