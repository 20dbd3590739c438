#include "power/counter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// Power over fewer updates than these would show their steps.
constexpr double kUpdatesForPower = 10;
constexpr double kLeastForPower_s = 0.01;

}  // namespace

double Counter::since_last(double counted_joules) const {
  const double plain = counted_joules - last_counted_joules_;
  if (plain >= 0) return plain;
  const double wrapped = plain + wraps_at_joules_;
  if (wrapped >= 0 && wraps_at_joules_ > 0) return wrapped;
  const std::string range = wraps_at_joules_ > 0 ? fmt::format("it wraps at {} J", wraps_at_joules_)
                                                 : "it does not wrap, or nothing tells where";
  throw Error(ErrorCode::kIo,
              fmt::format("the counter went back from {} J to {} J, {}", last_counted_joules_, counted_joules, range));
}

void Counter::add(double time_s, double counted_joules) {
  if (empty_) {
    last_ = newer_ = older_ = {time_s, 0};
    last_counted_joules_ = counted_joules;
    empty_ = false;
    return;
  }
  try {
    last_ = {time_s, last_.joules + since_last(counted_joules)};
  } catch (const Error&) {
    last_counted_joules_ = counted_joules;
    last_ = newer_ = older_ = {time_s, last_.joules};
    throw;
  }
  last_counted_joules_ = counted_joules;
  if (time_s - newer_.time_s >= std::max(kUpdatesForPower * update_period_s_, kLeastForPower_s)) {
    older_ = newer_;
    newer_ = last_;
  }
}

double Counter::watts() const {
  const double seconds = last_.time_s - older_.time_s;
  if (seconds <= 0 || seconds < update_period_s_) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("a counter tells power only after it has changed: it was first asked {} s ago and changes "
                            "each {} s",
                            seconds, update_period_s_));
  }
  return (last_.joules - older_.joules) / seconds;
}

double Counter::error_joules(double, double mean_watts) const noexcept {
  return update_period_s_ * std::abs(mean_watts) + resolution_joules_;
}

}  // namespace perfmodel
