#include <gtest/gtest.h>

#include "expect_error.h"
#include "knob/driver_fixture.h"

namespace perfmodel {
namespace {

constexpr const char* kGate = "/sys/devices/gpu.0/railgate_enable";
constexpr const char* kQos = "/sys/module/qos/parameters/enable";

/// What a tool may have left behind is not returned to unasked.
class PinnedStates : public DriverFixture {
 protected:
  static KnobDriverOptions accepting() {
    KnobDriverOptions options;
    options.accept_pinned = true;
    return options;
  }

  const std::string max_freq_ = in(kGpu, "max_freq");
  const std::vector<KnobValue> slow_gpu_ = {{"gpu_freq_hz", 420750000}};
};

TEST_F(PinnedStates, OfARange) {
  kernel_->nodes[in(kGpu, "min_freq")] = "1300500000";
  {
    KnobDriver knobs = driver();
    EXPECT_PM_ERROR(knobs.set(slow_gpu_), ErrorCode::kMismatch,
                    "both hold 1300500000, which some tool may have left behind; accept_pinned (--accept-pinned) takes "
                    "that for the state to return to");
    EXPECT_TRUE(kernel_->writes.empty());
    knobs.set({{"gpu_freq_hz", 1300500000}});  // what precedes it is set, the range is not touched
    EXPECT_EQ(kernel_->writes.size(), 1u);
  }
  kernel_->nodes.erase(journal_);
  KnobDriverOptions options;
  options.accept_pinned = true;
  KnobDriver knobs = driver(options);
  knobs.set(slow_gpu_);
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(text(in(kGpu, "min_freq")), "1300500000");
}

TEST_F(PinnedStates, OfARateThatIsHeld) {
  const std::vector<KnobValue> slow_memory = {{"memory_freq_hz", 665600000}};
  kernel_->nodes[in(kEmc, "mrq_rate_locked")] = "1";
  EXPECT_PM_ERROR(driver().set(slow_memory), ErrorCode::kMismatch,
                  "knob 'memory_freq_hz': '" + in(kEmc, "mrq_rate_locked") + "' is '1' already, which some tool may");
  EXPECT_TRUE(kernel_->writes.empty());
  KnobDriverOptions options;
  options.accept_pinned = true;
  KnobDriver knobs = driver(options);
  knobs.set(slow_memory);
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(text(in(kEmc, "rate")), "1600000000");
  EXPECT_EQ(text(in(kEmc, "mrq_rate_locked")), "1");
}

TEST_F(PinnedStates, ARateThatTheDriverHoldsItselfIsNone) {
  KnobDriver knobs = driver();
  knobs.set({{"memory_freq_hz", 1600000000}});  // writes the lock alone
  knobs.set({{"memory_freq_hz", 665600000}});
  EXPECT_TRUE(knobs.restore().complete());
  expect_original();
}

TEST_F(PinnedStates, WhatTheDriverPinnedItselfIsNone) {
  kernel_->nodes[in(kGpu, "max_freq")] = "420750000";
  KnobDriver knobs = driver();
  knobs.set(slow_gpu_);  // moves the minimum alone
  knobs.set({{"gpu_freq_hz", 1300500000}});
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(text(in(kGpu, "min_freq")), "114750000");
  EXPECT_EQ(text(in(kGpu, "max_freq")), "420750000");
}

TEST_F(PinnedStates, ARangeOfOneLevelIsNotPinned) {
  kernel_->nodes[in(kGpu, "min_freq")] = kernel_->nodes[max_freq_] = "114750000";
  kernel_->nodes[in(kGpu, "available_frequencies")] = "420750000";
  EXPECT_EQ(driver().set(slow_gpu_)[0].read_back, 420750000);
}

TEST_F(PinnedStates, OfAGateThatIsOff) {
  kernel_->nodes[kGate] = "0";
  EXPECT_PM_ERROR(driver().set(slow_gpu_), ErrorCode::kMismatch,
                  "knob 'gpu_freq_hz': '" + std::string(kGate) + "' is '0' already, which some tool may have left");
  EXPECT_TRUE(kernel_->writes.empty());
  driver().set({{"memory_freq_hz", 665600000}});  // which has no such gate
  EXPECT_TRUE(restore_journal(machine(), 0).complete());
  KnobDriver knobs = driver(accepting());
  knobs.set(slow_gpu_);
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(text(kGate), "0");
}

TEST_F(PinnedStates, OfAGateThatTheDriverTurnedOffItselfIsNone) {
  kernel_->read_only = {in(kGpu, "min_freq"), max_freq_};
  KnobDriver knobs = driver();
  EXPECT_PM_ERROR(knobs.set(slow_gpu_), ErrorCode::kPermission, kGpu);
  EXPECT_EQ(text(kGate), "0");
  kernel_->read_only.clear();
  EXPECT_EQ(knobs.set(slow_gpu_)[0].read_back, 420750000);
  EXPECT_TRUE(knobs.restore().complete());
  expect_original();
}

TEST_F(PinnedStates, OfCoresStandInTheWayOfMoreOnly) {
  kernel_->nodes[in(kCpu, "cpu3/online")] = "0";
  KnobDriver knobs = driver();
  EXPECT_TRUE(knobs.get("num_cores").writable);
  EXPECT_EQ(knobs.pinned({"num_cores", 2}), "");
  const std::string found = "'" + in(kCpu, "cpu3/online") + "' is 0, its core offline already";
  EXPECT_EQ(knobs.pinned({"num_cores", 4}).find(found), 0u);
  EXPECT_EQ(driver(accepting()).pinned({"num_cores", 4}), "");
  knobs.set({{"num_cores", 2}});
  EXPECT_PM_ERROR(knobs.set({{"num_cores", 4}}), ErrorCode::kMismatch, "knob 'num_cores': " + found);
  knobs.set({{"num_cores", 3}});  // those that the driver took offline itself
  EXPECT_TRUE(knobs.restore().complete());
  KnobDriver accepts = driver(accepting());
  accepts.set({{"num_cores", 4}});
  EXPECT_EQ(text(in(kCpu, "cpu3/online")), "1");
  EXPECT_TRUE(accepts.restore().complete());
  EXPECT_EQ(text(in(kCpu, "cpu3/online")), "0");
}

TEST_F(PinnedStates, OfCoresAreNoneWhereSomethingTakesThemOfflineByItself) {
  const Board board = Board::from_json(R"({"version": 1, "name": "x", "title": "X", "tested_on_hardware": false,
    "knobs": [{"name": "num_cores", "kind": "integer",
               "before": [{"files": ["/sys/module/qos/parameters/enable"], "text": "0"}],
               "cores": {"file": "/sys/devices/system/cpu/cpu{core}/online", "numbers": [1, 2, 3]}}]})");
  kernel_->nodes[in(kCpu, "cpu3/online")] = "0";
  {
    KnobDriver knobs = make_knob_driver(board, {}, machine());
    knobs.set({{"num_cores", 4}});
    EXPECT_EQ(text(kQos), "0");
    EXPECT_TRUE(knobs.restore().complete());
    EXPECT_EQ(text(in(kCpu, "cpu3/online")), "0");
  }
  kernel_->nodes[kQos] = "0";  // now nothing does
  EXPECT_PM_ERROR(make_knob_driver(board, {}, machine()).set({{"num_cores", 4}}), ErrorCode::kMismatch,
                  "'" + std::string(kQos) + "' is '0' already");
}

TEST_F(PinnedStates, AreListed) {
  kernel_->nodes[in(kGpu, "min_freq")] = "1300500000";
  KnobStatus gpu = driver().get("gpu_freq_hz");
  EXPECT_FALSE(gpu.writable);
  EXPECT_EQ(gpu.why_not_code, ErrorCode::kMismatch);
  EXPECT_NE(gpu.why_not.find("both hold 1300500000"), std::string::npos);
  EXPECT_TRUE(driver(accepting()).get("gpu_freq_hz").writable);
  EXPECT_PM_ERROR(driver().pinned({"gpu_freq_hz", 5}), ErrorCode::kInvalidArgument, "5 is not an allowed level");
}

TEST_F(PinnedStates, OfAnUnfinishedJournalAreListedAsNone) {
  driver().set(slow_gpu_);
  KnobDriverOptions continuing;
  continuing.unfinished_journal = UnfinishedJournal::kContinue;
  const KnobStatus gpu = driver(continuing).get("gpu_freq_hz");
  EXPECT_EQ(gpu.current, 420750000);
  EXPECT_EQ(gpu.why_not, "");
  EXPECT_EQ(driver().get("gpu_freq_hz").why_not_code, ErrorCode::kBusy);  // which is another reason
  kernel_->nodes[journal_] += "rubbish\n";
  EXPECT_EQ(driver().pinned({"gpu_freq_hz", 1300500000}), "");  // the lines that are whole still say so
}

}  // namespace
}  // namespace perfmodel
