#include <fmt/format.h>

#include <cmath>

#include "perfmodel/core/error.h"
#include "perfmodel/power/power_meter.h"
#include "power/measure_windows.h"

namespace perfmodel {
namespace {

[[noreturn]] void throw_bad_option(const char* name, double given, const char* allowed) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is {}, allowed are {}", name, given, allowed));
}

void check(const EnergyWindowOptions& options, const std::function<void()>& work) {
  if (!work) throw Error(ErrorCode::kInvalidArgument, "there is no work to measure");
  const auto is_amount = [](double value) { return value >= 0 && std::isfinite(value); };
  if (!is_amount(options.min_updates)) throw_bad_option("min_updates", options.min_updates, "0 and more");
  if (!(options.max_seconds > 0)) throw_bad_option("max_seconds", options.max_seconds, "numbers above 0");
  if (options.min_repeats < 1) throw_bad_option("min_repeats", options.min_repeats, "1 and more");
  if (!is_amount(options.idle_seconds)) throw_bad_option("idle_seconds", options.idle_seconds, "0 and more");
}

std::vector<EnergyWindow> measure(const std::vector<PowerMeter*>& meters, const std::function<void()>& work,
                                  const EnergyWindowOptions& options, const std::shared_ptr<Clock>& clock) {
  check(options, work);
  const auto whole_call = [&work]() -> std::optional<TimeWindow> {
    work();
    return std::nullopt;
  };
  return measure_windows(meters, whole_call, options, {}, clock != nullptr ? clock : system_clock());
}

}  // namespace

EnergyWindow measure_energy(PowerMeter& meter, const std::function<void()>& work, const EnergyWindowOptions& options,
                            const std::shared_ptr<Clock>& clock) {
  return measure({&meter}, work, options, clock).front();
}

std::vector<EnergyWindow> measure_energy(const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                         const std::function<void()>& work, const EnergyWindowOptions& options,
                                         const std::shared_ptr<Clock>& clock) {
  return measure(pointers_to(meters), work, options, clock);
}

}  // namespace perfmodel
