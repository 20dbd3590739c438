#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "measure/clock.h"
#include "measure/protocol_engine.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

constexpr double kMinSampling_ms = 4;
/// The reference loop is run when the samples since its last run took this long together, or are this many: often
/// enough to notice, seldom enough to stay cheap.
constexpr double kProbeInterval_ms = 0.2;
constexpr int kMaxSamplesPerProbe = 8;
/// How far a sample's window is chosen beyond what is needed, as times vary.
constexpr double kWindowMargin = 1.25;
constexpr int kMaxRepeats = 1 << 20;
constexpr double kMaxGrowth = 64;
/// When more than this share of the samples lies far from the median, they are part of how the work behaves and count
/// in the standard error.
constexpr double kMaxOutlierFraction = 0.1;

void require(bool holds, const char* option, double given, const char* allowed) {
  if (holds) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("protocol: {} is {}, allowed is {}", option, given, allowed));
}

void check_options(const ProtocolOptions& options) {
  require(options.warmup_runs >= 0, "warmup_runs", options.warmup_runs, ">= 0");
  require(options.max_warmup_seconds > 0, "max_warmup_seconds", options.max_warmup_seconds, "> 0");
  require(options.min_samples >= 2, "min_samples", options.min_samples, ">= 2");
  require(options.max_samples >= options.min_samples, "max_samples", options.max_samples, ">= min_samples");
  require(options.standard_error_fraction > 0, "standard_error_fraction", options.standard_error_fraction, "> 0");
  require(options.max_seconds > 0, "max_seconds", options.max_seconds, "> 0");
  require(options.outlier_deviations > 0, "outlier_deviations", options.outlier_deviations, "> 0");
  require(options.clock_ticks_per_sample >= 1, "clock_ticks_per_sample", options.clock_ticks_per_sample, ">= 1");
  require(options.interference_threshold > 1, "interference_threshold", options.interference_threshold, "> 1");
}

/// Standard error of the mean of `values` as a share of the mean.
double standard_error_fraction(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (mean == 0) return 0;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1) / n) / mean;
}

class ProtocolRun {
 public:
  ProtocolRun(const ProtocolMachine& machine, PhasedWork& work, const ProtocolOptions& options,
              const Callbacks& callbacks)
      : machine_(machine), work_(work), options_(options), callbacks_(callbacks) {
    check_options(options);
    const int num_phases = work.num_phases();
    require(num_phases >= 1, "num_phases()", num_phases, ">= 1");
    leading_phase_ = static_cast<std::size_t>(work.leading_phase());
    require(leading_phase_ < static_cast<std::size_t>(num_phases), "leading_phase()", work.leading_phase(),
            "0 .. num_phases() - 1");
    result_.phases.resize(static_cast<std::size_t>(num_phases));
    window_ms_.resize(result_.phases.size());
  }

  ProtocolResult run() {
    warm_up();
    take_samples();
    for (PhaseSummary& phase : result_.phases) summarize(phase);
    return std::move(result_);
  }

