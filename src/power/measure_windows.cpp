#include "power/measure_windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kRunsWithoutTime = 100000;  // after so many the clock is not one that the work moves on
constexpr double kShortestWait_s = 1e-6;

using Meters = std::vector<PowerMeter*>;
using Records = std::vector<std::unique_ptr<EnergyRecord>>;

/// How often the number that a window reads changes; 0: unknown. At the ends of a window that is told the meter was not
/// asked, so that there a counter's number changes with its record's readings.
double update_period_s(const PowerMeter& meter, const EnergyRecord& record, bool told) {
  const PowerMeterInfo& info = meter.info();
  return std::max({info.update_period_s, info.sample_period_s, told ? record.period_s() : 0});
}

/// How long the windows have to be together.
double needed_s(const Meters& meters, const Records& records, double min_updates, bool told) {
  double longest_s = 0;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    longest_s = std::max(longest_s, update_period_s(*meters[i], *records[i], told));
  }
  return min_updates * longest_s;
}

/// Begins a record of each. Failures before it are of no account; a sensor that still fails says so again.
Records begin_records(const Meters& meters) {
  Records records;
  for (PowerMeter* meter : meters) {
    try {
      records.push_back(meter->record());
    } catch (const Error&) {
      records.push_back(meter->record());
    }
  }
  return records;
}

void read_all(const Meters& meters) {
  for (PowerMeter* meter : meters) meter->joules();
}

/// A moment with readings of each meter just before and after it, so that no line between readings crosses a change of
/// work there.
double mark(const Meters& meters, Clock& clock) {
  read_all(meters);
  const double now_s = clock.now_s();
  read_all(meters);
  return now_s;
}

/// Waits until meters that tell of the past have told of `end_s`.
void wait_for(const Meters& meters, double end_s, Clock& clock) {
  double delay_s = 0;
  for (const PowerMeter* meter : meters) delay_s = std::max(delay_s, meter->info().delay_s);
  if (delay_s == 0) return;
  for (double left_s; (left_s = end_s + delay_s - clock.now_s()) > 0;) clock.sleep_s(std::max(left_s, kShortestWait_s));
  read_all(meters);
}

/// Repeats the work. @return the windows that it told.
/// @param least_s  how long they have to be together, if they are told or not
std::vector<TimeWindow> repeat(const WindowedWork& work, const std::function<double(bool told)>& least_s,
                               const EnergyWindowOptions& options, WorkRule rule, Clock& clock, int& repeats) {
  const double begin_s = clock.now_s();
  std::vector<TimeWindow> windows;
  double told_s = 0;
  for (repeats = 0;;) {
    const std::optional<TimeWindow> window = work();
    ++repeats;
    const double seconds = clock.now_s() - begin_s;
    if (window) {
      windows.push_back(*window);
      told_s += window->length_s();
    }
    const bool repeated = repeats >= options.min_repeats;
    const bool enough = repeated && (window ? told_s : seconds) >= least_s(window.has_value());
    const bool late = seconds >= options.max_seconds && (repeated || !rule.always_min_repeats);
    if (enough || late || repeats == std::numeric_limits<int>::max()) return windows;
    if (repeats >= kRunsWithoutTime && repeated && seconds <= 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the clock stands still after {} runs of the work, is it that of the meter?", repeats));
    }
  }
}

EnergyWindow energy_of(const EnergyRecord& record, const std::vector<TimeWindow>& windows) {
  EnergyWindow sum;
  for (const TimeWindow& window : windows) {
    const EnergyRecord::Energy energy = record.between(window.begin_s, window.end_s);
    sum.joules += energy.joules;
    sum.error_joules += energy.error_joules;
    sum.duration_s += window.length_s();
  }
  sum.mean_watts = sum.duration_s > 0 ? sum.joules / sum.duration_s : 0;
  return sum;
}

}  // namespace

bool lies_within(double time_s, const std::vector<TimeWindow>& windows) noexcept {
  return std::any_of(windows.begin(), windows.end(),
                     [time_s](const TimeWindow& window) { return time_s >= window.begin_s && time_s <= window.end_s; });
}

std::vector<PowerMeter*> pointers_to(const std::vector<std::unique_ptr<PowerMeter>>& meters) {
  Meters pointers;
  for (const std::unique_ptr<PowerMeter>& meter : meters) {
    if (meter == nullptr) throw Error(ErrorCode::kInvalidArgument, "a meter is null");
    pointers.push_back(meter.get());
  }
  return pointers;
}

std::vector<EnergyWindow> measure_windows(const Meters& meters, const WindowedWork& work,
                                          const EnergyWindowOptions& options, WorkRule rule,
                                          const std::shared_ptr<Clock>& clock) {
  const Records records = begin_records(meters);
  TimeWindow idle{clock->now_s(), 0};
  if (options.idle_seconds > 0) clock->sleep_s(options.idle_seconds);
  idle.end_s = mark(meters, *clock);
  int repeats = 0;
  const auto least_s = [&](bool told) { return needed_s(meters, records, options.min_updates, told); };
  std::vector<TimeWindow> windows = repeat(work, least_s, options, rule, *clock, repeats);
  const double end_s = mark(meters, *clock);
  const bool told = !windows.empty();
  if (!told) windows.push_back({idle.end_s, end_s});
  wait_for(meters, windows.back().end_s, *clock);
  std::vector<EnergyWindow> energies;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    EnergyWindow energy = energy_of(*records[i], windows);
    energy.idle_watts = options.idle_seconds > 0 ? energy_of(*records[i], {idle}).mean_watts : kNaN;
    energy.repeats = repeats;
    energy.joules_per_run = energy.joules / repeats;
    const double period_s = update_period_s(*meters[i], *records[i], told);
    energy.num_updates = period_s > 0 ? energy.duration_s / period_s : kNaN;
    energies.push_back(energy);
  }
  return energies;
}

}  // namespace perfmodel
