#include "power/rail_meter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "expect_error.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

constexpr double kSample_s = 0.001;
constexpr double kWithin_fraction = 0.01;  // what the project asks for at this period
const double kWindows_s[] = {0.05, 0.1, 0.5, 1, 10};

/// A rail whose power is a function of the clock's time.
Rail power_rail(std::function<double(double)> watts_at, const std::shared_ptr<ManualClock>& clock) {
  Rail rail;
  rail.info.name = "test";
  rail.read = [watts_at = std::move(watts_at), clock] { return watts_at(clock->now_s()); };
  return rail;
}

class SampledMeter : public ::testing::Test {
 protected:
  /// Energy of a window that begins `begin_s` after the meter was opened.
  double measure(const std::function<double(double)>& watts_at, double begin_s, double length_s) {
    RailMeter meter(power_rail(watts_at, clock_), kSample_s, clock_);
    clock_->advance(begin_s);
    const double before = meter.joules();
    clock_->advance(length_s);
    const double joules = meter.joules() - before;
    error_joules_ = meter.error_joules(length_s, joules / length_s);
    return joules;
  }
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  double error_joules_ = 0;
};

TEST_F(SampledMeter, IntegratesConstantPower) {
  for (const double window_s : kWindows_s) {
    const double joules = measure([](double) { return 7.25; }, 0.0123, window_s);
    EXPECT_NEAR(joules, 7.25 * window_s, 1e-9 * joules) << window_s;
    EXPECT_NEAR(error_joules_, kSample_s * 7.25, 1e-6);
  }
}

TEST_F(SampledMeter, IntegratesARamp) {
  for (const double window_s : kWindows_s) {
    const double start_s = clock_->now_s(), begin_s = start_s + 0.0123, end_s = begin_s + window_s;
    const double joules = measure([&](double t) { return 1 + 3 * (t - start_s); }, 0.0123, window_s);
    const double truth = window_s * (1 + 3 * ((begin_s + end_s) / 2 - start_s));
    EXPECT_NEAR(joules, truth, 1e-9 * truth) << window_s;  // the rule is exact for straight lines
  }
}

// Work that begins and ends between two samples: 20 W over 1 W.
TEST_F(SampledMeter, IntegratesAPulse) {
  for (const double window_s : kWindows_s) {
    const double start_s = clock_->now_s(), rise_s = start_s + 0.01 + 0.2 * window_s + 0.00037;
    const double fall_s = rise_s + 0.6 * window_s + 0.00021;
    const double joules = measure([&](double t) { return t >= rise_s && t < fall_s ? 20.0 : 1.0; }, 0.01, window_s);
    const double truth = 1 * (window_s - (fall_s - rise_s)) + 20 * (fall_s - rise_s);
    EXPECT_NEAR(joules, truth, kWithin_fraction * truth) << window_s;
    EXPECT_LE(std::abs(joules - truth), error_joules_) << window_s;
  }
}

/// A square wave that begins with its high level at 0, and its integral from there.
struct SquareWave {
  double high_s, period_s, high_watts, low_watts;
  double watts(double t) const { return std::fmod(t, period_s) < high_s ? high_watts : low_watts; }
  double joules(double t) const {
    const double seconds_high = std::floor(t / period_s) * high_s + std::min(std::fmod(t, period_s), high_s);
    return low_watts * t + (high_watts - low_watts) * seconds_high;
  }
};

// 23.7 ms high, 17.6 ms low: no multiples of the sampling period, so that errors of the edges go both ways.
TEST_F(SampledMeter, IntegratesASquareWave) {
  const SquareWave wave{0.0237, 0.0413, 12, 8};
  for (const double window_s : kWindows_s) {
    for (int phase = 0; phase < 40; ++phase) {
      const double start_s = clock_->now_s(), begin_s = 0.02 + phase * 0.00103;
      const double joules = measure([&](double t) { return wave.watts(t - start_s); }, begin_s, window_s);
      const double truth = wave.joules(begin_s + window_s) - wave.joules(begin_s);
      EXPECT_LE(std::abs(joules - truth), error_joules_) << window_s;
      EXPECT_NEAR(joules, truth, kWithin_fraction * truth) << window_s;
    }
  }
}

// Where power changes in step with the samples every edge errs the same way: what a bound has to allow for.
TEST_F(SampledMeter, SaysHowFarItMayBeOffInResonance) {
  const SquareWave wave{0.0055, 0.01, 15, 5};
  constexpr double kShift_s = 0.00025;  // samples see the high level six times for 5.5 ms
  const double joules = measure([&](double t) { return wave.watts(t + kShift_s); }, 0.02, 1);
  const double truth = wave.joules(1.02 + kShift_s) - wave.joules(0.02 + kShift_s);
  EXPECT_GT(std::abs(joules - truth), 0.02 * truth);
  EXPECT_LE(std::abs(joules - truth), error_joules_);
}

TEST_F(SampledMeter, TellsPowerOfTheMoment) {
  RailMeter meter(power_rail([](double t) { return 10 * t; }, clock_), kSample_s, clock_);
  EXPECT_EQ(meter.watts(), 0);
  clock_->advance(0.5004);
  EXPECT_DOUBLE_EQ(meter.watts(), 5.004);
}

TEST_F(SampledMeter, SamplesFourTimesAnUpdateAtMost) {
  Rail rail = power_rail([](double) { return 1.0; }, clock_);
  rail.info.update_period_s = 0.1;
  int reads = 0;
  rail.read = [&] { return ++reads, 1.0; };
  RailMeter meter(std::move(rail), kSample_s, clock_);
  EXPECT_EQ(meter.info().sample_period_s, 0.025);
  EXPECT_EQ(meter.info().delay_s, 0.1);
  clock_->advance(1.01);
  EXPECT_EQ(reads, 1 + 40);
}

