#include "measure/configuration_measurer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "board/board_table.h"
#include "core/progress.h"
#include "measure/load_sampler.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

constexpr double kLook_s = 0.5;          ///< between two looks at the temperature, or for a wish to end
constexpr double kUsualPeriod_s = 0.01;  ///< of looks at effective values, where nothing is known of the runs
constexpr double kLeastPeriod_s = 0.001, kGreatestPeriod_s = 0.1;
constexpr double kLooksPerWindow = 20;

double tolerance_fraction(const Board& board, const std::string& knob) {
  for (const KnobTable& table : board.table().knobs) {
    if (table.name == knob) return table.tolerance_fraction;
  }
  return 0;
}

const KnobReading* find(const std::vector<KnobReading>& readings, const std::string& knob) {
  const auto found = std::find_if(readings.begin(), readings.end(),
                                  [&knob](const KnobReading& reading) { return reading.name == knob; });
  return found == readings.end() ? nullptr : &*found;
}

ConfigurationRecord::Objective summary_of(const std::vector<double>& values) {
  return {median(values), values.size() < 2 ? ConfigurationRecord::kUnknown : robust_spread(values)};
}

}  // namespace

std::vector<double> objectives_in(const std::map<std::string, double>& answer,
                                  const std::vector<std::string>& objectives) {
  std::vector<double> values;
  for (const std::string& objective : objectives) {
    auto found = answer.find(objective);
    if (found == answer.end() && objectives.size() == 1 && answer.size() == 1) found = answer.find("");
    if (found == answer.end()) {
      std::string names;
      for (const auto& [name, value] : answer) names += (names.empty() ? "" : ", ") + name;
      throw Error(ErrorCode::kParse,
                  fmt::format("the workload did not answer '{}'; it answered ({})", objective, names));
    }
    if (!std::isfinite(found->second)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("the workload answered {} for '{}', allowed are finite numbers", found->second, objective));
    }
    values.push_back(found->second);
  }
  return values;
}

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

void ConfigurationMeasurer::set(const Configuration& configuration) {
  readings_.clear();
  const std::vector<KnobValue> values = plan_.knob_values(configuration);
  if (!values.empty()) readings_ = means_.driver.set(values);
}

void ConfigurationMeasurer::cool_down() {
  const ConfigurationCampaignOptions& options = means_.options;
  if (options.cool_to_celsius <= 0) return;
  const double end_s = clock_->now_s() + options.max_cool_s;
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
  } catch (const Error& error) {
    const bool is_absent = error.code() == ErrorCode::kNotFound || error.code() == ErrorCode::kPermission;
    if (is_absent && !has_answered_) throw CampaignEnd{error};
    throw;
  }
}

void ConfigurationMeasurer::run_workload(std::vector<std::vector<double>>& values) {
  throw_if_cancelled();
  const std::vector<double> answer = objectives_in(ask_workload(), means_.options.objectives);
  for (std::size_t i = 0; i < answer.size(); ++i) values[i].push_back(answer[i]);
}

/// @return the shortest run; 0: there was none.
double ConfigurationMeasurer::warm_up() {
  std::vector<std::vector<double>> untold(means_.options.objectives.size());
  double shortest_s = 0;
  for (int i = 0; i < means_.options.warmup_runs; ++i) {
    const double start_s = clock_->now_s();
    run_workload(untold);
    const double run_s = clock_->now_s() - start_s;
    shortest_s = i == 0 ? run_s : std::min(shortest_s, run_s);
  }
  return shortest_s;
}

double ConfigurationMeasurer::sampling_period_s(double run_s) const {
  if (run_s <= 0) return kUsualPeriod_s;
  return std::clamp(run_s * means_.options.repeats / kLooksPerWindow, kLeastPeriod_s, kGreatestPeriod_s);
}

std::vector<ConfigurationRecord::Knob> ConfigurationMeasurer::knobs_after(const std::vector<double>& effective) const {
  const std::vector<KnobReading> now = means_.driver.read();
  std::vector<ConfigurationRecord::Knob> knobs;
  for (const std::string& name : plan_.hardware_knobs()) {
    const KnobReading* before = find(readings_, name);
    const KnobReading* after = find(now, name);
    const double set = before == nullptr ? ConfigurationRecord::kUnknown : before->read_back;
    const double tolerance = tolerance_fraction(means_.driver.board(), name) * std::abs(set);
    if (after != nullptr && std::abs(after->read_back - set) > tolerance) {
      throw Error(ErrorCode::kMismatch, fmt::format("knob '{}' was set to {} and has {} after the runs: something else "
                                                    "has changed it",
                                                    name, set, after->read_back));
    }
    knobs.push_back({set, effective[knobs.size()]});
  }
  return knobs;
}

/// Begins no run after max_window_s, but for the repeats that were asked for.
EnergyWindowOptions ConfigurationMeasurer::window_options() const {
  double longest_period_s = 0;
  for (const auto& meter : means_.meters) {
    longest_period_s = std::max({longest_period_s, meter->info().update_period_s, meter->info().sample_period_s});
  }
  EnergyWindowOptions options;
  options.min_updates = means_.options.min_energy_updates;
  if (options.min_updates * longest_period_s > means_.options.max_window_s) {
    options.min_updates = means_.options.max_window_s / longest_period_s;
  }
  options.max_seconds = std::numeric_limits<double>::infinity();
  options.min_repeats = means_.options.repeats;
  return options;
}

void ConfigurationMeasurer::measure_idle(ConfigurationRecord& record) {
  const double seconds = means_.options.idle_seconds;
  record.energies.resize(means_.meters.size());
  if (seconds <= 0 || means_.meters.empty()) return;
  EnergyWindowOptions once;
  once.min_updates = 0;
  const std::vector<EnergyWindow> windows = measure_energy(
      means_.meters, [&] { wait(seconds); }, once, clock_);
  for (std::size_t i = 0; i < windows.size(); ++i) record.energies[i].idle_watts = windows[i].mean_watts;
}

void ConfigurationMeasurer::measure_runs(ConfigurationRecord& record) {
  std::vector<std::vector<double>> values(means_.options.objectives.size());
  const double start_s = clock_->now_s();
  const std::vector<EnergyWindow> windows = measure_energy(
      means_.meters, [&] { run_workload(values); }, window_options(), clock_);
  record.window_s = clock_->now_s() - start_s;
  record.num_runs = static_cast<double>(values.front().size());
  for (const std::vector<double>& samples : values) record.objectives.push_back(summary_of(samples));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    ConfigurationRecord::Energy& energy = record.energies[i];
    energy.joules_per_run = windows[i].joules_per_run;
    energy.error_joules_per_run = windows[i].error_joules / windows[i].repeats;
    energy.watts = windows[i].mean_watts;
  }
}

ConfigurationRecord ConfigurationMeasurer::measure(const Configuration& configuration) {
  texts_ = plan_.texts(configuration);
  ConfigurationRecord record;
  cool_down();
  measure_idle(record);
  record.temperature_before_celsius = temperature_celsius();
  const double run_s = warm_up();
  const double throttled_before = throttle_count();
  LoadSampler sampler(means_.driver, plan_.hardware_knobs(), *clock_, sampling_period_s(run_s));
  measure_runs(record);
  const std::vector<double> effective = sampler.finish();
  record.temperature_celsius = temperature_celsius();
  record.num_throttled = throttle_count() - throttled_before;
  if (!plan_.hardware_knobs().empty()) record.knobs = knobs_after(effective);
  return record;
}

}  // namespace perfmodel
