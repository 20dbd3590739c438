#include "simulated_board/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {

SimulatedMachine::SimulatedMachine(const std::string& folder, const SimulatedBoardOptions& options)
    : options_(options),
      files_(folder),
      random_(options.seed),
      thermal_(options.ambient_celsius),
      shown_celsius_(options.ambient_celsius) {
  knobs_ = files_.read_knobs();
  follow_clocks();
  const BoardPower power = board_power(clocks_, batch_.activity, thermal_.temperature_celsius());
  readings_.input_watts = power.total_watts();
  readings_.gpu_watts = power.gpu_watts;
  readings_.cpu_watts = power.cpu_watts;
  show();
  files_.throw_if_failed();
}

void SimulatedMachine::look() noexcept {
  try {
    knobs_ = files_.read_knobs();
  } catch (...) {
    // Who sleeps cannot be told; the next run says what is wrong. Until then the board runs as it did.
  }
  loaded_ = busy();
  follow_clocks();
}

void SimulatedMachine::begin(SimulatedWorkload workload, const SimulatedSettings& settings) {
  if (busy()) throw Error(ErrorCode::kBusy, "the simulated board runs a workload, allowed is one at a time");
  require_runnable(workload, settings);
  knobs_ = files_.read_knobs();
  workload_ = workload;
  settings_ = settings;
  remaining_ = 1;
  // Four standard deviations at most, so that no run is nearly free.
  const auto factor = [&] { return std::exp(options_.noise_fraction * std::clamp(random_.normal(), -4.0, 4.0)); };
  time_factor_ = factor();
  power_factor_ = factor();
  begin_s_ = reached_s_;
  begin_joules_ = joules_;
  run_ = {};
  loaded_ = true;
  follow_clocks();
}

void SimulatedMachine::finish() noexcept {
  const double seconds = reached_s_ - begin_s_;
  run_.latency_ms = 1e3 * seconds;
  run_.latency_ms_per_image = run_.latency_ms / settings_.batch;
  run_.joules = joules_ - begin_joules_;
  run_.mean_watts = run_.joules / seconds;
}

SimulatedRun SimulatedMachine::end() {
  files_.throw_if_failed();
  return run_;
}

double SimulatedMachine::advance(double until_s) {
  while (reached_s_ < until_s) {
    const double update_s = static_cast<double>(num_periods_ + 1) * options_.sensor_period_s;
    double next_s = std::min(until_s, update_s);
    const bool working = busy();
    if (working) {
      const double end_s = reached_s_ + remaining_ * batch_.seconds * time_factor_;
      remaining_ = end_s <= next_s ? 0 : remaining_ * (end_s - next_s) / (end_s - reached_s_);
      next_s = std::min(next_s, end_s);
    }
    if (working && thermal_.throttled()) run_.throttled = true;
    step(next_s - reached_s_);
    reached_s_ = next_s;
    if (next_s == update_s) update_sensors();
    if (working && !busy()) {
      finish();
      break;
    }
  }
  return reached_s_;
}

/// Power and temperature go on for `seconds` with the clocks as they are.
void SimulatedMachine::step(double seconds) noexcept {
  const BoardPower power = board_power(clocks_, batch_.activity, thermal_.temperature_celsius());
  const double factor_seconds = power_factor_ * seconds;
  joules_ += power.total_watts() * factor_seconds;
  gpu_joules_ += power.gpu_watts * factor_seconds;
  cpu_joules_ += power.cpu_watts * factor_seconds;
  const bool was_throttled = thermal_.throttled();
  thermal_.advance(power.total_watts() * power_factor_, seconds);
  if (thermal_.throttled() != was_throttled) follow_clocks();
}

void SimulatedMachine::update_sensors() noexcept {
  ++num_periods_;
  readings_.input_watts = (joules_ - period_joules_) / options_.sensor_period_s;
  readings_.gpu_watts = (gpu_joules_ - period_gpu_joules_) / options_.sensor_period_s;
  readings_.cpu_watts = (cpu_joules_ - period_cpu_joules_) / options_.sensor_period_s;
  period_joules_ = joules_;
  period_gpu_joules_ = gpu_joules_;
  period_cpu_joules_ = cpu_joules_;
}

void SimulatedMachine::follow_clocks() noexcept {
  clocks_ = clocks_of(knobs_, loaded_, thermal_.throttled());
  if (loaded_) {
    batch_ = batch_time(workload_, settings_, clocks_);
  } else {
    batch_ = {};
    power_factor_ = 1;
  }
}

void SimulatedMachine::show() noexcept {
  readings_.clocks = clocks_;
  readings_.joules = joules_;
  readings_.temperature_celsius = thermal_.temperature_celsius();
  readings_.num_throttled = thermal_.num_throttled();
  files_.write(readings_);
  shown_joules_ = joules_;
  shown_celsius_ = thermal_.temperature_celsius();
}

}  // namespace perfmodel
