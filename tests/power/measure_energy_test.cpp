#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "perfmodel/power/power_meter.h"
#include "power/energy_points.h"
#include "power/measure_windows.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

constexpr double kIdle_watts = 3, kWork_watts = 11;

/// A meter on a simulated board that draws more while it works.
class FakeMeter : public PowerMeter {
 public:
  FakeMeter(const std::shared_ptr<ManualClock>& clock, double update_period_s) : clock_(clock) {
    info_.name = "fake";
    info_.is_counter = true;
    info_.update_period_s = update_period_s;
  }
  const PowerMeterInfo& info() const noexcept override { return info_; }
  double joules() override {
    if (num_failures > 0 && num_failures-- > 0) throw Error(ErrorCode::kIo, "power meter 'fake': gone");
    draw();
    return joules_;
  }
  double watts() override { return watts_; }
  double error_joules(double window_s, double mean_watts) const noexcept override {
    return 0.001 * window_s + 0.01 * mean_watts;
  }
  std::unique_ptr<EnergyRecord> record() override {
    joules();
    return std::make_unique<Record>(*this);
  }

  void work(double seconds) {
    draw();
    watts_ = kWork_watts;
    clock_->advance(seconds);
    draw();
    watts_ = kIdle_watts;
  }
  int num_failures = 0;
  double record_period_s = 0.025;

 private:
  /// Exact: power is even between the points.
  class Record : public EnergyRecord {
   public:
    explicit Record(FakeMeter& meter) : meter_(meter) {}
    Energy between(double begin_s, double end_s) const override {
      const double joules = meter_.points_.at(end_s).point.joules - meter_.points_.at(begin_s).point.joules;
      return {joules, meter_.error_joules(end_s - begin_s, end_s > begin_s ? joules / (end_s - begin_s) : 0)};
    }
    double period_s() const override { return meter_.record_period_s; }

   private:
    const FakeMeter& meter_;
  };

  void draw() {
    joules_ += watts_ * (clock_->now_s() - last_s_);
    last_s_ = clock_->now_s();
    points_.add({last_s_, joules_, {}});
  }
  const std::shared_ptr<ManualClock> clock_;
  PowerMeterInfo info_;
  EnergyPoints points_;
  double joules_ = 0, last_s_ = 0, watts_ = kIdle_watts;
};

class MeasureEnergy : public ::testing::Test {
 protected:
  EnergyWindow measure(const EnergyWindowOptions& options, double work_s = 0.03) {
    return measure_energy(
        meter_, [&] { ++runs_, meter_.work(work_s); }, options, clock_);
  }
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  FakeMeter meter_{clock_, 0.1};
  int runs_ = 0;
};

TEST_F(MeasureEnergy, RepeatsShortWorkUntilThereAreFiftyUpdates) {
  const EnergyWindow window = measure({});
  EXPECT_EQ(window.repeats, 167);  // 50 x 0.1 s / 0.03 s, rounded up
  EXPECT_EQ(window.repeats, runs_);
  EXPECT_NEAR(window.duration_s, 5.01, 1e-9);
  EXPECT_NEAR(window.num_updates, 50.1, 1e-6);
  EXPECT_NEAR(window.joules, kWork_watts * 5.01, 1e-9);
  EXPECT_NEAR(window.joules_per_run, kWork_watts * 0.03, 1e-9);
  EXPECT_NEAR(window.mean_watts, kWork_watts, 1e-9);
  EXPECT_NEAR(window.error_joules, 0.001 * 5.01 + 0.01 * kWork_watts, 1e-9);
  EXPECT_TRUE(std::isnan(window.idle_watts));
}

TEST_F(MeasureEnergy, RunsLongWorkOnce) {
  const EnergyWindow window = measure({}, 7);
  EXPECT_EQ(window.repeats, 1);
  EXPECT_NEAR(window.num_updates, 70, 1e-6);
}

TEST_F(MeasureEnergy, RunsAsOftenAsItIsTold) {
  EnergyWindowOptions options;
  options.min_repeats = 9;
  EXPECT_EQ(measure(options, 2).repeats, 9);
  options.min_updates = 0;
  options.min_repeats = 1;
  EXPECT_EQ(measure(options).repeats, 1);
}

TEST_F(MeasureEnergy, BeginsNoRunAfterTheLongestTime) {
  EnergyWindowOptions options;
  options.max_seconds = 1;
  EXPECT_EQ(measure(options, 0.3).repeats, 4);  // the fourth begins at 0.9 s
  options.min_repeats = 100;
  const EnergyWindow window = measure(options, 3);
  EXPECT_EQ(window.repeats, 1);
  EXPECT_NEAR(window.num_updates, 30, 1e-6);  // fewer than asked for, and said
}

