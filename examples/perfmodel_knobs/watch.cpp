#include <cmath>
#include <cstdio>

#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel::tools {
namespace {

/// Power now; NaN while a counter was read once only or a sensor does not answer.
double watts_of(PowerMeter& meter) {
  try {
    return meter.watts();
  } catch (const Error&) {
    return std::nan("");
  }
}

struct Watched {
  std::vector<std::pair<std::string, double>> values;  ///< effective values, power, temperature
};

Watched look(const KnobDriver& driver, const std::vector<std::unique_ptr<PowerMeter>>& meters,
             const ThermalSensors& thermal) {
  Watched now;
  for (const KnobStatus& knob : driver.list()) {
    const double value = std::isfinite(knob.effective) ? knob.effective : knob.current;
    if (std::isfinite(value)) now.values.emplace_back(knob.name, value);
  }
  for (const auto& meter : meters) now.values.emplace_back(meter->info().name + "_watts", watts_of(*meter));
  now.values.emplace_back("temperature_celsius", thermal.temperature_celsius());
  now.values.emplace_back("num_throttled", thermal.throttle_count());
  now.values.emplace_back("throttled", thermal.throttled());
  return now;
}

void print(const Watched& now, double time_s, bool json) {
  if (json) {
    JsonObject line;
    line.add("time_s", rounded(time_s));
    for (const auto& [name, value] : now.values) line.add(name, value);
    std::printf("%s\n", line.text().c_str());
  } else {
    std::printf("%8.1f s", time_s);
    for (const auto& [name, value] : now.values) {
      if (std::isfinite(value)) std::printf("  %s %s", name.c_str(), number_text(value).c_str());
    }
    std::printf("\n");
  }
  std::fflush(stdout);
}

}  // namespace

void watch_knobs(const MachineOptions& machine, const WatchOptions& options) {
  const Board board = board_of(machine);
  const KnobDriver driver(board, driver_options(machine));
  PowerMeterOptions meter_options;
  meter_options.root = machine.root;
  const std::vector<std::unique_ptr<PowerMeter>> meters = open_power_meters(board, meter_options);
  const ThermalSensors thermal(board, machine.root);
  const std::shared_ptr<Clock> clock = system_clock();
  if (!machine.json) std::printf("%s\n", board_heading(board).c_str());
  const double begin_s = clock->now_s();
  for (std::uint64_t line = 0; options.count == 0 || line < options.count; ++line) {
    if (line > 0) clock->sleep_s(begin_s + static_cast<double>(line) * options.interval_s - clock->now_s());
    print(look(driver, meters, thermal), clock->now_s() - begin_s, machine.json);
  }
}

}  // namespace perfmodel::tools
