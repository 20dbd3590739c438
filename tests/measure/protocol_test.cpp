#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "expect_error.h"
#include "measure/protocol_engine.h"

namespace perfmodel {
namespace {

using ::testing::Each;

/// Work that takes scripted times on a scripted machine: nothing here reads a real clock.
class Script : public PhasedWork {
 public:
  int num_phases() const override { return phases; }
  int leading_phase() const override { return leading; }
  void prepare() override { ++num_prepared; }
  double run_ms(int phase, int repeats) override {
    // Runs that are not samples (warm-up, finding repeats) see sample_index < 0.
    const double duration_ms = repeats * time_ms(phase, sample_index());
    clock_ms += duration_ms;
    if (phase == phases - 1) ++num_runs;
    return duration_ms;
  }
  int sample_index() const { return sampling_from < 0 ? -1 : num_runs - sampling_from; }

  ProtocolMachine machine() {
    return {[this] { return clock_ms; },
            [this] {
              if (sampling_from < 0) sampling_from = num_runs;
              ++num_probes;
              return slowdown(sample_index());
            },
            tick_ms};
  }

  int phases = 1;
  int leading = 0;
  double tick_ms = 1e-5;
  /// Of one run of `phase` in sample `sample`.
  std::function<double(int phase, int sample)> time_ms = [](int, int) { return 1.0; };
  /// When `num_samples` samples were taken.
  std::function<double(int num_samples)> slowdown = [](int) { return 1.0; };

  double clock_ms = 0;
  int num_runs = 0;
  int num_prepared = 0;
  int num_probes = 0;
  int sampling_from = -1;
};

ProtocolResult run(Script& script, const ProtocolOptions& options = {}, const Callbacks& callbacks = {}) {
  return run_protocol_on(script.machine(), script, options, callbacks);
}

TEST(Protocol, TakesTheFewestSamplesOfSteadyWork) {
  Script script;
  const ProtocolResult result = run(script);
  EXPECT_EQ(result.num_samples, 10);
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.num_disturbed, 0);
  EXPECT_EQ(result.phases[0].median_ms, 1.0);
  EXPECT_EQ(result.phases[0].spread_ms, 0.0);
  EXPECT_EQ(result.phases[0].minimum_ms, 1.0);
  EXPECT_EQ(result.phases[0].repeats, 1);
  EXPECT_EQ(result.phases[0].samples_ms, std::vector<double>(10, 1.0));
}

TEST(Protocol, SamplesForAtLeastFourMilliseconds) {
  Script script;
  script.time_ms = [](int, int) { return 0.25; };
  EXPECT_EQ(run(script).num_samples, 16);
}

TEST(Protocol, WarmsUpAndPreparesEverySample) {
  Script script;
  script.time_ms = [](int, int sample) { return sample < 0 ? 5.0 : 1.0; };
  ProtocolOptions options;
  options.warmup_runs = 3;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(script.sampling_from, 3);
  EXPECT_EQ(script.num_prepared, 3 + result.num_samples);
  EXPECT_THAT(result.phases[0].samples_ms, Each(1.0));
}

TEST(Protocol, EndsTheWarmUpOfLongWorkEarly) {
  // 20 ms each: the third run goes beyond 50 ms.
  Script script;
  script.time_ms = [](int, int) { return 20.0; };
  run(script);
  EXPECT_EQ(script.sampling_from, 3);
}

TEST(Protocol, StopsWhenTheStandardErrorIsSmallEnough) {
  // Samples 0.95, 1.05, ...: after an even number n, the standard error is 0.05 / sqrt(n - 1) of the mean 1. It is at
  // most 0.0101 from n = 25.5 on; after 25 it is 0.01022.
  Script script;
  script.time_ms = [](int, int sample) { return sample % 2 == 0 ? 0.95 : 1.05; };
  ProtocolOptions options;
  options.standard_error_fraction = 0.0101;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(result.num_samples, 26);
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.phases[0].median_ms, 1.0, 1e-12);            // rounding only
  EXPECT_NEAR(result.phases[0].spread_ms, 1.4826 * 0.05, 1e-12);  // rounding only
}

TEST(Protocol, WatchesTheLeadingPhase) {
  for (const int leading : {0, 1}) {
    Script script;
    script.phases = 2;
    script.leading = leading;
    script.time_ms = [](int phase, int sample) { return phase == 1 ? 1.0 + sample % 2 : 1.0; };
    const ProtocolResult result = run(script);
    EXPECT_EQ(result.converged, leading == 0);
    EXPECT_EQ(result.phases[0].samples_ms.size(), result.phases[1].samples_ms.size());
  }
}

TEST(Protocol, StopsAtTheTimeLimit) {
  // 1, 3, 1, 3, ... ms: 25 samples take 49 ms, 26 take 52 ms.
  Script script;
  script.time_ms = [](int, int sample) { return sample % 2 == 0 ? 1.0 : 3.0; };
  ProtocolOptions options;
  options.max_seconds = 0.05;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(result.num_samples, 26);
  EXPECT_FALSE(result.converged);
}

