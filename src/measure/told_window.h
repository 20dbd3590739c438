#pragma once

#include <map>
#include <optional>
#include <string>

#include "power/measure_windows.h"

namespace perfmodel {

/// When its timed runs were, as a workload may tell it beside its objectives, in seconds of the campaign's clock:
/// that of commands is CLOCK_MONOTONIC.
struct ToldWindow {
  TimeWindow window;
  std::optional<double> num_runs;
};

/// Whether an answer's name is one of a window's, so that it is no objective's.
bool is_window_name(const std::string& name);

/// Takes `window_begin_s`, `window_end_s` and `window_runs` out of an answer.
/// What sticks out of the call by no more than a coarse clock is off, 20 ms, is cut off.
/// @param call  when the workload was called, and when it answered
/// @return      nothing: it told none
/// @throws Error kParse: one of the two ends, or runs, without the others; kInvalidArgument: an end that is not finite,
///         not after the begin or further outside of the call; a number of runs that is not whole or below 1.
std::optional<ToldWindow> take_window(std::map<std::string, double>& answer, const TimeWindow& call);

}  // namespace perfmodel
