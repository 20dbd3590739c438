#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "perfmodel/core/error.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kRunsWithoutTime = 100000;  // after so many the clock is not one that the work moves on

using Meters = std::vector<PowerMeter*>;

[[noreturn]] void throw_bad_option(const char* name, double given, const char* allowed) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is {}, allowed are {}", name, given, allowed));
}

void check(const EnergyWindowOptions& options, const std::function<void()>& work) {
  if (!work) throw Error(ErrorCode::kInvalidArgument, "there is no work to measure");
  const auto is_amount = [](double value) { return value >= 0 && std::isfinite(value); };
  if (!is_amount(options.min_updates)) throw_bad_option("min_updates", options.min_updates, "0 and more");
  if (!(options.max_seconds > 0)) throw_bad_option("max_seconds", options.max_seconds, "numbers above 0");
  if (options.min_repeats < 1) throw_bad_option("min_repeats", options.min_repeats, "1 and more");
  if (!is_amount(options.idle_seconds)) throw_bad_option("idle_seconds", options.idle_seconds, "0 and more");
}

/// How often the number that a window reads changes; 0: unknown.
double update_period_s(const PowerMeterInfo& info) {
  return std::max(info.update_period_s, info.sample_period_s);
}

/// How long a window has to be at least.
double needed_s(const Meters& meters, double min_updates) {
  double needed = 0;
  for (const PowerMeter* meter : meters) needed = std::max(needed, min_updates * update_period_s(meter->info()));
  return needed;
}

/// Readings of all meters, one after the other, and the moment after them.
struct Readings {
  Readings(const Meters& meters, Clock& clock) {
    for (PowerMeter* meter : meters) joules.push_back(meter->joules());
    time_s = clock.now_s();
  }
  std::vector<double> joules;
  double time_s;
};

/// Failures before a window are of no account in it; a sensor that still fails says so again.
Readings first_readings(const Meters& meters, Clock& clock) {
  for (PowerMeter* meter : meters) {
    try {
      meter->joules();
    } catch (const Error&) {
      meter->joules();
    }
  }
  return Readings(meters, clock);
}

int repeat(const std::function<void()>& work, double begin_s, double least_s, const EnergyWindowOptions& options,
           Clock& clock) {
  int repeats = 0;
  for (;;) {
    work();
    ++repeats;
    const double seconds = clock.now_s() - begin_s;
    const bool enough = repeats >= options.min_repeats && seconds >= least_s;
    if (enough || seconds >= options.max_seconds || repeats == std::numeric_limits<int>::max()) return repeats;
    if (repeats >= kRunsWithoutTime && repeats >= options.min_repeats && seconds <= 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the clock stands still after {} runs of the work, is it that of the meter?", repeats));
    }
  }
}

std::vector<EnergyWindow> measure(const Meters& meters, const std::function<void()>& work,
                                  const EnergyWindowOptions& options, const std::shared_ptr<Clock>& given_clock) {
  check(options, work);
  const std::shared_ptr<Clock> clock = given_clock != nullptr ? given_clock : system_clock();
  std::vector<EnergyWindow> windows(meters.size());
  Readings begin = first_readings(meters, *clock);
  std::vector<double> idle_watts(meters.size(), kNaN);
  if (options.idle_seconds > 0) {
    clock->sleep_s(options.idle_seconds);
    const Readings end(meters, *clock);
    for (std::size_t i = 0; i < meters.size(); ++i) {
      idle_watts[i] = (end.joules[i] - begin.joules[i]) / (end.time_s - begin.time_s);
    }
    begin = end;
  }
  const int repeats = repeat(work, begin.time_s, needed_s(meters, options.min_updates), options, *clock);
  const Readings end(meters, *clock);
  for (std::size_t i = 0; i < meters.size(); ++i) {
    EnergyWindow& window = windows[i];
    window.duration_s = end.time_s - begin.time_s;
    window.joules = end.joules[i] - begin.joules[i];
    window.mean_watts = window.duration_s > 0 ? window.joules / window.duration_s : 0;
    window.error_joules = meters[i]->error_joules(window.duration_s, window.mean_watts);
    window.idle_watts = idle_watts[i];
    window.repeats = repeats;
    window.joules_per_run = window.joules / repeats;
    const double period_s = update_period_s(meters[i]->info());
    window.num_updates = period_s > 0 ? window.duration_s / period_s : kNaN;
  }
  return windows;
}

}  // namespace

EnergyWindow measure_energy(PowerMeter& meter, const std::function<void()>& work, const EnergyWindowOptions& options,
                            const std::shared_ptr<Clock>& clock) {
  return measure({&meter}, work, options, clock).front();
}

std::vector<EnergyWindow> measure_energy(const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                         const std::function<void()>& work, const EnergyWindowOptions& options,
                                         const std::shared_ptr<Clock>& clock) {
  Meters pointers;
  for (const std::unique_ptr<PowerMeter>& meter : meters) {
    if (meter == nullptr) throw Error(ErrorCode::kInvalidArgument, "a meter is null");
    pointers.push_back(meter.get());
  }
  return measure(pointers, work, options, clock);
}

}  // namespace perfmodel
