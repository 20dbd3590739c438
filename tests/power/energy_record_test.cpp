#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "power/rail_meter.h"
#include "sysfs/manual_clock.h"

namespace perfmodel {
namespace {

constexpr double kSample_s = 0.005, kRounding = 1e-9;

class EnergyRecords : public ::testing::Test {
 protected:
  /// A rail that draws 2 W, and 10 W from `rise_s` to `fall_s`.
  double watts_at(double time_s) const { return time_s >= rise_s_ && time_s < fall_s_ ? 10 : 2; }
  double joules_until(double time_s) const {
    return 2 * time_s + 8 * (std::min(std::max(time_s, rise_s_), fall_s_) - rise_s_);
  }

  Rail power_rail() {
    Rail rail;
    rail.info.name = "test";
    rail.read = [this] { return ++num_reads_, watts_at(clock_->now_s()); };
    return rail;
  }
  /// A sensor that tells the mean of its last period.
  Rail mean_rail(double update_period_s) {
    Rail rail = power_rail();
    rail.info.update_period_s = update_period_s;
    rail.read = [this, update_period_s] {
      const double update_s = std::floor(clock_->now_s() / update_period_s + kRounding) * update_period_s;
      return (joules_until(update_s) - joules_until(update_s - update_period_s)) / update_period_s;
    };
    return rail;
  }
  Rail counter_rail(double update_period_s) {
    Rail rail = power_rail();
    rail.info.is_counter = true;
    rail.info.update_period_s = update_period_s;
    rail.read = [this] { return ++num_reads_, joules_until(clock_->now_s()); };
    return rail;
  }
  std::unique_ptr<RailMeter> open(Rail rail, double sample_s = kSample_s) {
    return std::make_unique<RailMeter>(std::move(rail), sample_s, clock_);
  }

  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(1);
  double rise_s_ = 2, fall_s_ = 2.5;
  int num_reads_ = 0;
};

TEST_F(EnergyRecords, TellOfAWindowThatIsOver) {
  const auto meter = open(counter_rail(0.001));
  const auto record = meter->record();
  clock_->advance(3);
  EXPECT_NEAR(record->between(2.1, 2.4).joules, 3, kRounding);
  EXPECT_NEAR(record->between(1.2, 1.3).joules, 0.2, kRounding);
  EXPECT_NEAR(record->between(2, 3).joules, 6, kRounding);  // half a second of each
  EXPECT_EQ(record->between(2.2, 2.2).joules, 0);
}

TEST_F(EnergyRecords, OfCountersReadThemWhileTheyLive) {
  const auto meter = open(counter_rail(0.001));
  auto record = meter->record();
  const int before = num_reads_;
  clock_->advance(0.999);
  EXPECT_EQ(num_reads_ - before, 199);
  record.reset();
  clock_->advance(1);
  EXPECT_EQ(num_reads_ - before, 199);
  EXPECT_EQ(clock_->num_tickers(), 0u);
}

TEST_F(EnergyRecords, ReadSlowCountersFourTimesAnUpdate) {
  const auto meter = open(counter_rail(0.1));
  const auto record = meter->record();
  const int before = num_reads_;
  clock_->advance(0.999);
  EXPECT_EQ(num_reads_ - before, 39);
}

TEST_F(EnergyRecords, OfCountersReadThemByTheirPeriodWhereNoOtherIsGiven) {
  constexpr double kUnknown = 0, kAutomatic = 0;
  const std::pair<double, double> periods[] = {{0.1, 0.025}, {0.004, 0.001}, {0.001, 0.0005}, {kUnknown, 0.005}};
  for (const auto& [update_s, expected_s] : periods) {
    SCOPED_TRACE(update_s);
    const auto meter = open(counter_rail(update_s), kAutomatic);
    const auto record = meter->record();
    EXPECT_EQ(record->period_s(), expected_s);
    const int before = num_reads_;
    clock_->advance(1 + expected_s / 2);
    EXPECT_EQ(num_reads_ - before, std::lround(1 / expected_s));
  }
}

TEST_F(EnergyRecords, OfSampledPowerReadNothingMore) {
  const auto meter = open(power_rail());
  const auto record = meter->record();
  const int before = num_reads_;
  clock_->advance(0.999);
  EXPECT_EQ(num_reads_ - before, 199);
  EXPECT_NEAR(record->between(1.1, 1.6).joules, 1, kRounding);
}

TEST_F(EnergyRecords, SayHowFarTheirWindowMayBeOff) {
  rise_s_ = 2.0012;
  const auto meter = open(power_rail());
  const auto record = meter->record();
  clock_->advance(3);
  // Both jumps are seen half a sample too late at most.
  const EnergyRecord::Energy both = record->between(1.9, 2.6);
  EXPECT_NEAR(both.error_joules, kSample_s * both.joules / 0.7 + 2 * 8 * kSample_s / 2, 1e-6);
  EXPECT_LE(std::abs(both.joules - (joules_until(2.6) - joules_until(1.9))), both.error_joules);
  // They count where they are.
  EXPECT_NEAR(record->between(2.6, 3.6).error_joules, kSample_s * 2, 1e-6);
  for (double begin_s = 1.9, end_s = 2.05; end_s < 2.7; begin_s += 0.00037, end_s += 0.00037) {
    const EnergyRecord::Energy energy = record->between(begin_s, end_s);
    EXPECT_LE(std::abs(energy.joules - (joules_until(end_s) - joules_until(begin_s))), energy.error_joules) << begin_s;
  }
}

TEST_F(EnergyRecords, OfCountersCountWhatLiesBetweenReadings) {
  const auto meter = open(counter_rail(0.001));
  const auto record = meter->record();
  clock_->advance(3);
  EXPECT_NEAR(record->between(3, 3.5).error_joules, 0.001 * 2, 1e-6);                          // at readings
  EXPECT_NEAR(record->between(3.002, 3.501).error_joules, (0.001 + 0.002 + 0.001) * 2, 1e-6);  // beside them
}

// What a sensor's mean says of a moment is known an update later, and then nearly when power jumped within it.
TEST_F(EnergyRecords, OfASensorOfMeansAreThoseOfThePowerItself) {
  constexpr double kUpdate_s = 0.02;
  rise_s_ = 2.0063;
  const auto meter = open(mean_rail(kUpdate_s));
  EXPECT_EQ(meter->info().delay_s, kUpdate_s);
  const auto record = meter->record();
  clock_->advance(3);
  double largest = 0, without_delay = 0;
  for (double begin_s = 1.9, end_s = 2.9; begin_s < 2.1; begin_s += 0.0013, end_s += 0.0013) {
    const double truth = joules_until(end_s) - joules_until(begin_s);
    const EnergyRecord::Energy energy = record->between(begin_s, end_s);
    largest = std::max(largest, std::abs(energy.joules - truth));
    EXPECT_LE(std::abs(energy.joules - truth), energy.error_joules);
    without_delay =
        std::max(without_delay, std::abs(record->between(begin_s - kUpdate_s, end_s - kUpdate_s).joules - truth));
  }
  // With a sample each quarter of an update it is known to an eighth when the update with the jump began.
  EXPECT_LT(largest, 0.126 * kUpdate_s * 8);
  EXPECT_GT(without_delay, 0.8 * kUpdate_s * 8);
}

TEST_F(EnergyRecords, RefuseWhatTheyDoNotKnow) {
  const auto meter = open(mean_rail(0.02));
  clock_->advance(1);
  const auto record = meter->record();
  clock_->advance(1);
  EXPECT_NO_THROW(record->between(1.98, 2.98));
  EXPECT_PM_ERROR(record->between(1.979, 2.5), ErrorCode::kInvalidArgument,
                  "power meter 'test': a window from 1.979000 s to 2.500000 s is asked for, allowed are those between "
                  "1.980000 s and 2.980000 s");
  EXPECT_PM_ERROR(record->between(2, 2.99), ErrorCode::kInvalidArgument, "to 2.990000 s is asked for");
  EXPECT_PM_ERROR(record->between(2.5, 2.4), ErrorCode::kInvalidArgument, "from 2.500000 s to 2.400000 s");
  EXPECT_PM_ERROR(record->between(std::nan(""), 2.4), ErrorCode::kInvalidArgument, "from nan s");
}

TEST_F(EnergyRecords, ThatAreLongKeepFewerReadingsAndSaySo) {
  rise_s_ = fall_s_ = 1e9;
  for (const bool is_counter : {false, true}) {
    const auto meter = open(is_counter ? counter_rail(0.001) : power_rail());
    const double begin_s = clock_->now_s();
    const auto record = meter->record();
    clock_->advance(3000);  // 600 000 readings, of which each 16th is kept
    const EnergyRecord::Energy energy = record->between(begin_s + 0.04, begin_s + 1);
    EXPECT_NEAR(energy.joules, 2 * 0.96, 1e-6);
    EXPECT_GT(energy.error_joules, 2 * 2 * 0.03);
    EXPECT_LT(energy.error_joules, 2 * 2 * 0.05);
    EXPECT_NEAR(record->period_s(), 16 * kSample_s, kRounding);
  }
}

TEST_F(EnergyRecords, AreSeveralOfOneMeter) {
  const auto meter = open(counter_rail(0.001));
  const auto first = meter->record();
  clock_->advance(1);
  const auto second = meter->record();
  clock_->advance(1);
  EXPECT_EQ(first->between(2, 3).joules, second->between(2, 3).joules);
  EXPECT_NO_THROW(first->between(1.5, 2.5));
  EXPECT_PM_ERROR(second->between(1.5, 2.5), ErrorCode::kInvalidArgument, "");
}

TEST_F(EnergyRecords, DoNotBeginWithAReadingThatFails) {
  Rail rail = counter_rail(0.001);
  bool fails = false;
  rail.read = [this, &fails] {
    if (fails) throw Error(ErrorCode::kIo, "gone");
    return joules_until(clock_->now_s());
  };
  const auto meter = open(std::move(rail));
  fails = true;
  EXPECT_PM_ERROR(meter->record(), ErrorCode::kIo, "power meter 'test': gone");
  EXPECT_EQ(clock_->num_tickers(), 0u);
  fails = false;
  clock_->advance(1);
  EXPECT_NO_THROW(meter->record());
}

}  // namespace
}  // namespace perfmodel
