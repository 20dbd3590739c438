#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/knob/board.h"
#include "perfmodel/knob/clock.h"

namespace perfmodel {

/// What a power meter measures, and how.
struct PowerMeterInfo {
  std::string name;         ///< unique among those found, e.g. "powercap:package-0", "ina3221:VDD_GPU"
  std::string rail;         ///< what it feeds, in the board's words
  bool is_counter = false;  ///< the hardware counts energy; else power is sampled and integrated here
  bool is_sum = false;      ///< repeats the sum of others: do not add it to them
  bool simulated = false;
  double update_period_s = 0;  ///< how often the hardware's number changes, as far as known; 0: unknown
  double sample_period_s = 0;  ///< of the sampling thread; 0 for counters
  double resolution_joules = 0, resolution_watts = 0;  ///< smallest step; of counters and of power
};

/// One source of energy readings. The energy of a sampled meter is the trapezoidal sum of its samples. Safe from any
/// number of threads.
class PERFMODEL_EXPORT PowerMeter {
 public:
  virtual ~PowerMeter();
  virtual const PowerMeterInfo& info() const noexcept = 0;
  /// Energy since the meter was opened, up to now; never goes back (counters that wrap are followed, as long as they
  /// are asked once per turn, which the meter does by itself).
  /// @throws Error kIo, kTimeout: the sensor does not answer, or has stopped changing; names it.
  virtual double joules() = 0;
  /// @throws Error as joules(); kUnsupported: a counter that was not asked twice yet.
  virtual double watts() = 0;
  /// Most that joules() over a window of this length can be off by reading at the wrong moment and by the number's
  /// steps; calibration of the sensor aside.
  virtual double error_joules(double window_s, double mean_watts) const noexcept = 0;
};

struct PowerMeterOptions {
  std::string root = "/";
  double sample_period_s = 0.005;  ///< of sampled meters; not shorter than the sensor's own period where that is known
  std::string nvml_library = "libnvidia-ml.so.1";
  std::shared_ptr<Clock> clock;  ///< empty: system_clock()
};

/// Opens every meter of `board` that this machine has and lets us read. Sampled ones begin to sample.
/// @param why_not  takes a line for each that the board has and this machine has not, or that may not be read; nullptr:
///                 not wanted.
/// @throws Error kInvalidArgument (options out of range).
PERFMODEL_EXPORT std::vector<std::unique_ptr<PowerMeter>> open_power_meters(
    const Board& board, const PowerMeterOptions& options = {}, std::vector<std::string>* why_not = nullptr);

/// Energy of a window of work.
struct EnergyWindow {
  double joules = 0;
  double error_joules = 0;  ///< see PowerMeter::error_joules
  double duration_s = 0;
  double mean_watts = 0;
  double idle_watts = 0;      ///< measured before the work; not subtracted. NaN: not measured
  int repeats = 0;            ///< runs of the work within the window
  double joules_per_run = 0;  ///< joules / repeats
  double num_updates = 0;     ///< of the meter's number within the window, as far as its period is known
};

struct EnergyWindowOptions {
  double min_updates = 50;  ///< the work is repeated until the window holds that many updates of the meter ...
  double max_seconds = 60;  ///< ... but begins no further run after that long
  int min_repeats = 1;
  double idle_seconds = 0;  ///< measure idle power that long first; 0: not
};

/// Runs `work` again and again between two readings of `meter`.
/// @throws Error what `work` and the meter throw; kInvalidArgument (options out of range).
PERFMODEL_EXPORT EnergyWindow measure_energy(PowerMeter& meter, const std::function<void()>& work,
                                             const EnergyWindowOptions& options = {},
                                             const std::shared_ptr<Clock>& clock = {});

/// The thermometers and throttle counters of a board, for the record of a measurement.
class PERFMODEL_EXPORT ThermalSensors {
 public:
  explicit ThermalSensors(const Board& board, std::string root = "/");
  ~ThermalSensors();
  /// The hottest zone; NaN: there is none that can be read.
  double temperature_celsius() const;
  /// Times the hardware has slowed itself down so far, all counters together; NaN: nothing counts.
  double throttle_count() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace perfmodel