TEST_F(SampledMeter, SamplesByItsSensorsPeriodWhereNoOtherIsGiven) {
  constexpr double kUnknown = 0, kAutomatic = 0;
  for (const auto& [update_s, expected_s] :
       {std::pair(0.1, 0.025), {0.001, 0.00025}, {0.0001, 0.00025}, {kUnknown, 0.005}}) {
    Rail rail = power_rail([](double) { return 1.0; }, clock_);
    rail.info.update_period_s = update_s;
    EXPECT_EQ(RailMeter(std::move(rail), kAutomatic, clock_).info().sample_period_s, expected_s);
  }
}

TEST_F(SampledMeter, CountsAStallAsAGap) {
  RailMeter meter(power_rail([](double t) { return t < 1 ? 2.0 : 6.0; }, clock_), kSample_s, clock_);
  clock_->advance(0.5);
  meter.joules();
  EXPECT_NEAR(meter.error_joules(0.5, 4), kSample_s * 4, 1e-12);
  clock_->stall(1);
  EXPECT_NEAR(meter.joules(), 0.5 * 2 + 1 * (2 + 6) / 2.0, 1e-9);  // a straight line over the second nobody looked
  const double unseen_joules = 1 * 4 + 1 * (6 - 2) / 2.0;          // that time, and the change in it
  EXPECT_NEAR(meter.error_joules(1.5, 4), unseen_joules, 1e-9);
  clock_->advance(3);
  EXPECT_NEAR(meter.error_joules(2, 4), kSample_s * 4, 1e-9);  // not in this window any more
  EXPECT_NEAR(meter.error_joules(4.5, 4), unseen_joules, 1e-9);
}

TEST_F(SampledMeter, EndsItsSamplingWithItself) {
  auto meter = std::make_unique<RailMeter>(power_rail([](double) { return 1.0; }, clock_), kSample_s, clock_);
  EXPECT_EQ(clock_->num_tickers(), 1u);
  meter.reset();
  EXPECT_EQ(clock_->num_tickers(), 0u);
}

class CountingMeter : public ::testing::Test {
 protected:
  /// Counts `watts` from `first_joules` on, wrapping at `wraps_at_joules`.
  Rail counter_rail(double watts, double first_joules, double wraps_at_joules) {
    Rail rail;
    rail.info.name = "test";
    rail.info.is_counter = true;
    rail.wraps_at_joules = wraps_at_joules;
    rail.read = [this, watts, first_joules, wraps_at_joules] {
      ++reads_;
      const double joules = first_joules + watts * clock_->now_s();
      return wraps_at_joules > 0 ? std::fmod(joules, wraps_at_joules) : joules;
    };
    return rail;
  }
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  int reads_ = 0;
};

TEST_F(CountingMeter, CountsFromWhereItWasOpened) {
  RailMeter meter(counter_rail(40, 1e6, 0), kSample_s, clock_);
  EXPECT_EQ(meter.joules(), 0);
  clock_->advance(3);
  EXPECT_NEAR(meter.joules(), 120, 1e-9);
  EXPECT_NEAR(meter.watts(), 40, 1e-9);
  EXPECT_EQ(meter.info().sample_period_s, 0);
}

TEST_F(CountingMeter, NeedsNoTicksWithoutWraps) {
  RailMeter meter(counter_rail(40, 0, 0), kSample_s, clock_);
  EXPECT_EQ(clock_->num_tickers(), 0u);
}

TEST_F(CountingMeter, MissesNoWrapWhileNobodyAsks) {
  constexpr double kRange_joules = 65532.61;  // of many processors
  RailMeter meter(counter_rail(1900, 65000, kRange_joules), kSample_s, clock_);
  clock_->advance(3600);  // 104 turns
  EXPECT_NEAR(meter.joules(), 1900 * 3600.0, 1);
  EXPECT_LT(reads_, 300);  // it is not read more often than that takes
}

TEST_F(CountingMeter, FollowsAWrapBetweenTwoCalls) {
  RailMeter meter(counter_rail(50, 65530, 65532.61), kSample_s, clock_);
  clock_->advance(0.1);
  EXPECT_NEAR(meter.joules(), 5, 1e-6);
}

TEST_F(CountingMeter, TellsNoPowerAtOnce) {
  RailMeter meter(counter_rail(50, 0, 0), kSample_s, clock_);
  EXPECT_PM_ERROR(meter.watts(), ErrorCode::kUnsupported, "power meter 'test': a counter tells power only after");
}

// With the machine's clock: a thread samples while others ask.
TEST(RailMeter, MayBeAskedByManyThreads) {
  Rail rail;
  rail.info.name = "test";
  rail.read = [] { return 4.0; };
  const double before_s = system_clock()->now_s();
  RailMeter meter(std::move(rail), kSample_s, system_clock());
  const double opened_s = system_clock()->now_s();
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      double last = 0;
      for (int j = 0; j < 200; ++j) {
        const double joules = meter.joules();
        EXPECT_GE(joules, last);
        last = joules;
        EXPECT_EQ(meter.watts(), 4);
        EXPECT_GE(meter.error_joules(1, 4), 0.004);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double asked_s = system_clock()->now_s();
  const double joules = meter.joules();
  EXPECT_GE(joules, 4 * (asked_s - opened_s) * (1 - 1e-9));
  EXPECT_LE(joules, 4 * (system_clock()->now_s() - before_s) * (1 + 1e-9));
}

}  // namespace
}  // namespace perfmodel