TEST(Protocol, TakesTheFewestSamplesEvenWhenTimeIsUp) {
  Script script;
  script.time_ms = [](int, int sample) { return 100.0 + 50 * (sample % 2); };
  EXPECT_EQ(run(script).num_samples, 10);
}

TEST(Protocol, StopsAtTheMostSamples) {
  Script script;
  script.time_ms = [](int, int sample) { return sample % 2 == 0 ? 0.05 : 0.1; };
  ProtocolOptions options;
  options.max_samples = 37;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(result.num_samples, 37);
  EXPECT_EQ(result.disturbed.size(), 37u);
}

TEST(Protocol, LeavesDisturbedSamplesOutOfTheMedianOnly) {
  Script script;
  script.time_ms = [](int, int sample) { return sample < 15 ? 1.4 : 1.0; };
  script.slowdown = [](int num_samples) { return num_samples < 15 ? 1.5 : 1.0; };
  const ProtocolResult result = run(script);
  EXPECT_EQ(result.num_disturbed, 15);  // the last of them by the slow loop before it
  EXPECT_EQ(result.num_samples, 25);    // ten undisturbed ones
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.phases[0].median_ms, 1.0);
  EXPECT_EQ(result.phases[0].num_outliers, 0);
  EXPECT_EQ(result.phases[0].samples_ms[0], 1.4);
  EXPECT_TRUE(result.disturbed[14]);
  EXPECT_FALSE(result.disturbed[15]);
}

TEST(Protocol, GivesADisturbedMachineTwiceTheTimeAndThenUsesAll) {
  Script script;
  script.slowdown = [](int) { return 1.5; };
  ProtocolOptions options;
  options.max_seconds = 0.05;
  options.max_samples = 1000;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(result.num_samples, 101);  // the first that is beyond 100 ms
  EXPECT_EQ(result.num_disturbed, 101);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.phases[0].median_ms, 1.0);
}

TEST(Protocol, IsContentWithHalfTheSamplesUndisturbedAtTheTimeLimit) {
  Script script;
  script.time_ms = [](int, int sample) { return sample < 5 ? 1.0 : 2.0; };
  script.slowdown = [](int num_samples) { return num_samples <= 5 ? 1.0 : 1.5; };
  ProtocolOptions options;
  options.max_seconds = 0.05;
  const ProtocolResult result = run(script, options);
  // 5 x 1 ms undisturbed, then 2 ms each: 28 samples take 51 ms.
  EXPECT_EQ(result.num_samples, 28);
  EXPECT_EQ(result.num_samples - result.num_disturbed, 5);
  EXPECT_EQ(result.phases[0].median_ms, 1.0);
}

TEST(Protocol, UsesAllSamplesWhenTooFewAreUndisturbed) {
  Script script;
  script.time_ms = [](int, int sample) { return sample < 4 ? 1.0 : 2.0; };
  script.slowdown = [](int num_samples) { return num_samples <= 4 ? 1.0 : 1.5; };
  EXPECT_EQ(run(script).phases[0].median_ms, 2.0);
}

TEST(Protocol, MarksOutliersAndKeepsThem) {
  Script script;
  script.time_ms = [](int, int sample) { return sample == 3 ? 10.0 : 1.0 + 0.01 * (sample % 3); };
  ProtocolOptions options;
  options.min_samples = 20;
  const ProtocolResult result = run(script, options);
  const PhaseSummary& phase = result.phases[0];
  EXPECT_TRUE(result.converged);  // one outlier among 20 does not hold up the stop rule
  EXPECT_EQ(result.num_samples, 20);
  EXPECT_EQ(phase.num_outliers, 1);
  EXPECT_TRUE(phase.outliers[3]);
  EXPECT_EQ(phase.samples_ms[3], 10.0);
  EXPECT_EQ(phase.median_ms, 1.01);
}

TEST(Protocol, TakesManyFarSamplesForTheWorksOwnSpread) {
  // 60 % at 1 ms, 40 % at 2 ms: the robust deviation is 0, yet these are not outliers to leave aside.
  Script script;
  script.time_ms = [](int, int sample) { return sample % 5 < 3 ? 1.0 : 2.0; };
  EXPECT_FALSE(run(script).converged);
}

TEST(Protocol, DoesNotCallTheClocksStepAnOutlier) {
  Script script;
  script.tick_ms = 0.01;
  script.time_ms = [](int, int sample) { return sample == 3 ? 1.01 : 1.0; };
  EXPECT_EQ(run(script).phases[0].num_outliers, 0);
}

