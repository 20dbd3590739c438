#include <gmock/gmock.h>

#include <cmath>

#include "expect_error.h"
#include "knob/driver_fixture.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class Mechanisms : public DriverFixture {};

TEST_F(Mechanisms, ARangeThatRisesMovesItsMaximumFirst) {
  KnobDriver knobs = driver();
  knobs.set({{"gpu_freq_hz", 114750000}});
  kernel_->writes.clear();
  knobs.set({{"gpu_freq_hz", 1300500000}});
  EXPECT_THAT(kernel_->writes,
              ElementsAre(Pair(in(kGpu, "max_freq"), "1300500000"), Pair(in(kGpu, "min_freq"), "1300500000")));
  kernel_->writes.clear();
  knobs.set({{"gpu_freq_hz", 420750000}});
  EXPECT_THAT(kernel_->writes,
              ElementsAre(Pair(in(kGpu, "min_freq"), "420750000"), Pair(in(kGpu, "max_freq"), "420750000")));
}

/// The fake refuses a minimum above the maximum, as kernels do.
TEST_F(Mechanisms, ARangeIsNeverInTheWrongOrder) {
  Random random(7);
  KnobDriver knobs = driver();
  for (int i = 0; i < 200; ++i) {
    const KnobStatus gpu = knobs.get("gpu_freq_hz");
    const auto level = static_cast<std::uint64_t>(random.integer(0, 2));
    knobs.set({{"gpu_freq_hz", gpu.option->value(level)}, {"num_cores", static_cast<double>(random.integer(1, 4))}});
    if (random.integer(0, 3) == 0) {
      EXPECT_TRUE(knobs.restore().complete());
      expect_original();
    }
  }
}

TEST_F(Mechanisms, CoresComeInOrderAndGoInReverse) {
  KnobDriver knobs = driver();
  knobs.set({{"num_cores", 1}});
  EXPECT_THAT(kernel_->writes, ElementsAre(Pair(in(kCpu, "cpu3/online"), "0"), Pair(in(kCpu, "cpu2/online"), "0"),
                                           Pair(in(kCpu, "cpu1/online"), "0")));
  kernel_->writes.clear();
  knobs.set({{"num_cores", 3}});
  EXPECT_THAT(kernel_->writes, ElementsAre(Pair(in(kCpu, "cpu1/online"), "1"), Pair(in(kCpu, "cpu2/online"), "1")));
}

TEST_F(Mechanisms, CoresAreFoundWhereTheTableNamesNone) {
  const Board board = Board::from_json(R"({"version": 1, "name": "x", "title": "X", "tested_on_hardware": false,
    "knobs": [{"name": "num_cores", "kind": "integer", "cores": {"file": "/sys/devices/system/cpu/cpu{core}/online"}}]})");
  kernel_->nodes[in(kCpu, "cpu0/online")] = "1";
  kernel_->nodes[in(kCpu, "cpu10/online")] = "0";
  kernel_->nodes[in(kCpu, "cpufreq/online")] = "1";  // no core
  KnobDriverOptions options;
  options.accept_pinned = true;  // one is offline
  KnobDriver knobs = make_knob_driver(board, options, machine());
  EXPECT_EQ(knobs.get("num_cores").option->num_levels(), 5u);
  EXPECT_EQ(knobs.get("num_cores").current, 4);
  knobs.set({{"num_cores", 5}});
  EXPECT_EQ(text(in(kCpu, "cpu10/online")), "1");
  knobs.set({{"num_cores", 1}});
  EXPECT_EQ(text(in(kCpu, "cpu0/online")), "1");
  EXPECT_EQ(text(in(kCpu, "cpufreq/online")), "1");
}

TEST_F(Mechanisms, PoliciesThatComeWithTheirCoresAreSetToo) {
  for (const bool stay : {false, true}) {
    SCOPED_TRACE(stay);
    kernel_->idle_policies_stay = stay;
    kernel_->nodes[in(kCpu, "cpu2/online")] = kernel_->nodes[in(kCpu, "cpu3/online")] = "0";
    KnobDriverOptions options;
    options.accept_pinned = true;  // some cores are offline
    KnobDriver knobs = driver(options);
    EXPECT_EQ(knobs.set({{"cpu_freq_hz", 518400000}})[0].num_writes, 3);
    EXPECT_EQ(knobs.set({{"cpu_freq_hz", 518400000}, {"num_cores", 3}})[1].num_writes, 2);
    EXPECT_EQ(text(in(kPolicy2, "scaling_min_freq")), "518400");
    // The policy needs its core to be restored, and the core was offline.
    knobs.set({{"num_cores", 1}});
    const RestoreReport report = knobs.restore();
    EXPECT_TRUE(report.complete());
    EXPECT_EQ(text(in(kPolicy2, "scaling_min_freq")), "102000");
    EXPECT_EQ(text(in(kCpu, "cpu2/online")), "0");
    kernel_->nodes[in(kCpu, "cpu2/online")] = kernel_->nodes[in(kCpu, "cpu3/online")] = "1";
    expect_original();
  }
}

TEST_F(Mechanisms, LevelsOfSeveralPoliciesAreThoseOfAll) {
  kernel_->nodes[in(kPolicy2, "scaling_available_frequencies")] = "102000 1036800 2000000";
  const KnobStatus cpu = driver().get("cpu_freq_hz");
  ASSERT_EQ(cpu.option->num_levels(), 2u);
  EXPECT_EQ(cpu.option->value(1), 1036.8e6);
  kernel_->nodes[in(kPolicy2, "scaling_available_frequencies")] = "5";
  EXPECT_EQ(driver().get("cpu_freq_hz").why_not, "its levels are not known");
}

TEST_F(Mechanisms, TheSelectedOfAListIsSetAndRestored) {
  kernel_->nodes[kHugePages] = "always [madvise] never";
  kernel_->choices = {kHugePages};
  KnobDriver knobs = driver();
  EXPECT_EQ(knobs.set({{"huge_pages", 0}})[0].read_back, 0);
  EXPECT_EQ(text(kHugePages), "[always] madvise never");
  EXPECT_TRUE(knobs.restore().complete());
  EXPECT_EQ(text(kHugePages), "always [madvise] never");
}

TEST_F(Mechanisms, WhatComesBeforeMustBeThereUnlessItIsOptional) {
  kernel_->nodes.erase("/sys/module/qos/parameters/enable");
  kernel_->nodes.erase("/sys/devices/gpu.0/railgate_enable");
  KnobDriver knobs = driver();
  knobs.set({{"cpu_freq_hz", 518400000}});
  EXPECT_PM_ERROR(knobs.set({{"gpu_freq_hz", 420750000}}), ErrorCode::kUnsupported,
                  "knob 'gpu_freq_hz': '/sys/devices/gpu.0/railgate_enable' is not there");
}

TEST_F(Mechanisms, WhatHoldsNoNumberIsNoSetting) {
  kernel_->nodes[in(kGpu, "max_freq")] = "<unsupported>";
  KnobDriver knobs = driver();
  EXPECT_PM_ERROR(knobs.set({{"gpu_freq_hz", 420750000}}), ErrorCode::kUnsupported,
                  "holds '<unsupported>', which is no number");
  EXPECT_FALSE(knobs.changed());
}

TEST_F(Mechanisms, WhatNothingTellsIsNotANumber) {
  kernel_->nodes[in(kGpu, "cur_freq")] = "<unknown>";
  KnobDriver knobs = driver();
  EXPECT_TRUE(std::isnan(knobs.set({{"gpu_freq_hz", 420750000}})[0].effective));
}

}  // namespace
}  // namespace perfmodel
