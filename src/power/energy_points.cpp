#include "power/energy_points.h"

#include <algorithm>

namespace perfmodel {

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

EnergyPoints::Between EnergyPoints::at(double time_s) const noexcept {
  const auto is_before = [](const EnergyPoint& point, double moment_s) { return point.time_s < moment_s; };
  const auto after = std::lower_bound(points_.begin(), points_.end(), time_s, is_before);
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

}  // namespace perfmodel