TEST_F(MeasureEnergy, CountsSamplesWhereTheyAreSlowerThanTheSensor) {
  FakeMeter meter(clock_, 0.001);
  const_cast<PowerMeterInfo&>(meter.info()).sample_period_s = 0.02;
  const EnergyWindow window = measure_energy(
      meter, [&] { meter.work(0.3); }, {}, clock_);
  EXPECT_EQ(window.repeats, 4);  // 50 x 0.02 s / 0.3 s
  EXPECT_NEAR(window.num_updates, 60, 1e-6);
}

// At the ends of a window that work tells itself nobody reads the meter.
TEST_F(MeasureEnergy, CountsReadingsOfARecordThatIsSlowerThanTheSensorInToldWindows) {
  meter_.record_period_s = 0.5;
  int num_calls = 0;
  const auto work = [&]() -> std::optional<TimeWindow> {
    ++num_calls;
    const double begin_s = clock_->now_s();
    meter_.work(2);
    return TimeWindow{begin_s + 0.5, begin_s + 1.5};
  };
  const EnergyWindow window = measure_windows({&meter_}, work, {}, {}, clock_).front();
  EXPECT_EQ(num_calls, 25);  // 50 x 0.5 s, a second of each call
  EXPECT_NEAR(window.num_updates, 50, 1e-6);
  EXPECT_NEAR(window.joules, kWork_watts * 25, 1e-9);
}

TEST_F(MeasureEnergy, DoesNotKnowTheUpdatesOfAnUnknownPeriod) {
  FakeMeter meter(clock_, 0);
  const EnergyWindow window = measure_energy(
      meter, [&] { meter.work(0.3); }, {}, clock_);
  EXPECT_EQ(window.repeats, 1);
  EXPECT_TRUE(std::isnan(window.num_updates));
}

TEST_F(MeasureEnergy, MeasuresIdlePowerBeforeAndSubtractsNothing) {
  EnergyWindowOptions options;
  options.idle_seconds = 2;
  const EnergyWindow window = measure(options, 6);
  EXPECT_NEAR(window.idle_watts, kIdle_watts, 1e-9);
  EXPECT_NEAR(window.joules, kWork_watts * 6, 1e-9);
  EXPECT_NEAR(window.duration_s, 6, 1e-9);
  EXPECT_NEAR(clock_->now_s(), 8, 1e-9);
}

TEST_F(MeasureEnergy, LetsTheWorksExceptionThrough) {
  struct Crash {};
  EXPECT_THROW(measure_energy(
                   meter_, [] { throw Crash(); }, {}, clock_),
               Crash);
  EXPECT_PM_ERROR(measure_energy(
                      meter_, [] { throw Error(ErrorCode::kOutOfMemory, "too big"); }, {}, clock_),
                  ErrorCode::kOutOfMemory, "too big");
}

TEST_F(MeasureEnergy, EndsWithTheMetersError) {
  const auto break_it = [&] {
    meter_.work(7);
    meter_.num_failures = 1;
  };
  EXPECT_PM_ERROR(measure_energy(meter_, break_it, {}, clock_), ErrorCode::kIo, "power meter 'fake': gone");
}

TEST_F(MeasureEnergy, ForgivesWhatFailedBefore) {
  meter_.num_failures = 1;
  EXPECT_EQ(measure({}, 7).repeats, 1);
  meter_.num_failures = 2;  // it fails now, too
  EXPECT_PM_ERROR(measure({}, 7), ErrorCode::kIo, "gone");
}

TEST_F(MeasureEnergy, ChecksItsOptions) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const auto expect_refused = [&](auto change, const std::string& says) {
    EnergyWindowOptions options;
    change(options);
    EXPECT_PM_ERROR(measure(options), ErrorCode::kInvalidArgument, says);
  };
  for (const double bad : {-1.0, nan, infinity}) {
    expect_refused([&](EnergyWindowOptions& o) { o.min_updates = bad; }, "min_updates is");
    expect_refused([&](EnergyWindowOptions& o) { o.idle_seconds = bad; }, "idle_seconds is");
  }
  for (const double bad : {-1.0, 0.0, nan}) {
    expect_refused([&](EnergyWindowOptions& o) { o.max_seconds = bad; }, "max_seconds is");
  }
  expect_refused([](EnergyWindowOptions& o) { o.min_repeats = 0; }, "min_repeats is 0, allowed are 1 and more");
  EXPECT_PM_ERROR(measure_energy(meter_, {}, {}, clock_), ErrorCode::kInvalidArgument, "there is no work");
  EXPECT_EQ(runs_, 0);
}

