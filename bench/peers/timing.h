#pragma once

#include <functional>
#include <string>
#include <vector>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Wall times of one piece of work, in microseconds per call.
struct Timing {
  std::vector<double> samples_us;

  double median_us() const;
  double quantile_us(double fraction) const;  ///< fraction in [0, 1]
};

/// Times pieces of work in turn, so that a machine that slows down slows all of them: each round takes one sample of
/// each. Work that is shorter than a millisecond is called several times in a sample, after one call that warms up.
///
/// @param rounds  samples of each, at least one
std::vector<Timing> time_in_turn(int rounds, const std::vector<std::function<void()>>& works);

/// What one comparison is about; a line of JSON.
struct Comparison {
  std::string name;  ///< the key "case"
  std::string peer;  ///< what we are compared with; "limit" for a figure that must not be exceeded
  double goal = 1;   ///< how many times faster than the peer we want to be
};

/// Prints {"case", "ours_us", "peer", "peer_us", "ratio", "goal"} with ratio = peer_us / ours_us, and the spread: the
/// quartiles of both and the number of rounds.
void report(const Comparison& comparison, const Timing& ours, const Timing& theirs);

/// The same against a limit of `limit_us`; the peer then has no spread.
void report_limit(const std::string& name, const Timing& ours, double limit_us);

/// time_in_turn() of two, reported.
void compare(const Comparison& comparison, int rounds, const std::function<void()>& ours,
             const std::function<void()>& theirs);

/// @throws Error kMismatch: answers that differ by more than `relative` times the larger of `scale` and the peer's
///         answer; names `what` and the first row.
void require_close(const std::string& what, Span<const double> ours, Span<const double> theirs, double relative,
                   double scale = 0);

}  // namespace perfmodel
