#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/writer_lock.h"
#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "knob/journal_owner.h"
#include "knob/journal_text.h"

namespace perfmodel {
namespace {

/// What one driver leaves to the next.
class UnfinishedJournals : public DriverFixture {
 protected:
  static KnobDriverOptions continuing() {
    KnobDriverOptions options;
    options.unfinished_journal = UnfinishedJournal::kContinue;
    return options;
  }
};

TEST_F(UnfinishedJournals, AreNotAddedToUnasked) {
  driver().set({{"num_cores", 2}});
  KnobDriver next = driver();
  EXPECT_PM_ERROR(next.set({{"num_cores", 1}}), ErrorCode::kBusy,
                  "and did not undo; restore first: restore_from_journal() or perfmodel-knobs restore");
  EXPECT_EQ(text(in(kCpu, "cpu1/online")), "1");
  EXPECT_EQ(next.get("num_cores").current, 2);
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  expect_original();
  next.set({{"num_cores", 1}});
  EXPECT_TRUE(next.restore().complete());
}

TEST_F(UnfinishedJournals, AreAddedToWhenAskedTo) {
  driver().set({{"num_cores", 2}});
  KnobDriver next = driver(continuing());
  next.set({{"num_cores", 1}, {"memory_freq_hz", 665600000}});
  EXPECT_TRUE(next.restore().complete());
  expect_original();
}

TEST_F(UnfinishedJournals, BelongToWhoeverWroteLast) {
  const auto owner = [&] { return read_journal(text(journal_)).header->owner; };
  kernel_->nodes[in(kCpu, "cpu3/online")] = "0";
  const std::string left = journal_line(JournalHeader{"boot-1", "test", ::getpid(), "another's"}) +
                           journal_line(JournalEntry{in(kCpu, "cpu3/online"), "1", "0", SettingRole::kCore, ""});
  kernel_->nodes[journal_] = left;
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 0u);  // although the number is this one's
  EXPECT_EQ(text(journal_), left);
  KnobDriver next = driver(continuing());
  next.set({{"batch", 2}});
  EXPECT_EQ(owner(), "another's");  // nothing was written
  next.set({{"num_cores", 2}});
  EXPECT_EQ(owner(), journal_owner());
  next = driver();
  EXPECT_EQ(roll_back_journal(machine(), 0, "another's").num_restored, 0u);
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 1u);
  EXPECT_EQ(text(in(kCpu, "cpu2/online")), "1");
  EXPECT_EQ(text(in(kCpu, "cpu3/online")), "0");
  EXPECT_EQ(restore_journal(machine(), 0).num_restored, 1u);
  expect_original();
}

TEST_F(UnfinishedJournals, OfAnOlderBuildBelongToNobody) {
  kernel_->nodes[in(kCpu, "cpu3/online")] = "0";
  kernel_->nodes[journal_] = journal_line(JournalHeader{"boot-1", "test", ::getpid()}) +
                             journal_line(JournalEntry{in(kCpu, "cpu3/online"), "1", "0", SettingRole::kCore, ""});
  EXPECT_EQ(roll_back_journal(machine(), 0, journal_owner()).num_restored, 0u);
  EXPECT_EQ(restore_journal(machine(), 0).num_restored, 1u);
  expect_original();
}

TEST_F(UnfinishedJournals, ThatWereTornAreAddedToWhole) {
  driver().set({{"num_cores", 2}});
  kernel_->nodes[journal_].resize(kernel_->nodes[journal_].size() - 5);
  KnobDriver next = driver(continuing());
  next.set({{"memory_freq_hz", 665600000}});
  const Journal journal = read_journal(text(journal_));
  EXPECT_TRUE(journal.damaged.empty());
  EXPECT_EQ(journal.entries.size(), 3u);  // a core, the rate and its lock
}

TEST_F(UnfinishedJournals, OfAnEarlierStartAreDroppedWhenNothingHoldsAnyMore) {
  driver().set({{"num_cores", 2}});
  kernel_->nodes = [&] {
    FakeKernel::Nodes started = test_tree();
    started["/proc/sys/kernel/random/boot_id"] = "boot-2";
    started[journal_] = text(journal_);
    return started;
  }();
  const FakeKernel::Nodes before = kernel_->nodes;
  for (const KnobDriverOptions& options : {KnobDriverOptions(), continuing()}) {
    kernel_->nodes = before;
    KnobDriver next = driver(options);
    EXPECT_TRUE(next.get("num_cores").writable);
    next.set({{"memory_freq_hz", 665600000}});
    EXPECT_EQ(read_journal(text(journal_)).header->boot, "boot-2");
    EXPECT_EQ(read_journal(text(journal_)).entries.size(), 2u);
  }
}

TEST_F(UnfinishedJournals, OfAnEarlierStartAreRefusedWhenSomethingHolds) {
  driver().set({{"num_cores", 2}});
  kernel_->nodes["/proc/sys/kernel/random/boot_id"] = "boot-2";
  for (const KnobDriverOptions& options : {KnobDriverOptions(), continuing()}) {
    KnobDriver next = driver(options);
    EXPECT_EQ(next.get("num_cores").why_not_code, ErrorCode::kBusy);
    EXPECT_PM_ERROR(next.set({{"num_cores", 1}}), ErrorCode::kBusy,
                    "is of an earlier start of the machine, and '/sys/devices/system/cpu/cpu3/online' still holds");
  }
}

