#include "measure/configuration_measurer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <utility>

#include "core/progress.h"
#include "measure/knob_check.h"
#include "measure/load_sampler.h"
#include "measure/program_absent.h"
#include "measure/throttle_sampler.h"
#include "perfmodel/core/error.h"
#include "power/measure_windows.h"

namespace perfmodel {
namespace {

constexpr double kLook_s = 0.5;          ///< between two looks at the temperature, or for a wish to end
constexpr double kUsualPeriod_s = 0.01;  ///< of looks at effective values, where nothing is known of the runs
constexpr double kLeastPeriod_s = 0.001, kGreatestPeriod_s = 0.1;
constexpr double kLooksPerWindow = 20;

}  // namespace

ConfigurationMeasurer::ConfigurationMeasurer(const ConfigurationPlan& plan, const MeasuringMeans& means,
                                             bool has_answered)
    : plan_(plan), means_(means), has_answered_(has_answered), clock_(means.driver.options().clock) {
  if (clock_ == nullptr) clock_ = system_clock();
}

void ConfigurationMeasurer::throw_if_cancelled() const {
  const auto& cancelled = means_.options.callbacks.cancelled;
  if (cancelled && cancelled()) throw Error(ErrorCode::kCancelled, "measuring was cancelled");
}

void ConfigurationMeasurer::wait(double seconds) {
  const double end_s = clock_->now_s() + seconds;
  for (double left_s = seconds; left_s > 0; left_s = end_s - clock_->now_s()) {
    throw_if_cancelled();
    clock_->sleep_s(std::min(left_s, kLook_s));
  }
}

double ConfigurationMeasurer::temperature_celsius() const {
  return means_.thermal == nullptr ? ConfigurationRecord::kUnknown : means_.thermal->temperature_celsius();
}

double ConfigurationMeasurer::throttle_count() const {
  return means_.thermal == nullptr ? ConfigurationRecord::kUnknown : means_.thermal->throttle_count();
}

ConfigurationRecord ConfigurationMeasurer::blank_record() const {
  ConfigurationRecord record;
  record.objectives.resize(means_.options.objectives.size());
  record.knobs.resize(plan_.hardware_knobs().size());
  record.energies.resize(means_.meters.size());
  return record;
}

void ConfigurationMeasurer::set(const Configuration& configuration, ConfigurationRecord& record) {
  readings_.clear();
  const std::vector<KnobValue> values = plan_.knob_values(configuration);
  if (values.empty()) return;
  try {
    readings_ = means_.driver.set(values);
  } catch (const Error&) {
    look_at_knobs(means_.driver, plan_.hardware_knobs(), record);
    if (knobs_that_tell().empty()) {
      for (ConfigurationRecord::Knob& knob : record.knobs) knob.effective = ConfigurationRecord::kUnknown;
    }
    throw;
  }
}

void ConfigurationMeasurer::cool_down() {
  const ConfigurationCampaignOptions& options = means_.options;
  if (options.cool_to_celsius <= 0) return;
  const double end_s = clock_->now_s() + options.max_cool_s;
  if (temperature_celsius() > options.cool_to_celsius) {
    log_message(options.callbacks, LogLevel::kInfo,
                fmt::format("the board has {:.1f} degrees Celsius: waiting for {:g}, {:g} s at most",
                            temperature_celsius(), options.cool_to_celsius, options.max_cool_s));
  }
  while (temperature_celsius() > options.cool_to_celsius) {
    const double left_s = end_s - clock_->now_s();
    if (left_s <= 0) {
      log_message(options.callbacks, LogLevel::kWarning,
                  fmt::format("the board has {:.1f} degrees Celsius after {:g} s, more than {:g}; measuring goes on",
                              temperature_celsius(), options.max_cool_s, options.cool_to_celsius));
      return;
    }
    wait(std::min(left_s, kLook_s));
  }
}

std::map<std::string, double> ConfigurationMeasurer::ask_workload() {
  try {
    std::map<std::string, double> answer = means_.workload(texts_);
    has_answered_ = true;
    return answer;
  } catch (const ProgramAbsent& error) {
    if (!has_answered_) throw CampaignEnd{error};
    throw;
  }
}

std::optional<TimeWindow> ConfigurationMeasurer::call_workload(WorkloadCalls& calls) {
  throw_if_cancelled();
  TimeWindow call{clock_->now_s(), 0};
  std::map<std::string, double> answer = ask_workload();
  call.end_s = clock_->now_s();
  return calls.add(std::move(answer), call);
}

/// @return the shortest window of runs; 0: there was none.
double ConfigurationMeasurer::warm_up() {
  WorkloadCalls calls(means_.options.objectives);
  for (int i = 0; i < means_.options.warmup_runs; ++i) call_workload(calls);
  return calls.shortest_window_s();
}

double ConfigurationMeasurer::sampling_period_s(double run_s) const {
  if (run_s <= 0) return kUsualPeriod_s;
  return std::clamp(run_s * means_.options.repeats / kLooksPerWindow, kLeastPeriod_s, kGreatestPeriod_s);
}

/// A simulated board tells what it ran at last. Where its time does not pass in this process, as a program runs it,
/// that may be another configuration's run, and nothing says which.
std::vector<std::string> ConfigurationMeasurer::knobs_that_tell() const {
  const bool runs_elsewhere = means_.driver.board().simulated() && means_.driver.options().clock == nullptr;
  return runs_elsewhere ? std::vector<std::string>() : plan_.hardware_knobs();
}

void ConfigurationMeasurer::measure_idle(ConfigurationRecord& record) {
  const double seconds = means_.options.idle_seconds;
  if (seconds <= 0 || means_.meters.empty()) return;
  EnergyWindowOptions once;
  once.min_updates = 0;
  const std::vector<EnergyWindow> windows = measure_energy(
      means_.meters, [&] { wait(seconds); }, once, clock_);
  for (std::size_t i = 0; i < windows.size(); ++i) record.energies[i].idle_watts = windows[i].mean_watts;
}

/// Of a moment of the campaign's clock; that of a simulated board tells no time of the day.
double ConfigurationMeasurer::unix_time_s(double time_s) const {
  if (means_.driver.board().simulated()) return ConfigurationRecord::kUnknown;
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return now.count() - (clock_->now_s() - time_s);
}

void ConfigurationMeasurer::measure_runs(ConfigurationRecord& record, double warm_up_s) {
  EnergyWindowOptions options;
  options.min_updates = means_.options.min_energy_updates;
  options.max_seconds = means_.options.max_window_s;
  options.min_repeats = means_.options.repeats;
  WorkRule rule;
  rule.always_min_repeats = true;
  WorkloadCalls calls(means_.options.objectives);
  ThrottleSampler throttling(means_.thermal, *clock_, sampling_period_s(warm_up_s));
  LoadSampler sampler(means_.driver, knobs_that_tell(), *clock_, sampling_period_s(warm_up_s));
  const std::vector<EnergyWindow> windows = measure_windows(
      pointers_to(means_.meters), [&] { return call_workload(calls); }, options, rule, clock_);
  const std::vector<LoadSampler::Level> effective = sampler.finish(calls.windows());
  record.throttled_fraction = throttling.finish(calls.windows());
  record.objectives = calls.objectives();
  record.num_calls = calls.num_calls();
  record.num_runs = calls.num_runs();
  record.window_s = calls.window_s();
  record.window_begin_unix_s = unix_time_s(calls.windows().front().begin_s);
  record.window_told = calls.told_windows() ? 1 : 0;
  for (std::size_t i = 0; i < effective.size(); ++i) {
    record.knobs[i].effective = effective[i].mean;
    record.knobs[i].lowest_effective = effective[i].lowest;
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    ConfigurationRecord::Energy& energy = record.energies[i];
    energy.joules_per_run = windows[i].joules / record.num_runs;
    energy.error_joules_per_run = windows[i].error_joules / record.num_runs;
    energy.num_updates = windows[i].num_updates;
    energy.watts = windows[i].mean_watts;
    warn_of_few_updates(means_.meters[i]->info().name, windows[i].num_updates);
  }
}

/// Once per meter: a campaign whose windows are cut has a column that tells of each.
void ConfigurationMeasurer::warn_of_few_updates(const std::string& meter, double num_updates) {
  const ConfigurationCampaignOptions& options = means_.options;
  if (!(num_updates < options.min_energy_updates) || !warned_of_.insert(meter).second) return;
  log_message(
      options.callbacks, LogLevel::kWarning,
      fmt::format("the window held {:.1f} updates of meter '{}', fewer than {:g}, as max_window_s {:g} ended it; "
                  "'{}_num_updates' tells of further rows",
                  num_updates, meter, options.min_energy_updates, options.max_window_s, meter));
}

void ConfigurationMeasurer::measure(const Configuration& configuration, ConfigurationRecord& record) {
  texts_ = plan_.texts(configuration);
  for (std::size_t i = 0; i < record.knobs.size(); ++i) {
    const KnobReading* reading = find_reading(readings_, plan_.hardware_knobs()[i]);
    if (reading != nullptr) record.knobs[i].read_back = reading->read_back;
  }
  cool_down();
  measure_idle(record);
  record.temperature_before_celsius = temperature_celsius();
  const double warm_up_s = warm_up();
  const double throttled_before = throttle_count();
  measure_runs(record, warm_up_s);
  record.temperature_celsius = temperature_celsius();
  record.num_throttled = throttle_count() - throttled_before;
  count_missed_knobs(means_.driver.board(), plan_.hardware_knobs(), readings_, means_.options.callbacks, record);
  require_unchanged_knobs(means_.driver, plan_.hardware_knobs(), record);
}

}  // namespace perfmodel
