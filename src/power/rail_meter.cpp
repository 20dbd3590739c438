#include "power/rail_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"
#include "power/counter.h"
#include "power/trapezoid.h"

namespace perfmodel {
namespace {

// A counter that wraps is read at least twice per turn at a power that no rail of one board exceeds.
constexpr double kGreatestPower_watts = 2000;
constexpr double kShortestTurn_s = 1e-3, kLongestTurn_s = 60;

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

RailMeter::RailMeter(Rail rail, double sample_period_s, std::shared_ptr<Clock> clock)
    : rail_(std::move(rail)), clock_(std::move(clock)) {
  PowerMeterInfo& info = rail_.info;
  double period_s = 0;
  if (info.is_counter) {
    accumulator_ = std::make_unique<Counter>(info.update_period_s, info.resolution_joules, rail_.wraps_at_joules);
    if (rail_.wraps_at_joules > 0) period_s = wrap_period_s(rail_.wraps_at_joules);
  } else {
    period_s = info.sample_period_s = std::max(sample_period_s, info.update_period_s);
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

}  // namespace perfmodel