TEST_F(MeasureEnergy, NoticesAClockThatIsNotTheMeters) {
  EXPECT_PM_ERROR(measure_energy(
                      meter_, [] {}, {}, clock_),
                  ErrorCode::kInvalidArgument, "the clock stands still");
}

TEST_F(MeasureEnergy, TakesTheMachinesClockByDefault) {
  EnergyWindowOptions options;
  options.min_updates = 0;
  const EnergyWindow window = measure_energy(
      meter_, [] { system_clock()->sleep_s(0.01); }, options);
  EXPECT_GE(window.duration_s, 0.01);
}

TEST_F(MeasureEnergy, WaitsForTheSlowestOfSeveralMeters) {
  std::vector<std::unique_ptr<PowerMeter>> meters;
  for (const double period_s : {0.1, 0.001, 0.0}) meters.push_back(std::make_unique<FakeMeter>(clock_, period_s));
  EnergyWindowOptions options;
  options.idle_seconds = 1;
  const std::vector<EnergyWindow> windows = measure_energy(
      meters, [&] { clock_->advance(1); }, options, clock_);
  ASSERT_EQ(windows.size(), 3u);
  for (const EnergyWindow& window : windows) {
    EXPECT_EQ(window.repeats, 5);
    EXPECT_NEAR(window.joules, 5 * kIdle_watts, 1e-9);
    EXPECT_NEAR(window.idle_watts, kIdle_watts, 1e-9);
  }
  EXPECT_NEAR(windows[0].num_updates, 50, 1e-6);
  EXPECT_NEAR(windows[1].num_updates, 5000, 1e-6);
}

TEST_F(MeasureEnergy, WaitsForAMeterThatTellsOfThePast) {
  const_cast<PowerMeterInfo&>(meter_.info()).delay_s = 0.1;
  const double begin_s = clock_->now_s();
  const EnergyWindow window = measure({}, 7);
  EXPECT_NEAR(window.duration_s, 7, 1e-9);
  EXPECT_NEAR(clock_->now_s(), begin_s + 7.1, 1e-9);
}

/// Work of a second, the last part of which counts.
WindowedWork late_part(FakeMeter& meter, ManualClock& clock, double counted_s) {
  return [&meter, &clock, counted_s]() -> std::optional<TimeWindow> {
    clock.advance(1 - counted_s);
    meter.work(counted_s);
    return TimeWindow{clock.now_s() - counted_s, clock.now_s()};
  };
}

TEST_F(MeasureEnergy, IsThatOfTheWindowsWhichTheWorkTells) {
  const EnergyWindow window = measure_windows({&meter_}, late_part(meter_, *clock_, 0.25), {}, {}, clock_).front();
  EXPECT_EQ(window.repeats, 20);  // 50 x 0.1 s / 0.25 s
  EXPECT_NEAR(window.duration_s, 5, 1e-9);
  EXPECT_NEAR(window.joules, kWork_watts * 5, 1e-9);
  EXPECT_NEAR(window.mean_watts, kWork_watts, 1e-9);
  EXPECT_NEAR(window.num_updates, 50, 1e-6);
  EXPECT_NEAR(window.error_joules, 20 * (0.001 * 0.25 + 0.01 * kWork_watts), 1e-9);
}

TEST_F(MeasureEnergy, EndsByTheClockHoweverShortTheWindows) {
  EnergyWindowOptions options;
  options.max_seconds = 3;
  options.min_repeats = 8;
  WorkRule rule;
  EXPECT_EQ(measure_windows({&meter_}, late_part(meter_, *clock_, 0.01), options, rule, clock_).front().repeats, 3);
  rule.always_min_repeats = true;
  const EnergyWindow window =
      measure_windows({&meter_}, late_part(meter_, *clock_, 0.01), options, rule, clock_).front();
  EXPECT_EQ(window.repeats, 8);
  EXPECT_NEAR(window.num_updates, 0.8, 1e-6);
}

TEST_F(MeasureEnergy, RunsTheWorkWithoutMetersToo) {
  EXPECT_TRUE(measure_energy(
                  std::vector<std::unique_ptr<PowerMeter>>{}, [&] { ++runs_; }, {}, clock_)
                  .empty());
  EXPECT_EQ(runs_, 1);
  std::vector<std::unique_ptr<PowerMeter>> nothing(1);
  EXPECT_PM_ERROR(measure_energy(
                      nothing, [] {}, {}, clock_),
                  ErrorCode::kInvalidArgument, "a meter is null");
}

}  // namespace
}  // namespace perfmodel
