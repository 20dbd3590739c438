#pragma once

#include <cstddef>
#include <vector>

namespace perfmodel {

/// What the reference loop takes when nothing interferes, learnt from its own recent past: a low quantile of the last
/// kHistory times, so that neither a rare fast run nor long disturbances set it. Follows a lasting change of the clock.
class QuietBaseline {
 public:
  static constexpr std::size_t kHistory = 2048;
  static constexpr std::size_t kRefreshInterval = 100;  ///< times between two looks at the history
  static constexpr double kQuantile = 0.1;

  /// Takes note of one time of the loop, > 0.  @return that time over the quiet one.
  double slowdown(double loop_ms);

 private:
  std::vector<double> history_ms_;
  std::size_t num_seen_ = 0;
  double quiet_ms_ = 0;
};

}  // namespace perfmodel
