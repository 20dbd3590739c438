#include "measure/told_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kCoarseClock_s = 0.02;  ///< a clock of hundredths, such as /proc/uptime, may be that far off

constexpr const char kBegin[] = "window_begin_s", kEnd[] = "window_end_s", kRuns[] = "window_runs";

std::optional<double> take(std::map<std::string, double>& answer, const char* name) {
  const auto found = answer.find(name);
  if (found == answer.end()) return std::nullopt;
  const double value = found->second;
  answer.erase(found);
  return value;
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::kInvalidArgument, "the workload told " + reason);
}

/// What of a window lies within the call.
TimeWindow within(const TimeWindow& call, const TimeWindow& window) {
  const auto told = [&] { return fmt::format("a window from {:.6f} s to {:.6f} s", window.begin_s, window.end_s); };
  if (!std::isfinite(window.begin_s) || !std::isfinite(window.end_s)) refuse(told() + ", allowed are finite numbers");
  if (!(window.begin_s < window.end_s)) refuse(told() + ", its end must be after its begin");
  const TimeWindow inner{std::max(window.begin_s, call.begin_s), std::min(window.end_s, call.end_s)};
  const double outside_s = std::max(inner.begin_s - window.begin_s, window.end_s - inner.end_s);
  if (outside_s <= kCoarseClock_s && inner.begin_s < inner.end_s) return inner;
  refuse(told() + fmt::format(", it was called from {:.6f} s to {:.6f} s (CLOCK_MONOTONIC for commands)", call.begin_s,
                              call.end_s));
}

}  // namespace

bool is_window_name(const std::string& name) {
  return name == kBegin || name == kEnd || name == kRuns;
}

std::optional<ToldWindow> take_window(std::map<std::string, double>& answer, const TimeWindow& call) {
  const std::optional<double> begin_s = take(answer, kBegin), end_s = take(answer, kEnd), runs = take(answer, kRuns);
  if (!begin_s && !end_s && !runs) return std::nullopt;
  if (!begin_s || !end_s) {
    const std::string both = fmt::format("{} and {}", kBegin, kEnd);
    throw Error(ErrorCode::kParse, fmt::format("the workload told {} without {}, a window has both",
                                               end_s     ? kEnd
                                               : begin_s ? kBegin
                                                         : kRuns,
                                               end_s     ? kBegin
                                               : begin_s ? kEnd
                                                         : both));
  }
  const TimeWindow window = within(call, {*begin_s, *end_s});
  if (runs && !(*runs >= 1 && std::floor(*runs) == *runs && std::isfinite(*runs))) {
    refuse(fmt::format("{} runs in its window, allowed are whole numbers from 1 on", *runs));
  }
  return ToldWindow{window, runs};
}

}  // namespace perfmodel
