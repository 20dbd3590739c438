#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <thread>

#include "measure/clock.h"
#include "measure/quiet_baseline.h"
#include "measure/reference_loop.h"
#include "perfmodel/measure/protocol.h"

namespace perfmodel {
namespace {

TEST(Clock, HasAPositiveTick) {
  EXPECT_GT(clock_tick_ms(), 0);
  EXPECT_LT(clock_tick_ms(), 1);  // any monotonic clock that could time layers
  EXPECT_EQ(clock_tick_ms(), clock_tick_ms());
}

TEST(ReferenceLoop, TakesSomeTime) {
  EXPECT_GT(reference_loop_ms(), 0.001);
  EXPECT_LT(reference_loop_ms(), 20);  // 0.01 on a quiet machine; test machines may be anything but
}

TEST(QuietBaseline, IsOneOnAQuietMachine) {
  QuietBaseline baseline;
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(baseline.slowdown(0.02), 1);
}

TEST(QuietBaseline, SeesADisturbanceAndItsEnd) {
  QuietBaseline baseline;
  for (int i = 0; i < 1000; ++i) baseline.slowdown(0.02);
  for (int i = 0; i < 1000; ++i) EXPECT_DOUBLE_EQ(baseline.slowdown(0.03), 1.5);
  EXPECT_EQ(baseline.slowdown(0.02), 1);
}

TEST(QuietBaseline, IsNotFooledByRareFastRuns) {
  QuietBaseline baseline;
  for (int i = 0; i < 2000; ++i) baseline.slowdown(i % 20 == 0 ? 0.01 : 0.02);
  EXPECT_EQ(baseline.slowdown(0.02), 1);
}

TEST(QuietBaseline, FollowsALastingChange) {
  QuietBaseline baseline;
  for (int i = 0; i < 3000; ++i) baseline.slowdown(0.02);
  for (int i = 0; i < 3000; ++i) baseline.slowdown(0.03);
  EXPECT_EQ(baseline.slowdown(0.03), 1);
}

TEST(QuietBaseline, KnowsAQuietMachineBeforeItHasAHistory) {
  QuietBaseline baseline;
  EXPECT_EQ(baseline.slowdown(0.03), 1);
  EXPECT_EQ(baseline.slowdown(0.02), 1);
  EXPECT_DOUBLE_EQ(baseline.slowdown(0.03), 1.5);
}

TEST(InterferenceMonitor, AnswersPositiveNumbers) {
  InterferenceMonitor monitor;
  for (int i = 0; i < 20; ++i) EXPECT_GT(monitor.slowdown(), 0);
}

TEST(Affinity, PinsTheCallingThreadOnly) {
  const int cpu = quietest_cpu();
  EXPECT_GE(cpu, 0);
  std::thread([cpu] {
    EXPECT_TRUE(pin_current_thread(cpu));
    EXPECT_EQ(::sched_getcpu(), cpu);
  }).join();
}

TEST(Affinity, PutsTheThreadsCpusBack) {
  cpu_set_t before, after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  quietest_cpu();
  ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(Affinity, RefusesCpusThatDoNotExist) {
  EXPECT_FALSE(pin_current_thread(-1));
  EXPECT_FALSE(pin_current_thread(CPU_SETSIZE));
  EXPECT_FALSE(pin_current_thread(CPU_SETSIZE - 1));
}

TEST(ProtocolOnThisMachine, TimesASleep) {
  class Sleep : public PhasedWork {
   public:
    int num_phases() const override { return 1; }
    double run_ms(int, int repeats) override {
      const double start_ms = now_ms();
      for (int i = 0; i < repeats; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return now_ms() - start_ms;
    }
  };
  Sleep work;
  InterferenceMonitor monitor;
  const ProtocolResult result = run_protocol(work, {}, monitor);
  EXPECT_GE(result.num_samples, 10);
  EXPECT_GE(result.phases[0].minimum_ms, 1);
  EXPECT_GE(result.phases[0].median_ms, result.phases[0].minimum_ms);
}

}  // namespace
}  // namespace perfmodel
