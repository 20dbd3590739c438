#include "power/sample_history.h"

#include <algorithm>

namespace perfmodel {
namespace {

constexpr std::size_t kPointsPerLevel = 64;

}  // namespace

void SampleHistory::add(double time_s, const SampleErrors& errors) {
  until_now_.change_joules += errors.change_joules;
  until_now_.late_s += errors.late_s;
  if (levels_.back().size() == kPointsPerLevel) {
    std::deque<Point> coarser;
    for (std::size_t i = 0; i < kPointsPerLevel; i += 2) coarser.push_back(levels_.back()[i]);
    levels_.push_back(std::move(coarser));
  }
  std::uint64_t stride = 1;
  for (std::deque<Point>& level : levels_) {
    if (num_samples_ % stride != 0) break;
    level.push_back({time_s, until_now_});
    if (level.size() > kPointsPerLevel) level.pop_front();
    stride *= 2;
  }
  ++num_samples_;
}

SampleErrors SampleHistory::since(double begin_s) const noexcept {
  const auto is_after = [](double time_s, const Point& point) { return time_s < point.time_s; };
  for (const std::deque<Point>& level : levels_) {
    if (level.empty() || begin_s < level.front().time_s) continue;
    const Point& before = *std::prev(std::upper_bound(level.begin(), level.end(), begin_s, is_after));
    return {until_now_.change_joules - before.until.change_joules, until_now_.late_s - before.until.late_s};
  }
  return until_now_;
}

std::size_t SampleHistory::num_points() const noexcept {
  std::size_t count = 0;
  for (const std::deque<Point>& level : levels_) count += level.size();
  return count;
}

}  // namespace perfmodel
