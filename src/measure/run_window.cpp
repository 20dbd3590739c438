#include "measure/run_window.h"

#include <algorithm>
#include <limits>

namespace perfmodel {
namespace {

std::vector<double> joules_of(const std::vector<std::unique_ptr<PowerMeter>>& meters) {
  std::vector<double> joules;
  for (const auto& meter : meters) joules.push_back(meter->joules());
  return joules;
}

double mean_watts(double joules, double duration_s) {
  return duration_s > 0 ? joules / duration_s : std::numeric_limits<double>::quiet_NaN();
}

double longest_period_s(const std::vector<std::unique_ptr<PowerMeter>>& meters) {
  double longest_s = 0;
  for (const auto& meter : meters) longest_s = std::max(longest_s, update_period_s(meter->info()));
  return longest_s;
}

}  // namespace

double update_period_s(const PowerMeterInfo& meter) noexcept {
  return std::max(meter.update_period_s, meter.sample_period_s);
}

RunWindow measure_runs(const std::function<void()>& run, const std::vector<std::unique_ptr<PowerMeter>>& meters,
                       Clock& clock, const RunWindowOptions& options) {
  const double wanted_s = std::min(options.min_updates * longest_period_s(meters), options.max_seconds);
  const std::vector<double> before = joules_of(meters);
  const double start_s = clock.now_s();
  RunWindow window;
  do {
    run();
    ++window.num_runs;
    window.duration_s = clock.now_s() - start_s;
    // A clock that stands still (a simulated one, beside a workload that takes no time of it) would never get there.
  } while (window.num_runs < options.min_runs || (window.duration_s < wanted_s && window.duration_s > 0));
  const std::vector<double> after = joules_of(meters);
  for (std::size_t i = 0; i < meters.size(); ++i) {
    MeterWindow meter;
    meter.joules = after[i] - before[i];
    meter.watts = mean_watts(meter.joules, window.duration_s);
    meter.error_joules = meters[i]->error_joules(window.duration_s, meter.watts);
    window.meters.push_back(meter);
  }
  return window;
}

std::vector<double> measure_idle_watts(const std::vector<std::unique_ptr<PowerMeter>>& meters, Clock& clock,
                                       const std::function<void()>& wait) {
  const std::vector<double> before = joules_of(meters);
  const double start_s = clock.now_s();
  wait();
  const double duration_s = clock.now_s() - start_s;
  std::vector<double> watts = joules_of(meters);
  for (std::size_t i = 0; i < meters.size(); ++i) watts[i] = mean_watts(watts[i] - before[i], duration_s);
  return watts;
}

}  // namespace perfmodel
