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
  std::string name;         ///< unique among those opened together, e.g. "powercap:package-0", "ina3221:VDD_GPU"
  std::string rail;         ///< what it feeds, in the board's words
  std::string source;       ///< the file or the NVML call that it reads
  bool is_counter = false;  ///< the hardware counts energy; else power is sampled and integrated here
  bool is_sum = false;      ///< repeats others or a part of one: do not add it to them
  bool simulated = false;
  double update_period_s = 0;  ///< how often the hardware's number changes, as far as known; 0: unknown
  double sample_period_s = 0;  ///< of the sampling thread; 0 for counters
  double delay_s = 0;  ///< its number tells of power that long ago: that of a sampled sensor is the mean of an update
  double resolution_joules = 0, resolution_watts = 0;  ///< smallest step of a counter's, of a power's number; else 0
};

/// What a meter has read since PowerMeter::record() was called: it answers for any window since then, once that is
/// over. Safe from any number of threads; not to outlive its meter. Memory: 4 MiB at most; at 65 536 readings every
/// second one is dropped, and of those to come every second one is kept, and so on.
class PERFMODEL_EXPORT EnergyRecord {
 public:
  virtual ~EnergyRecord();

  struct Energy {
    double joules = 0;
    double error_joules = 0;  ///< as PowerMeter::error_joules, with the power of the window
  };
  /// Energy of a window of the clock's time. Its ends may lie between readings: power is taken for even there. That of
  /// a meter with a delay is in its readings that much later.
  /// @throws Error kInvalidArgument: a window that ends before it begins, or of which it has no readings, because it
  ///         began before or the meter's last reading was not yet info().delay_s after its end.
  virtual Energy between(double begin_s, double end_s) const = 0;
  /// Time from one of its readings to the next, which doubles when every second one is dropped.
  virtual double period_s() const = 0;
};

/// One source of energy readings. Safe from any number of threads.
///
/// The energy of a sampled meter is the trapezoidal sum of its samples. Where samples come late or fail, a straight
/// line bridges the gap and error_joules() counts it; a failure is thrown by the next call besides. Nothing is
/// continued beyond the last sample.
class PERFMODEL_EXPORT PowerMeter {
 public:
  virtual ~PowerMeter();
  virtual const PowerMeterInfo& info() const noexcept = 0;
  /// Energy since the meter was opened, up to now; never goes back. Counters that wrap are followed: the meter reads
  /// them in time by itself.
  /// @throws Error kIo, kTimeout: the sensor does not answer or answers no power, now or, for a sampled or wrapping
  ///         one, at some moment since the last call; names it. A failure is thrown once. A sensor whose number no
  ///         longer changes cannot be told from constant power.
  virtual double joules() = 0;
  /// Power now; of a counter the mean since an earlier reading, ten updates before or more where there is one.
  /// @throws Error as joules(); kUnsupported: a counter that has had no time to change since it was opened.
  virtual double watts() = 0;
  /// Most that joules() can be off over a window of this length that ended with the last reading, by reading at the
  /// wrong moment and by the number's steps. A counter: update period x `mean_watts` + one step. A sampled meter, with
  /// the longer one of update and sample period: period x `mean_watts` + what power changed from sample to sample x
  /// half the time between them + time by which samples came late x `mean_watts` + one step x `window_s`. It holds as
  /// long as power between two samples in time is between theirs; many changes mostly cancel, on which it does not
  /// count. Calibration and filters of the sensor are not in it.
  /// @param mean_watts  power over the window, also near its ends
  /// @return >= 0
  virtual double error_joules(double window_s, double mean_watts) const noexcept = 0;
  /// Reads it, and keeps that and all readings from now on for as long as the answer lives. A counter is read every
  /// `sample_period_s` of its options meanwhile, four times an update at most; where that is 0 four times an update,
  /// but each 0.5 ms at most.
  /// @throws Error as joules().
  virtual std::unique_ptr<EnergyRecord> record() = 0;
};

struct PowerMeterOptions {
  std::string root = "/";
  /// Of sampled meters, 1e-4 to 10; four times an update of the sensor at most. 0: four times an update where its
  /// period is known, but each 0.25 ms at most, else every 5 ms.
  double sample_period_s = 0;
  std::string nvml_library = "libnvidia-ml.so.1";
  std::shared_ptr<Clock> clock;  ///< empty: system_clock()
};

/// Opens every meter of `board` that this machine has and lets us read. Sampled ones begin to sample, all of one period
/// in one tick of the clock (of the machine's clock: on one thread).
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
  double num_updates = 0;     ///< of the meter's number within the window; NaN: a counter whose period is not known
};

struct EnergyWindowOptions {
  double min_updates = 50;  ///< the work is repeated until the window holds that many updates of the meter ...
  double max_seconds = 60;  ///< ... but begins no further run after that long
  int min_repeats = 1;
  double idle_seconds = 0;  ///< measure idle power that long first; 0: not
};

/// Runs `work` again and again between two readings of `meter`. The number of a sampled meter is updated with each
/// sample, or with the sensor if that is known to be slower. What failed before the window does not matter. Returns
/// when the meter has told of its end, info().delay_s later.
/// @param clock  that of the meter; empty: system_clock()
/// @throws Error what `work` and the meter throw; kInvalidArgument (options out of range).
PERFMODEL_EXPORT EnergyWindow measure_energy(PowerMeter& meter, const std::function<void()>& work,
                                             const EnergyWindowOptions& options = {},
                                             const std::shared_ptr<Clock>& clock = {});

/// The same window for several meters: it holds `min_updates` of each. Without meters only `min_repeats` counts.
/// @return one for each meter, in their order
PERFMODEL_EXPORT std::vector<EnergyWindow> measure_energy(const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                          const std::function<void()>& work,
                                                          const EnergyWindowOptions& options = {},
                                                          const std::shared_ptr<Clock>& clock = {});

/// The thermometers and throttle counters of a board, for the record of a measurement. Where the board's meters ask
/// GPUs through NVML, these are thermometers, too, and tell why they slow down. Safe from any number of threads.
class PERFMODEL_EXPORT ThermalSensors {
 public:
  /// @throws Error kInvalidArgument: an empty root or library name.
  explicit ThermalSensors(const Board& board, const std::string& root = "/",
                          const std::string& nvml_library = "libnvidia-ml.so.1");
  ~ThermalSensors();
  ThermalSensors(ThermalSensors&&) noexcept;
  ThermalSensors& operator=(ThermalSensors&&) noexcept;

  /// The hottest zone; NaN: there is none that can be read. Zones that the board's table ignores are left out.
  double temperature_celsius() const;
  /// Times the hardware has slowed itself down so far, all counters together, those of cores that went offline as they
  /// were last; NaN: nothing counts.
  double throttle_count() const;
  /// 1: a GPU says now that power, heat or a brake slows it down; 0: none does; NaN: none tells. Asked are those whose
  /// knobs the board has, or all where it has none.
  double throttled() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace perfmodel
