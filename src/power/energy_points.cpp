#include "power/energy_points.h"

#include <algorithm>
#include <cmath>

namespace perfmodel {
namespace {

constexpr double kLongestUpdate = 1.5;  ///< of its period; two updates with the same number take longer

}  // namespace

void EnergyPoints::add(const EnergyPoint& point) {
  if (num_added_ > 0 && !last_stays()) points_.pop_back();
  points_.push_back(point);
  ++num_added_;
  if (points_.size() == kMostPoints) thin_out();
}

void EnergyPoints::thin_out() {
  const EnergyPoint last = points_.back();
  stride_ *= 2;
  for (std::size_t i = 0; 2 * i < points_.size(); ++i) points_[i] = points_[2 * i];
  points_.resize((points_.size() + 1) / 2);
  if (!last_stays()) points_.push_back(last);
}

std::vector<EnergyPoint>::const_iterator EnergyPoints::first_from(double time_s) const noexcept {
  const auto is_before = [](const EnergyPoint& point, double moment_s) { return point.time_s < moment_s; };
  return std::lower_bound(points_.begin(), points_.end(), time_s, is_before);
}

EnergyPoints::Between EnergyPoints::at(double time_s) const noexcept {
  const auto after = first_from(time_s);
  if (after == points_.begin() || after->time_s == time_s) return {*after, 0};
  const EnergyPoint &left = *std::prev(after), &right = *after;
  const double fraction = (time_s - left.time_s) / (right.time_s - left.time_s);
  const auto between = [fraction](double from, double to) { return from + fraction * (to - from); };
  return {{time_s,
           between(left.joules, right.joules),
           {between(left.errors.change_joules, right.errors.change_joules),
            between(left.errors.late_s, right.errors.late_s)}},
          std::min(time_s - left.time_s, right.time_s - time_s)};
}

double EnergyPoints::joules_of_means(double time_s, double update_period_s) const noexcept {
  if (stride_ > 1) return at(time_s).point.joules;  // readings in between are gone
  const auto after = first_from(time_s);
  const bool is_nearer_left = after != points_.begin() && time_s < (std::prev(after)->time_s + after->time_s) / 2;
  const auto nearest = is_nearer_left ? std::prev(after) : after;
  return nearest->joules + (time_s - nearest->time_s) * nearest->watts +
         jump_joules(static_cast<std::size_t>(nearest - points_.begin()), time_s, update_period_s);
}

/// What a jump within the update of points_[index] makes of the energy up to `time_s`, beyond even power.
double EnergyPoints::jump_joules(std::size_t index, double time_s, double update_period_s) const noexcept {
  const double watts = points_[index].watts;
  const auto is_near = [&](std::size_t i) {
    return points_[i].watts == watts && std::abs(points_[i].time_s - time_s) < kLongestUpdate * update_period_s;
  };
  std::size_t before = index, after = index;
  while (before > 0 && is_near(before)) --before;
  while (after + 1 < points_.size() && is_near(after)) ++after;
  const double watts_before = points_[before].watts, watts_after = points_[after].watts;
  if (!((watts_before < watts && watts < watts_after) || (watts_before > watts && watts > watts_after))) return 0;
  const double begin_s = (points_[before].time_s + points_[before + 1].time_s) / 2;
  const double seconds = (points_[after - 1].time_s + points_[after].time_s) / 2 - begin_s;
  if (seconds < update_period_s / kLongestUpdate || seconds > update_period_s * kLongestUpdate) return 0;
  const double jump_s = seconds * (watts_after - watts) / (watts_after - watts_before);
  const double since_s = std::clamp(time_s - begin_s, 0.0, seconds);
  const double before_s = std::min(since_s, jump_s);
  return before_s * watts_before + (since_s - before_s) * watts_after - since_s * watts;
}

}  // namespace perfmodel
