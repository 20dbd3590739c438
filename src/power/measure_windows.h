#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel {

/// A stretch of the clock's time.
struct TimeWindow {
  double begin_s = 0, end_s = 0;
  double length_s() const noexcept { return end_s - begin_s; }
};

/// Whether one of them holds a moment, at an end or between.
bool lies_within(double time_s, const std::vector<TimeWindow>& windows) noexcept;

/// Work that is done once per call, and may tell which part of the call counts.
using WindowedWork = std::function<std::optional<TimeWindow>()>;

/// What is done beyond EnergyWindowOptions.
struct WorkRule {
  bool always_min_repeats = false;  ///< also after max_seconds
};

/// @throws Error kInvalidArgument: one is null.
std::vector<PowerMeter*> pointers_to(const std::vector<std::unique_ptr<PowerMeter>>& meters);

/// As measure_energy(): where work tells windows, which is in each call or in none, min_updates, energy and duration
/// are those of these windows together, max_seconds is time of the clock.
/// @param meters  none is null
std::vector<EnergyWindow> measure_windows(const std::vector<PowerMeter*>& meters, const WindowedWork& work,
                                          const EnergyWindowOptions& options, WorkRule rule,
                                          const std::shared_ptr<Clock>& clock);

}  // namespace perfmodel
