#include <gmock/gmock.h>

#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "knob/journal_text.h"

namespace perfmodel {
namespace {

/// What machines do instead of what they were asked for.
class Refusals : public DriverFixture {
 protected:
  /// Throws when an operation of a kind on a file is about to happen for the nth time, from 1.
  void fail(FileOperation::Kind kind, const std::string& path, ErrorCode code, int nth = 1) {
    hook_->before = [=, count = 0](const FileOperation& operation) mutable {
      if (operation.kind == kind && operation.path == path && ++count == nth) throw Error(code, "injected");
    };
  }

  const std::string max_freq_ = in(kGpu, "max_freq");
  const std::vector<KnobValue> slow_gpu_ = {{"gpu_freq_hz", 420750000}};
};

TEST_F(Refusals, AClampedValueIsAMismatchThatNamesBoth) {
  kernel_->caps[in(kEmc, "rate")] = 700000000;
  KnobDriver knobs = driver();
  knobs.set({{"memory_freq_hz", 204000000}});
  EXPECT_PM_ERROR(knobs.set({{"memory_freq_hz", 1600000000}}), ErrorCode::kMismatch,
                  "knob 'memory_freq_hz': 1600000000 was set, but it reads back as 700000000 after 2 s");
}

TEST_F(Refusals, AnotherLevelWithinTheToleranceIsAMismatch) {
  // A processor's turbo shows as a level 1 MHz above the highest, less than the tolerance of a thousandth.
  kernel_->nodes["/sys/kernel/debug/bpmp/debug/emc/possible_rates"] = "204000 2900000 2901000";
  kernel_->caps[in(kEmc, "rate")] = 2900000000;
  EXPECT_PM_ERROR(driver().set({{"memory_freq_hz", 2901000000}}), ErrorCode::kMismatch, "reads back as 2900000000");
}

TEST_F(Refusals, ARoundedValueIsTaken) {
  kernel_->caps[in(kEmc, "rate")] = 665599992;
  EXPECT_EQ(driver().set({{"memory_freq_hz", 665600000}})[0].read_back, 665599992);
}

TEST_F(Refusals, AValueThatShowsLateIsWaitedFor) {
  kernel_->delays_s[max_freq_] = 1.5;
  KnobDriver knobs = driver();
  EXPECT_EQ(knobs.set(slow_gpu_)[0].read_back, 420750000);
  EXPECT_GE(clock_->now_s(), 1.5);
  EXPECT_LE(clock_->now_s(), 1.65);  // steps of at most a tenth of a second
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_GE(clock_->now_s(), 3);
  expect_original();
}

TEST_F(Refusals, AValueThatShowsTooLateIsAMismatch) {
  kernel_->delays_s[in(kEmc, "rate")] = 2.5;
  KnobDriverOptions options;
  EXPECT_PM_ERROR(driver(options).set({{"memory_freq_hz", 665600000}}), ErrorCode::kMismatch,
                  "reads back as 1600000000 after 2 s");
  EXPECT_DOUBLE_EQ(clock_->now_s(), 2);
}

TEST_F(Refusals, ALevelThatTheDeviceRefusesIsAMismatch) {
  fail(FileOperation::Kind::kWrite, max_freq_, ErrorCode::kInvalidArgument);
  EXPECT_PM_ERROR(driver().set(slow_gpu_), ErrorCode::kMismatch, "knob 'gpu_freq_hz': injected");
}

TEST_F(Refusals, WhatIsKnownToBeRefusedKeepsOtherKnobsFromBeingWritten) {
  kernel_->read_only.insert(max_freq_);
  std::vector<KnobValue> values = slow_gpu_;
  values.push_back({"num_cores", 2});
  EXPECT_PM_ERROR(driver().set(values), ErrorCode::kPermission, "knob 'gpu_freq_hz': no permission to write");
  EXPECT_TRUE(kernel_->writes.empty());
  expect_original();
}

TEST_F(Refusals, EachReasonHasACodeOfItsOwn) {
  using Kind = FileOperation::Kind;
  const std::pair<ErrorCode, ErrorCode> codes[] = {{ErrorCode::kPermission, ErrorCode::kPermission},
                                                   {ErrorCode::kBusy, ErrorCode::kBusy},
                                                   {ErrorCode::kIo, ErrorCode::kIo},
                                                   {ErrorCode::kNotFound, ErrorCode::kUnsupported}};
  for (const auto& [injected, expected] : codes) {
    KnobDriver knobs = driver();
    fail(Kind::kWrite, max_freq_, injected);
    EXPECT_PM_ERROR(knobs.set(slow_gpu_), expected, "knob 'gpu_freq_hz': injected");
    EXPECT_TRUE(knobs.changed());
    EXPECT_TRUE(knobs.restore().complete());
    expect_original();
  }
}

TEST_F(Refusals, WhatMayNotBeLookedForIsNotWhatIsNotThere) {
  struct Look {
    FileOperation::Kind kind;
    std::string path;
    KnobValue value;
  };
  const Look looks[] = {
      {FileOperation::Kind::kMatch, kEmc, {"memory_freq_hz", 665600000}},
      {FileOperation::Kind::kExists, in(kCpu, "cpu2/online"), {"num_cores", 2}},
      // Optional, but nobody knows whether it is there.
      {FileOperation::Kind::kMatch, "/sys/module/qos/parameters/enable", {"cpu_freq_hz", 518400000}},
  };
  for (const Look& look : looks) {
    SCOPED_TRACE(look.path);
    for (const ErrorCode code : {ErrorCode::kPermission, ErrorCode::kIo}) {
      hook_->before = [&](const FileOperation& operation) {
        if (operation.kind == look.kind && operation.path == look.path) throw Error(code, "may not be looked for");
      };
      KnobDriver knobs = driver();
      EXPECT_EQ(knobs.get(look.value.name).why_not, "may not be looked for");
      EXPECT_EQ(knobs.get(look.value.name).why_not_code, code);
      EXPECT_PM_ERROR(knobs.set({look.value}), code, "knob '" + look.value.name + "': may not be looked for");
      EXPECT_TRUE(kernel_->writes.empty());
    }
  }
  hook_->before = [](const FileOperation& operation) {
    if (operation.path == kEmc) throw Error(ErrorCode::kNotFound, "");
  };
  EXPECT_EQ(driver().get("memory_freq_hz").why_not, "'" + std::string(kEmc) + "' is not there");
  EXPECT_EQ(driver().get("memory_freq_hz").why_not_code, ErrorCode::kUnsupported);
}

TEST_F(Refusals, AKnobThatFailsLeavesThoseBeforeItSet) {
  fail(FileOperation::Kind::kWrite, max_freq_, ErrorCode::kIo);
  KnobDriver knobs = driver();
  EXPECT_PM_ERROR(knobs.set(all_changed()), ErrorCode::kIo, "knob 'gpu_freq_hz'");
  EXPECT_EQ(text(in(kCpu, "cpu3/online")), "0");
  EXPECT_EQ(text(in(kEmc, "rate")), "1600000000");
  EXPECT_EQ(knobs.read().size(), 2u);
  EXPECT_TRUE(knobs.restore().complete());
  expect_original();
}

TEST_F(Refusals, AFileThatVanishesWhileItIsSetIsUnsupported) {
  hook_->before = [&](const FileOperation& operation) {
    if (operation.kind == FileOperation::Kind::kWrite && operation.path == max_freq_) kernel_->nodes.erase(max_freq_);
  };
  EXPECT_PM_ERROR(driver().set(slow_gpu_), ErrorCode::kUnsupported, "knob 'gpu_freq_hz': cannot write '" + max_freq_);
}

TEST_F(Refusals, NothingIsWrittenThatIsNotInTheJournal) {
  for (const ErrorCode code : {ErrorCode::kNoSpace, ErrorCode::kPermission, ErrorCode::kIo}) {
    KnobDriver knobs = driver();
    fail(FileOperation::Kind::kAppend, journal_, code);
    EXPECT_PM_ERROR(knobs.set(slow_gpu_), code, "injected");
    EXPECT_TRUE(kernel_->writes.empty());
    EXPECT_FALSE(knobs.changed());
  }
}

TEST_F(Refusals, AJournalLineThatWasNotWrittenWholeIsWrittenAgain) {
  KnobDriver knobs = driver();
  knobs.set({{"num_cores", 3}});
  hook_->before = [done = false](const FileOperation& operation) mutable {
    if (operation.kind != FileOperation::Kind::kAppend || std::exchange(done, true)) return;
    operation.files->append_synced(operation.path, operation.text.substr(0, operation.text.size() / 2));
    throw Error(ErrorCode::kNoSpace, "the disk is full");
  };
  EXPECT_PM_ERROR(knobs.set(slow_gpu_), ErrorCode::kNoSpace, "the disk is full");
  knobs.set(slow_gpu_);
  const Journal journal = read_journal(text(journal_));
  EXPECT_TRUE(journal.damaged.empty());
  EXPECT_FALSE(journal.is_torn);
  EXPECT_EQ(journal.entries.size(), 4u);
  EXPECT_TRUE(knobs.restore().complete());
  expect_original();
}

}  // namespace
}  // namespace perfmodel
