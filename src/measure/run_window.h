#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel {

/// How long runs go on.
struct RunWindowOptions {
  int min_runs = 1;
  double min_updates = 0;   ///< of each meter whose period is known, too ...
  double max_seconds = 60;  ///< ... but beyond min_runs begin no run after that long
};

/// What one meter told of a window.
struct MeterWindow {
  double joules = 0, watts = 0, error_joules = 0;
};

struct RunWindow {
  int num_runs = 0;
  double duration_s = 0;
  std::vector<MeterWindow> meters;
};

/// How often a meter's number changes; 0: unknown.
double update_period_s(const PowerMeterInfo& meter) noexcept;

/// Calls `run` again and again between two readings of all meters.
/// @throws what `run` and the meters throw.
RunWindow measure_runs(const std::function<void()>& run, const std::vector<std::unique_ptr<PowerMeter>>& meters,
                       Clock& clock, const RunWindowOptions& options);

/// Mean power of each meter over `seconds` of doing nothing. `wait` sleeps that long.
std::vector<double> measure_idle_watts(const std::vector<std::unique_ptr<PowerMeter>>& meters, Clock& clock,
                                       const std::function<void()>& wait);

}  // namespace perfmodel