TEST(Protocol, RepeatsShortWorkUntilTheClockSeesIt) {
  Script script;
  script.phases = 3;
  script.leading = 1;
  script.tick_ms = 0.001;
  script.time_ms = [](int phase, int) { return phase == 0 ? 0.0004 : phase == 1 ? 0.05 : 1.0; };
  const ProtocolResult result = run(script);
  const double window_ms = 100 * script.tick_ms;
  EXPECT_GE(result.phases[0].repeats * 0.0004, window_ms);
  EXPECT_LE(result.phases[0].repeats * 0.0004, 2 * window_ms);  // no more than it takes
  EXPECT_GE(result.phases[1].repeats, 2);
  EXPECT_LE(result.phases[1].repeats, 4);
  EXPECT_EQ(result.phases[2].repeats, 1);
  EXPECT_NEAR(result.phases[0].median_ms, 0.0004, 1e-15);  // rounding only
  EXPECT_NEAR(result.phases[1].median_ms, 0.05, 1e-13);    // rounding only
}

TEST(Protocol, EndsOnAPhaseThatTakesNoTime) {
  Script script;
  script.phases = 2;
  script.time_ms = [](int phase, int) { return phase == 0 ? 1.0 : 0.0; };
  EXPECT_EQ(run(script).phases[1].median_ms, 0.0);
}

TEST(Protocol, ProbesShortWorkSeldom) {
  Script script;
  script.time_ms = [](int, int) { return 0.01; };
  ProtocolOptions options;
  options.max_samples = 80;
  EXPECT_EQ(run(script, options).num_samples, 80);
  EXPECT_EQ(script.num_probes, 1 + 80 / 8);
}

TEST(Protocol, CallsAllShortSamplesBesideADisturbanceDisturbed) {
  Script script;
  script.time_ms = [](int, int) { return 0.01; };
  script.slowdown = [](int num_samples) { return num_samples == 8 ? 1.3 : 1.0; };
  ProtocolOptions options;
  options.max_samples = 32;
  const ProtocolResult result = run(script, options);
  EXPECT_EQ(result.num_disturbed, 16);  // the eight before and the eight after
  EXPECT_TRUE(result.disturbed[0]);
  EXPECT_FALSE(result.disturbed[16]);
}

TEST(Protocol, CanBeCancelled) {
  Script script;
  Callbacks callbacks;
  callbacks.cancelled = [&] { return script.num_runs >= 8; };
  EXPECT_PM_ERROR(run(script, {}, callbacks), ErrorCode::kCancelled, "cancelled");
  EXPECT_EQ(script.num_runs, 8);
}

TEST(Protocol, RejectsBadOptions) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Bad {
    std::function<void(ProtocolOptions&)> spoil;
    const char* says;
  };
  const Bad bads[] = {
      {[](ProtocolOptions& o) { o.warmup_runs = -1; }, "warmup_runs is -1, allowed is >= 0"},
      {[](ProtocolOptions& o) { o.max_warmup_seconds = 0; }, "max_warmup_seconds is 0, allowed is > 0"},
      {[](ProtocolOptions& o) { o.min_samples = 1; }, "min_samples is 1, allowed is >= 2"},
      {[](ProtocolOptions& o) { o.max_samples = 9; }, "max_samples is 9, allowed is >= min_samples"},
      {[](ProtocolOptions& o) { o.standard_error_fraction = 0; }, "standard_error_fraction is 0"},
      {[&](ProtocolOptions& o) { o.max_seconds = nan; }, "max_seconds is nan"},
      {[](ProtocolOptions& o) { o.outlier_deviations = -2; }, "outlier_deviations is -2"},
      {[](ProtocolOptions& o) { o.clock_ticks_per_sample = 0; }, "clock_ticks_per_sample is 0"},
      {[](ProtocolOptions& o) { o.interference_threshold = 1; }, "interference_threshold is 1"},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.says);
    Script script;
    ProtocolOptions options;
    bad.spoil(options);
    EXPECT_PM_ERROR(run(script, options), ErrorCode::kInvalidArgument, bad.says);
    EXPECT_EQ(script.num_runs, 0);
  }
}

TEST(Protocol, RejectsBadWork) {
  Script script;
  script.phases = 0;
  EXPECT_PM_ERROR(run(script), ErrorCode::kInvalidArgument, "num_phases() is 0");
  script.phases = 2;
  script.leading = 2;
  EXPECT_PM_ERROR(run(script), ErrorCode::kInvalidArgument, "leading_phase() is 2");
  script.leading = -1;
  EXPECT_PM_ERROR(run(script), ErrorCode::kInvalidArgument, "leading_phase() is -1");
  script.leading = 0;
  for (const double bad_ms : {-1.0, std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
    script.time_ms = [&](int phase, int) { return phase == 1 ? bad_ms : 1.0; };
    EXPECT_PM_ERROR(run(script), ErrorCode::kInvalidArgument, "phase 1 took");
  }
}

}  // namespace
}  // namespace perfmodel
