#pragma once

#include <memory>
#include <vector>

#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// How work is timed.
struct ProtocolOptions {
  int warmup_runs = 5;               ///< untimed runs first ...
  double max_warmup_seconds = 0.05;  ///< ... but no further one once they took that long
  int min_samples = 10;              ///< at least that many timed samples, whatever they cost; >= 2
  int max_samples = 200;
  /// Stop when the standard error of the mean is below this share of the mean ...
  double standard_error_fraction = 0.01;
  double max_seconds = 0.25;         ///< ... or when sampling took that long (twice that on a disturbed machine)
  double outlier_deviations = 5;     ///< samples further than that many robust deviations from the median are marked
  int clock_ticks_per_sample = 100;  ///< work is repeated within a sample until its window holds that many clock ticks
  /// A sample beside which the reference loop ran slower than this is "disturbed".
  double interference_threshold = 1.12;
};

/// Work in phases that is timed phase by phase.
class PERFMODEL_EXPORT PhasedWork {
 public:
  virtual ~PhasedWork();
  virtual int num_phases() const = 0;
  /// The phase whose standard error the stop rule watches.
  virtual int leading_phase() const { return 0; }
  /// Untimed, before each sample: bring inputs to the state in which the work finds them in real use.
  virtual void prepare() {}
  /// Runs `phase` `repeats` times in a row and returns how long that took in milliseconds.
  virtual double run_ms(int phase, int repeats) = 0;
};

/// What was found for one phase.
struct PhaseSummary {
  double median_ms = 0;  ///< of the undisturbed samples (of all when fewer than half of min_samples were undisturbed)
  double spread_ms = 0;  ///< robust deviation (1.4826 x median absolute deviation) of the same samples
  double minimum_ms = 0;
  int num_outliers = 0;            ///< marked, kept in the record, and in the median (which does not mind them)
  int repeats = 1;                 ///< runs within one sample
  std::vector<double> samples_ms;  ///< every sample, in the order they were taken: its time over `repeats`
  std::vector<bool> outliers;      ///< whether each sample is one; only among those that the median is taken of
};

/// What was found for all phases, and under which conditions.
struct ProtocolResult {
  std::vector<PhaseSummary> phases;
  int num_samples = 0;
  int num_disturbed = 0;        ///< samples beside which the machine was slower than when quiet
  std::vector<bool> disturbed;  ///< whether each sample is one of them
  bool converged = false;       ///< the stop rule held before the time limit
};

/// Tells when something else slows this core down (a busy sibling thread, a lower clock): a reference loop of some 40
/// microseconds, timed against its own best in the recent past. One object per measuring thread.
class PERFMODEL_EXPORT InterferenceMonitor {
 public:
  /// Learns the loop's time on the quiet machine; takes some 200 ms.
  InterferenceMonitor();
  ~InterferenceMonitor();
  /// Runs the loop: its time over the time it takes on the quiet machine; about 1 when nothing interferes.
  double slowdown();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Times `work` by the protocol: warm-up, then samples until the stop rule holds. The stop rule counts undisturbed
/// samples only: at least min_samples of them over at least 4 ms, and the standard error of the leading phase, rare
/// outliers aside, small enough. The time limit ends sampling when half of min_samples are undisturbed; a machine that
/// stays disturbed gets twice that time. Nothing is dropped from the record.
/// @throws what `work` throws; Error kInvalidArgument (options out of range), kCancelled.
PERFMODEL_EXPORT ProtocolResult run_protocol(PhasedWork& work, const ProtocolOptions& options,
                                             InterferenceMonitor& monitor, const Callbacks& callbacks = {});

/// Smallest step of the monotonic clock as a program sees it, in milliseconds; measured once.
PERFMODEL_EXPORT double clock_tick_ms();

/// Binds the calling thread to one CPU.  @return whether the system allowed it.
PERFMODEL_EXPORT bool pin_current_thread(int cpu) noexcept;
/// The CPU, of those this thread may use, on which the reference loop takes the least time on average, disturbances
/// included; takes some 100 ms per CPU, 2 s at most.
PERFMODEL_EXPORT int quietest_cpu();

}  // namespace perfmodel
