#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perfmodel {

/// How far samples may be off, added up.
struct SampleErrors {
  double change_joules = 0;  ///< change of power from sample to sample, x half the time between
  double late_s = 0;         ///< time for which samples came late
};

/// Energy and errors up to a moment.
struct EnergyPoint {
  double time_s = 0, joules = 0;
  SampleErrors errors;
  double watts = 0;  ///< of the moment, as a sensor of power says
};

/// Energy over time, as it was read. Memory is bounded: at 65 536 points every second one goes, and of those to come
/// every second one is kept, and so on. The first one and the last one stay.
class EnergyPoints {
 public:
  static constexpr std::size_t kMostPoints = 65536;

  /// Takes a point, not before the last one.
  void add(const EnergyPoint& point);
  double first_s() const noexcept { return points_.front().time_s; }
  double last_s() const noexcept { return points_.back().time_s; }
  std::size_t size() const noexcept { return points_.size(); }
  std::uint64_t stride() const noexcept { return stride_; }  ///< of so many points added one is kept

  /// By a straight line between the two points around a moment.
  struct Between {
    EnergyPoint point;
    double distance_s = 0;  ///< from the moment to the nearer one of the two
  };
  /// REQUIRES first_s() <= time_s <= last_s().
  Between at(double time_s) const noexcept;

  /// Energy up to a moment of readings that are the means of updates, several of each: a new number is taken to have
  /// come halfway between two readings. Where one lies between those before and after it, power is taken to have
  /// jumped once in its update, at the moment that makes this mean; else for even.
  /// REQUIRES as at().
  double joules_of_means(double time_s, double update_period_s) const noexcept;

 private:
  std::vector<EnergyPoint>::const_iterator first_from(double time_s) const noexcept;
  double jump_joules(std::size_t index, double time_s, double update_period_s) const noexcept;
  bool last_stays() const noexcept { return (num_added_ - 1) % stride_ == 0; }
  void thin_out();

  std::vector<EnergyPoint> points_;  ///< each stride_th of those added, and the last one
  std::uint64_t num_added_ = 0, stride_ = 1;
};

}  // namespace perfmodel
