#include "measure/told_window.h"

#include <fmt/format.h>

#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

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

void check(const TimeWindow& window, const TimeWindow& call) {
  const auto told = [&] { return fmt::format("a window from {:.6f} s to {:.6f} s", window.begin_s, window.end_s); };
  if (!std::isfinite(window.begin_s) || !std::isfinite(window.end_s)) refuse(told() + ", allowed are finite numbers");
  if (!(window.begin_s < window.end_s)) refuse(told() + ", its end must be after its begin");
  if (window.begin_s >= call.begin_s && window.end_s <= call.end_s) return;
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
    throw Error(ErrorCode::kParse, fmt::format("the workload told {} without {}, a window has both",
                                               end_s     ? kEnd
                                               : begin_s ? kBegin
                                                         : kRuns,
                                               begin_s ? kEnd : kBegin));
  }
  const TimeWindow window{*begin_s, *end_s};
  check(window, call);
  if (runs && !(*runs >= 1 && std::floor(*runs) == *runs && std::isfinite(*runs))) {
    refuse(fmt::format("{} runs in its window, allowed are whole numbers from 1 on", *runs));
  }
  return ToldWindow{window, runs};
}

}  // namespace perfmodel
