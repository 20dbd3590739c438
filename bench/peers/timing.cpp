#include "timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kShortestSampleUs = 1000;

double time_us(const std::function<void()>& work, int calls) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < calls; ++i) work();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / calls;
}

/// Calls that make a sample long enough for the clock.
int calls_per_sample(const std::function<void()>& work) {
  work();
  const double once_us = std::max(time_us(work, 1), 1e-3);
  if (once_us > kShortestSampleUs) return 1;
  const double many_us = time_us(work, 1 + static_cast<int>(kShortestSampleUs / 10 / once_us));
  return 1 + static_cast<int>(kShortestSampleUs / std::max(many_us, 1e-4));
}

std::string spread(const char* whose, const Timing& timing) {
  return fmt::format(R"("{0}_p25_us":{1:.6g},"{0}_p75_us":{2:.6g})", whose, timing.quantile_us(0.25),
                     timing.quantile_us(0.75));
}

void print_line(const Comparison& comparison, double ours_us, double peer_us, const std::string& more) {
  fmt::print(R"({{"case":"{}","ours_us":{:.6g},"peer":"{}","peer_us":{:.6g},"ratio":{:.4g},"goal":{:g},{}}})"
             "\n",
             comparison.name, ours_us, comparison.peer, peer_us, peer_us / ours_us, comparison.goal, more);
  std::fflush(stdout);
}

}  // namespace

double Timing::median_us() const {
  return quantile_us(0.5);
}

double Timing::quantile_us(double fraction) const {
  std::vector<double> sorted = samples_us;
  std::sort(sorted.begin(), sorted.end());
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<Timing> time_in_turn(int rounds, const std::vector<std::function<void()>>& works) {
  std::vector<int> calls;
  for (const std::function<void()>& work : works) calls.push_back(calls_per_sample(work));
  std::vector<Timing> timings(works.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < works.size(); ++i) timings[i].samples_us.push_back(time_us(works[i], calls[i]));
  }
  return timings;
}

void report(const Comparison& comparison, const Timing& ours, const Timing& theirs) {
  print_line(comparison, ours.median_us(), theirs.median_us(),
             fmt::format(R"({},{},"rounds":{})", spread("ours", ours), spread("peer", theirs), ours.samples_us.size()));
}

void report_limit(const std::string& name, const Timing& ours, double limit_us) {
  print_line({name, "limit", 1}, ours.median_us(), limit_us,
             fmt::format(R"({},"rounds":{})", spread("ours", ours), ours.samples_us.size()));
}

void compare(const Comparison& comparison, int rounds, const std::function<void()>& ours,
             const std::function<void()>& theirs) {
  const std::vector<Timing> timings = time_in_turn(rounds, {ours, theirs});
  report(comparison, timings[0], timings[1]);
}

void require_close(const std::string& what, Span<const double> ours, Span<const double> theirs, double relative,
                   double scale) {
  if (ours.size() != theirs.size()) {
    throw Error(ErrorCode::kMismatch, fmt::format("{}: {} answers and {}", what, ours.size(), theirs.size()));
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double allowed = relative * std::max(scale, std::abs(theirs[i]));
    if (std::abs(ours[i] - theirs[i]) <= allowed) continue;
    throw Error(ErrorCode::kMismatch, fmt::format("{}: row {}: {:.9g} and {:.9g} differ by more than {:.2g}", what, i,
                                                  ours[i], theirs[i], allowed));
  }
}

}  // namespace perfmodel
