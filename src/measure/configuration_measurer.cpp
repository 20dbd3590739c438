#include "measure/configuration_measurer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "board/board_table.h"
#include "core/progress.h"
#include "measure/load_sampler.h"
#include "measure/program_absent.h"
#include "measure/throttle_sampler.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

constexpr double kLook_s = 0.5;          ///< between two looks at the temperature, or for a wish to end
constexpr double kUsualPeriod_s = 0.01;  ///< of looks at effective values, where nothing is known of the runs
constexpr double kLeastPeriod_s = 0.001, kGreatestPeriod_s = 0.1;
constexpr double kLooksPerWindow = 20;

/// Kernels tell the clock of a core that works from counters, some tenths of a percent off; a step of a GPU's clock
/// (15 MHz of 2 GHz) is more.
constexpr double kLeastMiss_fraction = 0.005;

const KnobTable* table_of(const Board& board, const std::string& knob) {
  for (const KnobTable& table : board.table().knobs) {
    if (table.name == knob) return &table;
  }
  return nullptr;
}

double tolerance_fraction(const Board& board, const std::string& knob) {
  const KnobTable* const table = table_of(board, knob);
  return table == nullptr ? 0 : table->tolerance_fraction;
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

/// Files count for CPUs: of a GPU that NVML sets their count tells nothing.
double ConfigurationMeasurer::throttle_count() const {
  const bool is_known = means_.thermal != nullptr && !sets_gpu();
  return is_known ? means_.thermal->throttle_count() : ConfigurationRecord::kUnknown;
}

bool ConfigurationMeasurer::sets_gpu() const {
  const std::vector<std::string>& knobs = plan_.hardware_knobs();
  return std::any_of(knobs.begin(), knobs.end(), [this](const std::string& knob) {
    const KnobTable* const table = table_of(means_.driver.board(), knob);
    return table != nullptr && table->mechanism == KnobMechanism::kNvml;
  });
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
    look_at_knobs(record);
    throw;
  }
}

void ConfigurationMeasurer::look_at_knobs(ConfigurationRecord& record) const noexcept {
  for (std::size_t i = 0; i < record.knobs.size(); ++i) {
    try {
      const KnobStatus knob = means_.driver.get(plan_.hardware_knobs()[i]);
      record.knobs[i] = {knob.current, knob.effective};
    } catch (const std::exception&) {
      // It stays unknown.
    }
  }
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
  } catch (const ProgramAbsent& error) {
    if (!has_answered_) throw CampaignEnd{error};
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

/// Knobs that cannot be read even when they are set are taken to stay as they were set.
void ConfigurationMeasurer::check_knobs(ConfigurationRecord& record) const {
  const std::vector<KnobReading> now = means_.driver.read();
  std::string changed;
  for (std::size_t i = 0; i < record.knobs.size(); ++i) {
    const std::string& name = plan_.hardware_knobs()[i];
    const KnobReading* after = find(now, name);
    const double set = record.knobs[i].read_back;
    if (after == nullptr || std::isnan(set)) continue;
    const double tolerance = tolerance_fraction(means_.driver.board(), name) * std::abs(set);
    if (std::abs(after->read_back - set) <= tolerance) continue;
    record.knobs[i].read_back = after->read_back;
    if (!changed.empty()) continue;
    changed = std::isnan(after->read_back)
                  ? fmt::format("knob '{}' was set to {} and cannot be read after the runs", name, set)
                  : fmt::format("knob '{}' was set to {} and has {} after the runs: something else has changed it",
                                name, set, after->read_back);
  }
  if (!changed.empty()) throw Error(ErrorCode::kMismatch, changed);
}

/// A device may accept a value and run at another: that is how long runs take there, so the row is good, but marked.
void ConfigurationMeasurer::count_missed_knobs(ConfigurationRecord& record) const {
  double num_told = 0, num_missed = 0;
  for (std::size_t i = 0; i < record.knobs.size(); ++i) {
    const std::string& name = plan_.hardware_knobs()[i];
    const KnobReading* const reading = find(readings_, name);
    const double effective = record.knobs[i].effective;
    if (reading == nullptr || std::isnan(effective)) continue;
    ++num_told;
    const double fraction = std::max(tolerance_fraction(means_.driver.board(), name), kLeastMiss_fraction);
    if (std::abs(effective - reading->requested) <= fraction * std::abs(reading->requested)) continue;
    ++num_missed;
    log_message(means_.options.callbacks, LogLevel::kWarning,
                fmt::format("knob '{}' was set to {} and ran at {}", name, reading->requested, effective));
  }
  if (num_told > 0) record.num_missed_knobs = num_missed;
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
  for (std::size_t i = 0; i < values.size(); ++i) record.objectives[i] = summary_of(values[i]);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    ConfigurationRecord::Energy& energy = record.energies[i];
    energy.joules_per_run = windows[i].joules_per_run;
    energy.error_joules_per_run = windows[i].error_joules / windows[i].repeats;
    energy.watts = windows[i].mean_watts;
  }
}

void ConfigurationMeasurer::measure(const Configuration& configuration, ConfigurationRecord& record) {
  texts_ = plan_.texts(configuration);
  for (std::size_t i = 0; i < record.knobs.size(); ++i) {
    const KnobReading* reading = find(readings_, plan_.hardware_knobs()[i]);
    if (reading != nullptr) record.knobs[i].read_back = reading->read_back;
  }
  cool_down();
  measure_idle(record);
  record.temperature_before_celsius = temperature_celsius();
  const double run_s = warm_up();
  const double throttled_before = throttle_count();
  ThrottleSampler throttling(means_.thermal, *clock_, sampling_period_s(run_s));
  LoadSampler sampler(means_.driver, plan_.hardware_knobs(), *clock_, sampling_period_s(run_s));
  measure_runs(record);
  const std::vector<double> effective = sampler.finish();
  record.throttled_fraction = throttling.finish();
  record.temperature_celsius = temperature_celsius();
  record.num_throttled = throttle_count() - throttled_before;
  for (std::size_t i = 0; i < record.knobs.size(); ++i) record.knobs[i].effective = effective[i];
  count_missed_knobs(record);
  check_knobs(record);
}

}  // namespace perfmodel