TEST_F(UnfinishedJournals, AreAReasonNotToBeWritable) {
  driver().set({{"num_cores", 2}});
  KnobDriver next = driver();
  const KnobStatus refused = next.get("huge_pages");
  EXPECT_FALSE(refused.writable);
  EXPECT_EQ(refused.why_not_code, ErrorCode::kBusy);
  EXPECT_THAT(refused.why_not, ::testing::HasSubstr("and did not undo; restore first"));
  EXPECT_TRUE(next.get("batch").writable);  // needs no journal
  EXPECT_TRUE(driver(continuing()).get("huge_pages").writable);
  KnobDriver own = driver(continuing());
  own.set({{"num_cores", 1}});
  EXPECT_TRUE(own.get("huge_pages").writable);
  kernel_->nodes[journal_][0] ^= 1;
  EXPECT_EQ(driver(continuing()).get("huge_pages").why_not_code, ErrorCode::kCorrupt);
}

TEST_F(UnfinishedJournals, ThatAreDamagedAreNotAddedTo) {
  driver().set({{"num_cores", 2}});
  kernel_->nodes[journal_][0] ^= 1;
  EXPECT_PM_ERROR(driver(continuing()).set({{"num_cores", 1}}), ErrorCode::kCorrupt, "is damaged in line 1");
}

TEST_F(UnfinishedJournals, InWhichNothingWasDoneAreNone) {
  for (const char* left : {"", "0123abcd", "0123abcd {\"board\":\"x"}) {
    kernel_->nodes[journal_] = left;
    KnobDriver knobs = driver();
    knobs.set({{"num_cores", 2}});
    EXPECT_EQ(read_journal(text(journal_)).entries.size(), 2u);
    EXPECT_TRUE(knobs.restore().complete());
    expect_original();
  }
}

TEST_F(UnfinishedJournals, AreNoOtherFilesThatLieThere) {
  for (const char* other : {"my thesis", "0123abcd {\"jour", "a\nb\n", "\n", "12345678 \n"}) {
    kernel_->nodes[journal_] = other;
    EXPECT_PM_ERROR(driver(continuing()).set({{"num_cores", 2}}), ErrorCode::kCorrupt, "is");
    EXPECT_PM_ERROR(restore_journal(machine(), 0), ErrorCode::kCorrupt, "'" + journal_ + "' is");
    EXPECT_EQ(text(journal_), other);
    EXPECT_TRUE(kernel_->writes.empty());
  }
  kernel_->nodes[journal_] = "my thesis";
  EXPECT_PM_ERROR(driver().set({{"num_cores", 2}}), ErrorCode::kCorrupt, "is no journal of knobs, and stays as it is");
}

TEST_F(UnfinishedJournals, OfAnotherDriverThatIsAtWorkAreBusy) {
  KnobDriver first = driver();
  first.set({{"num_cores", 2}});
  KnobDriver second = driver(continuing());
  EXPECT_PM_ERROR(second.set({{"num_cores", 1}}), ErrorCode::kBusy, "knobs have one writer at a time");
  EXPECT_PM_ERROR(restore_journal(machine(), 0), ErrorCode::kBusy, std::to_string(::getpid()));
  EXPECT_EQ(second.list().size(), 6u);  // reading is for everybody
  EXPECT_EQ(second.get("num_cores").current, 2);
  EXPECT_TRUE(first.restore().complete());
  second.set({{"num_cores", 1}});
  EXPECT_PM_ERROR(first.set({{"num_cores", 2}}), ErrorCode::kBusy, "knobs have one writer at a time");
  EXPECT_TRUE(second.restore().complete());
}

TEST_F(UnfinishedJournals, OfOtherNamesDoNotLetTwoDriversWrite) {
  KnobMachine other = machine();
  other.journal_path = folder_.file("other.journal");
  KnobDriver first = driver(), second = make_knob_driver(test_board(), {}, other);
  first.set({{"num_cores", 2}});
  EXPECT_PM_ERROR(second.set({{"num_cores", 3}}), ErrorCode::kBusy,
                  "knobs' is being written by process " + std::to_string(::getpid()));
  EXPECT_EQ(second.get("num_cores").current, 2);
  EXPECT_TRUE(first.restore().complete());
  second.set({{"num_cores", 3}});
  EXPECT_TRUE(second.restore().complete());
  expect_original();
}

TEST_F(UnfinishedJournals, OfAUserWhoMayNotLockTheMachineHaveALockOfTheUser) {
  KnobMachine users = machine();
  users.lock_path = folder_.file("link");  // whose lock is none, which is kPermission to root, too
  std::filesystem::create_symlink(folder_.file("nothing"), users.lock_path + ".lock");
  EXPECT_PM_ERROR(make_knob_driver(test_board(), {}, users).set({{"num_cores", 2}}), ErrorCode::kPermission, "link");
  users.user_lock_path = folder_.file("user");
  KnobMachine other = users;
  other.journal_path = folder_.file("other.journal");
  KnobDriver first = make_knob_driver(test_board(), {}, users), second = make_knob_driver(test_board(), {}, other);
  first.set({{"num_cores", 2}});
  EXPECT_PM_ERROR(second.set({{"num_cores", 3}}), ErrorCode::kBusy, "user' is being written by process");
}

TEST_F(UnfinishedJournals, OfAnotherProcessThatIsAtWorkAreBusy) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t other = ::fork();
  if (other == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const WriterLock lock(journal_, "");
    const bool is_told = ::write(ready[1], "x", 1) == 1;
    ::pause();
    ::_exit(is_told ? 0 : 1);
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  KnobDriver knobs = driver();
  EXPECT_PM_ERROR(knobs.set({{"num_cores", 1}}), ErrorCode::kBusy, std::to_string(other));
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  EXPECT_EQ(knobs.set({{"num_cores", 1}})[0].read_back, 1);  // the lock goes with its owner
}

}  // namespace
}  // namespace perfmodel
