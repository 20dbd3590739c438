#pragma once

#include "power/energy_points.h"

namespace perfmodel {

/// Turns what a sensor said at which moments into energy and power. No clock, no files, no locks: see RailMeter.
class Accumulator {
 public:
  virtual ~Accumulator() = default;

  /// Takes the sensor's number at `time_s`, which never goes back. The first one is where energy begins.
  /// @throws Error kIo: a number that cannot follow the ones before. It is the new beginning then.
  virtual void add(double time_s, double reading) = 0;
  /// Energy and errors up to the last number.
  virtual EnergyPoint point() const noexcept = 0;
  double joules() const noexcept { return point().joules; }
  /// @throws Error kUnsupported: not known yet.
  virtual double watts() const = 0;
  /// See PowerMeter::error_joules.
  virtual double error_joules(double window_s, double mean_watts) const noexcept = 0;
  /// The same of a window in which the errors of samples came to `sums`.
  virtual double error_joules(double window_s, double mean_watts, const SampleErrors& sums) const noexcept = 0;
};

}  // namespace perfmodel
