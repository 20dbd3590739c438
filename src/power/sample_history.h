#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "power/energy_points.h"

namespace perfmodel {

/// Sums over samples that can be asked for any window that ends now. Memory grows with the logarithm of the number of
/// samples: the further back a window begins, the more samples before it may be counted in, up to a 32nd of those
/// within.
class SampleHistory {
 public:
  /// Takes a sample at `time_s`, not before the last one, and what it adds to the sums.
  void add(double time_s, const SampleErrors& errors);
  /// Over what lies after `begin_s`, or a little more; never less.
  SampleErrors since(double begin_s) const noexcept;
  const SampleErrors& total() const noexcept { return until_now_; }
  std::size_t num_points() const noexcept;

 private:
  struct Point {
    double time_s;
    SampleErrors until;
  };
  /// Level i holds the latest samples whose number is a multiple of 2^i; the last one goes back to the first sample.
  std::vector<std::deque<Point>> levels_ = {{}};
  std::uint64_t num_samples_ = 0;
  SampleErrors until_now_;
};

}  // namespace perfmodel
