#include "power/rail_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"
#include "power/counter.h"
#include "power/energy_points.h"
#include "power/trapezoid.h"

namespace perfmodel {
namespace {

// A counter that wraps is read at least twice per turn at a power that no rail of one board exceeds.
constexpr double kGreatestPower_watts = 2000;
constexpr double kShortestTurn_s = 1e-3, kLongestTurn_s = 60;
// More often a number only repeats itself; so often tells its updates apart and when they come to a quarter of a
// period.
constexpr double kMostSamplesPerUpdate = 4;
constexpr double kUsualPeriod_s = 0.005;  ///< of a sensor whose period is not known
// A counter lacks nothing between two readings, so it is read less often.
constexpr double kLeastPeriod_s = 0.00025, kLeastPeriodOfCounters_s = 0.0005;

/// Between two readings of a sensor.
/// @param given_s  0: as quick as it is worth
double reading_period_s(const PowerMeterInfo& info, double given_s) {
  const double quarter_s = info.update_period_s / kMostSamplesPerUpdate;
  if (given_s > 0) return std::max(given_s, quarter_s);
  if (info.update_period_s <= 0) return kUsualPeriod_s;
  return std::max(quarter_s, info.is_counter ? kLeastPeriodOfCounters_s : kLeastPeriod_s);
}

double wrap_period_s(double wraps_at_joules) {
  return std::clamp(wraps_at_joules / (2 * kGreatestPower_watts), kShortestTurn_s, kLongestTurn_s);
}

/// Throws `error` with the meter's name. A sensor that answers has no permissions to lack and files to miss: whatever
/// goes wrong later is the sensor's.
[[noreturn]] void throw_named(const Error& error, const std::string& meter) {
  const bool keeps_code = error.code() == ErrorCode::kTimeout || error.code() == ErrorCode::kUnsupported;
  throw Error(keeps_code ? error.code() : ErrorCode::kIo, fmt::format("power meter '{}': {}", meter, error.what()));
}

}  // namespace

/// What one meter has read, from one moment on.
class RailMeter::Record : public EnergyRecord {
 public:
  explicit Record(RailMeter& meter) : meter_(meter) {
    if (meter_.info().is_counter) {  // else it is sampled anyway
      ticker_ = meter_.clock_->tick_every(meter_.reading_period_s_, [this] { meter_.read_between(); });
    }
    meter_.ask([this](const Accumulator& accumulator) {
      points_.add(accumulator.point());
      meter_.records_.push_back(this);
      return 0;
    });
  }
  ~Record() override {
    ticker_.reset();
    const std::lock_guard<std::mutex> lock(meter_.mutex_);
    meter_.records_.erase(std::find(meter_.records_.begin(), meter_.records_.end(), this));
  }

  void add(const EnergyPoint& point) { points_.add(point); }  ///< REQUIRES the meter's lock

  double period_s() const override {
    const std::lock_guard<std::mutex> lock(meter_.mutex_);
    return meter_.reading_period_s_ * static_cast<double>(points_.stride());
  }

  Energy between(double begin_s, double end_s) const override {
    const PowerMeterInfo& info = meter_.info();
    const std::lock_guard<std::mutex> lock(meter_.mutex_);
    if (!(begin_s + info.delay_s >= points_.first_s() && end_s + info.delay_s <= points_.last_s() &&
          begin_s <= end_s)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("power meter '{}': a window from {:.6f} s to {:.6f} s is asked for, allowed are those "
                      "between {:.6f} s and {:.6f} s",
                      info.name, begin_s, end_s, points_.first_s() - info.delay_s, points_.last_s() - info.delay_s));
    }
    const EnergyPoints::Between begin = points_.at(begin_s + info.delay_s), end = points_.at(end_s + info.delay_s);
    Energy energy;
    energy.joules = end.point.joules - begin.point.joules;
    if (info.delay_s > 0) {
      energy.joules = points_.joules_of_means(end_s + info.delay_s, info.update_period_s) -
                      points_.joules_of_means(begin_s + info.delay_s, info.update_period_s);
    }
    const double mean_watts = end_s > begin_s ? energy.joules / (end_s - begin_s) : 0;
    const SampleErrors sums{end.point.errors.change_joules - begin.point.errors.change_joules,
                            end.point.errors.late_s - begin.point.errors.late_s};
    energy.error_joules = meter_.accumulator_->error_joules(end_s - begin_s, mean_watts, sums);
    energy.error_joules += (unseen_s(begin.distance_s) + unseen_s(end.distance_s)) * mean_watts;
    return energy;
  }

 private:
  /// Time beside a reading for which nothing tells how energy was spent. From one sample of power to the next the
  /// change of power does, and is counted.
  double unseen_s(double distance_s) const noexcept {
    const PowerMeterInfo& info = meter_.info();
    return info.is_counter || distance_s > info.sample_period_s ? distance_s : 0;
  }

  RailMeter& meter_;
  EnergyPoints points_;
  std::unique_ptr<Ticker> ticker_;  ///< of a counter
};

RailMeter::RailMeter(Rail rail, double sample_period_s, std::shared_ptr<Clock> clock)
    : rail_(std::move(rail)),
      reading_period_s_(reading_period_s(rail_.info, sample_period_s)),
      clock_(std::move(clock)) {
  PowerMeterInfo& info = rail_.info;
  double period_s = 0;
  if (info.is_counter) {
    accumulator_ = std::make_unique<Counter>(info.update_period_s, info.resolution_joules, rail_.wraps_at_joules);
    if (rail_.wraps_at_joules > 0) period_s = wrap_period_s(rail_.wraps_at_joules);
  } else {
    period_s = info.sample_period_s = reading_period_s_;
    info.delay_s = info.update_period_s;
    accumulator_ = std::make_unique<Trapezoid>(period_s, info.update_period_s, info.resolution_watts);
  }
  read();
  if (period_s > 0) ticker_ = clock_->tick_every(period_s, [this] { read_between(); });
}

RailMeter::~RailMeter() {
  ticker_.reset();  // before what its calls use
}

void RailMeter::read() {
  const double begin_s = clock_->now_s();
  const double reading = rail_.read();
  accumulator_->add((begin_s + clock_->now_s()) / 2, reading);
  for (Record* record : records_) record->add(accumulator_->point());
}

void RailMeter::read_between() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  try {
    read();
  } catch (...) {
    if (failure_ == nullptr) failure_ = std::current_exception();
  }
}

template <typename Answer>
double RailMeter::ask(const Answer& answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  try {
    if (const std::exception_ptr failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
    read();
    return answer(*accumulator_);
  } catch (const Error& error) {
    throw_named(error, rail_.info.name);
  }
}

double RailMeter::joules() {
  return ask([](const Accumulator& accumulator) { return accumulator.joules(); });
}

double RailMeter::watts() {
  return ask([](const Accumulator& accumulator) { return accumulator.watts(); });
}

double RailMeter::error_joules(double window_s, double mean_watts) const noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return accumulator_->error_joules(window_s, mean_watts);
}

std::unique_ptr<EnergyRecord> RailMeter::record() {
  return std::make_unique<Record>(*this);
}

}  // namespace perfmodel