 private:
  void run_phases_once() {
    if (callbacks_.cancelled && callbacks_.cancelled()) {
      throw Error(ErrorCode::kCancelled, "measuring was cancelled");
    }
    work_.prepare();
    for (std::size_t i = 0; i < result_.phases.size(); ++i) {
      window_ms_[i] = work_.run_ms(static_cast<int>(i), result_.phases[i].repeats);
      if (!std::isfinite(window_ms_[i]) || window_ms_[i] < 0) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("protocol: phase {} took {} ms, a time is finite and >= 0", i, window_ms_[i]));
      }
    }
  }

  /// Runs what is not timed, then on until every phase fills the window that the clock needs.
  void warm_up() {
    const double start_ms = machine_.now_ms();
    for (int i = 0; i < std::max(1, options_.warmup_runs); ++i) {
      run_phases_once();
      if (machine_.now_ms() - start_ms > 1e3 * options_.max_warmup_seconds) break;
    }
    while (grow_repeats()) run_phases_once();
  }

  /// Repeats phases more often whose last window was too short.  @return whether there were any.
  bool grow_repeats() {
    const double needed_ms = options_.clock_ticks_per_sample * machine_.clock_tick_ms;
    bool grew = false;
    for (std::size_t i = 0; i < result_.phases.size(); ++i) {
      int& repeats = result_.phases[i].repeats;
      if (window_ms_[i] >= needed_ms || repeats >= kMaxRepeats) continue;
      const double growth =
          window_ms_[i] > 0 ? std::min(kMaxGrowth, kWindowMargin * needed_ms / window_ms_[i]) : kMaxGrowth;
      repeats = static_cast<int>(std::min<double>(kMaxRepeats, std::ceil(repeats * growth)));
      grew = true;
    }
    return grew;
  }

  void take_samples() {
    const double start_ms = machine_.now_ms();
    double slowdown_before = machine_.slowdown();
    double probed_ms = machine_.now_ms();
    for (int unjudged = 1;; ++unjudged) {
      run_phases_once();
      for (std::size_t i = 0; i < result_.phases.size(); ++i) {
        PhaseSummary& phase = result_.phases[i];
        phase.samples_ms.push_back(window_ms_[i] / phase.repeats);
      }
      ++result_.num_samples;
      if (unjudged < kMaxSamplesPerProbe && result_.num_samples < options_.max_samples &&
          machine_.now_ms() - probed_ms < kProbeInterval_ms) {
        continue;
      }
      const double slowdown_after = machine_.slowdown();
      const bool disturbed = std::max(slowdown_before, slowdown_after) > options_.interference_threshold;
      result_.disturbed.resize(static_cast<std::size_t>(result_.num_samples), disturbed);
      if (disturbed) result_.num_disturbed += unjudged;
      slowdown_before = slowdown_after;
      unjudged = 0;
      probed_ms = machine_.now_ms();
      if (is_finished(probed_ms - start_ms)) return;
    }
  }

  bool is_finished(double elapsed_ms) {
    const int num_undisturbed = result_.num_samples - result_.num_disturbed;
    if (num_undisturbed >= options_.min_samples && elapsed_ms >= kMinSampling_ms &&
        leading_error_fraction() <= options_.standard_error_fraction) {
      result_.converged = true;
      return true;
    }
    if (result_.num_samples >= options_.max_samples) return true;
    if (result_.num_samples < options_.min_samples) return false;
    const double limit_ms = 1000 * options_.max_seconds;
    return elapsed_ms > (2 * num_undisturbed >= options_.min_samples ? limit_ms : 2 * limit_ms);
  }

  /// Standard error of the leading phase's mean over the undisturbed samples that are no outliers, over that mean.
  double leading_error_fraction() const {
    const std::vector<double>& samples_ms = result_.phases[leading_phase_].samples_ms;
    std::vector<double> kept_ms;
    for (std::size_t i = 0; i < samples_ms.size(); ++i) {
      if (!result_.disturbed[i]) kept_ms.push_back(samples_ms[i]);
    }
    const double median_ms = median(kept_ms);
    const double limit_ms = options_.outlier_deviations * deviation_ms(result_.phases[leading_phase_], kept_ms);
    const auto near_end = std::stable_partition(
        kept_ms.begin(), kept_ms.end(), [&](double sample_ms) { return std::abs(sample_ms - median_ms) <= limit_ms; });
    const auto num_outliers = static_cast<double>(kept_ms.end() - near_end);
    if (num_outliers <= kMaxOutlierFraction * static_cast<double>(kept_ms.size()))
      kept_ms.erase(near_end, kept_ms.end());
    return standard_error_fraction(kept_ms);
  }

  /// The robust deviation that outliers are told by: not less than the clock can see.
  double deviation_ms(const PhaseSummary& phase, const std::vector<double>& samples_ms) const {
    return std::max(robust_spread(samples_ms), machine_.clock_tick_ms / phase.repeats);
  }

  void summarize(PhaseSummary& phase) const {
    const bool use_all = 2 * (result_.num_samples - result_.num_disturbed) < options_.min_samples;
    std::vector<double> used_ms;
    for (std::size_t i = 0; i < phase.samples_ms.size(); ++i) {
      if (use_all || !result_.disturbed[i]) used_ms.push_back(phase.samples_ms[i]);
    }
    phase.median_ms = median(used_ms);
    phase.spread_ms = robust_spread(used_ms);
    phase.minimum_ms = *std::min_element(phase.samples_ms.begin(), phase.samples_ms.end());
    const double limit_ms = options_.outlier_deviations * deviation_ms(phase, used_ms);
    phase.outliers.resize(phase.samples_ms.size());
    for (std::size_t i = 0; i < phase.samples_ms.size(); ++i) {
      const bool used = use_all || !result_.disturbed[i];
      phase.outliers[i] = used && std::abs(phase.samples_ms[i] - phase.median_ms) > limit_ms;
      phase.num_outliers += phase.outliers[i] ? 1 : 0;
    }
  }

  const ProtocolMachine& machine_;
  PhasedWork& work_;
  const ProtocolOptions& options_;
  const Callbacks& callbacks_;
  std::size_t leading_phase_ = 0;
  std::vector<double> window_ms_;  // of the last run, by phase
  ProtocolResult result_;
};

}  // namespace

PhasedWork::~PhasedWork() = default;

ProtocolResult run_protocol_on(const ProtocolMachine& machine, PhasedWork& work, const ProtocolOptions& options,
                               const Callbacks& callbacks) {
  return ProtocolRun(machine, work, options, callbacks).run();
}

ProtocolResult run_protocol(PhasedWork& work, const ProtocolOptions& options, InterferenceMonitor& monitor,
                            const Callbacks& callbacks) {
  return run_protocol_on({now_ms, [&monitor] { return monitor.slowdown(); }, clock_tick_ms()}, work, options,
                         callbacks);
}

}  // namespace perfmodel
