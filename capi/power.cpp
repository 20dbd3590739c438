#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

#include "measure_handles.h"
#include "structs.h"
#include "text.h"

namespace capi = perfmodel::capi;

using perfmodel::Error;
using perfmodel::ErrorCode;

constexpr const char* struct_name(const perfmodel_power_options&) {
  return "perfmodel_power_options";
}
constexpr const char* struct_name(const perfmodel_power_meter_info&) {
  return "perfmodel_power_meter_info";
}
constexpr const char* struct_name(const perfmodel_energy_options&) {
  return "perfmodel_energy_options";
}
constexpr const char* struct_name(const perfmodel_energy_window&) {
  return "perfmodel_energy_window";
}

namespace {

perfmodel_power_options default_options() noexcept {
  const perfmodel::PowerMeterOptions defaults;
  return {sizeof(perfmodel_power_options), "/", "libnvidia-ml.so.1", defaults.sample_period_s, nullptr};
}

perfmodel_energy_options default_energy_options() noexcept {
  const perfmodel::EnergyWindowOptions defaults;
  return {sizeof(perfmodel_energy_options), defaults.min_updates, defaults.max_seconds, defaults.idle_seconds,
          defaults.min_repeats};
}

perfmodel::PowerMeterOptions options_from_c(const perfmodel_power_options* given) {
  perfmodel_power_options c = default_options();
  if (given != nullptr) c = capi::read_struct(given, given->struct_size, c);
  capi::require(c.root != nullptr && c.nvml_library != nullptr, "root or nvml_library of the options is NULL");
  perfmodel::PowerMeterOptions options;
  options.root = c.root;
  options.nvml_library = c.nvml_library;
  options.sample_period_s = c.sample_period_s;
  if (c.simulated != nullptr) {
    options.root = c.simulated->impl.root();
    options.clock = c.simulated->impl.clock();
  }
  return options;
}

perfmodel::EnergyWindowOptions options_from_c(const perfmodel_energy_options* given) {
  perfmodel_energy_options c = default_energy_options();
  if (given != nullptr) c = capi::read_struct(given, given->struct_size, c);
  constexpr std::int64_t kMostRepeats = std::numeric_limits<int>::max();
  if (c.min_repeats < 1 || c.min_repeats > kMostRepeats) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("min_repeats is {}, allowed is 1 to {}", c.min_repeats, kMostRepeats));
  }
  perfmodel::EnergyWindowOptions options;
  options.min_updates = c.min_updates;
  options.max_seconds = c.max_seconds;
  options.idle_seconds = c.idle_seconds;
  options.min_repeats = static_cast<int>(c.min_repeats);
  return options;
}

/// @param find  makes the Board from the options
template <typename Find>
perfmodel_power_meters* open(const perfmodel_power_options* c, const Find& find) {
  const perfmodel::PowerMeterOptions options = options_from_c(c);
  const perfmodel::Board board = find(options);
  std::vector<std::string> why_not;
  auto meters = open_power_meters(board, options, &why_not);
  return new perfmodel_power_meters{std::move(meters), std::move(why_not),
                                    perfmodel::ThermalSensors(board, options.root, options.nvml_library),
                                    options.clock};
}

/// One of the texts of a meter's info.
perfmodel_status copy_text(const perfmodel_power_meters* meters, std::size_t index,
                           std::string perfmodel::PowerMeterInfo::*text, char* buffer, std::size_t capacity,
                           std::size_t* out_size) noexcept {
  return capi::guard(
      [&] { capi::copy_string(capi::meter_at(meters, index).info().*text, buffer, capacity, out_size); });
}

perfmodel_energy_window to_c(const perfmodel::EnergyWindow& window) noexcept {
  return {sizeof(perfmodel_energy_window),
          window.joules,
          window.error_joules,
          window.duration_s,
          window.mean_watts,
          window.idle_watts,
          window.joules_per_run,
          window.num_updates,
          window.repeats};
}

}  // namespace

perfmodel_status perfmodel_power_options_init(perfmodel_power_options* options, std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_power_meters_open(const char* board, const perfmodel_power_options* options,
                                             perfmodel_power_meters** out_meters) noexcept {
  return capi::guard([&] {
    capi::require(out_meters != nullptr, "out_meters is NULL");
    *out_meters = open(options, [&](const perfmodel::PowerMeterOptions& opened) {
      return board != nullptr ? perfmodel::built_in_board(board) : perfmodel::detect_board(opened.root);
    });
  });
}

perfmodel_status perfmodel_power_meters_open_file(const char* path, const perfmodel_power_options* options,
                                                  perfmodel_power_meters** out_meters) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_meters != nullptr, "path or out_meters is NULL");
    *out_meters = open(options, [&](const auto&) { return perfmodel::Board::read(path); });
  });
}

perfmodel_status perfmodel_power_meters_open_json(const char* text, std::size_t size,
                                                  const perfmodel_power_options* options,
                                                  perfmodel_power_meters** out_meters) noexcept {
  return capi::guard([&] {
    capi::require(text != nullptr && out_meters != nullptr, "text or out_meters is NULL");
    *out_meters = open(options, [&](const auto&) { return perfmodel::Board::from_json({text, size}); });
  });
}

void perfmodel_power_meters_destroy(perfmodel_power_meters* meters) noexcept {
  delete meters;
}

perfmodel_status perfmodel_power_meters_count(const perfmodel_power_meters* meters,
                                              std::size_t* out_num_meters) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr && out_num_meters != nullptr, "meters or out_num_meters is NULL");
    *out_num_meters = meters->impl.size();
  });
}

perfmodel_status perfmodel_power_meters_why_not(const perfmodel_power_meters* meters, char* buffer,
                                                std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr, "meters is NULL");
    capi::copy_string(fmt::format("{}", fmt::join(meters->why_not, "\n")), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_power_meters_info(const perfmodel_power_meters* meters, std::size_t meter_index,
                                             perfmodel_power_meter_info* out_info) noexcept {
  return capi::guard([&] {
    capi::require(out_info != nullptr, "out_info is NULL");
    const std::size_t struct_size = capi::checked_size(out_info);
    const perfmodel::PowerMeterInfo& info = capi::meter_at(meters, meter_index).info();
    const perfmodel_power_meter_info c{sizeof c,
                                       info.is_counter,
                                       info.is_sum,
                                       info.simulated,
                                       0,
                                       info.update_period_s,
                                       info.sample_period_s,
                                       info.resolution_joules,
                                       info.resolution_watts,
                                       info.delay_s};
    capi::write_struct(c, out_info, struct_size);
  });
}

perfmodel_status perfmodel_power_meters_name(const perfmodel_power_meters* meters, std::size_t meter_index,
                                             char* buffer, std::size_t capacity, std::size_t* out_size) noexcept {
  return copy_text(meters, meter_index, &perfmodel::PowerMeterInfo::name, buffer, capacity, out_size);
}

perfmodel_status perfmodel_power_meters_rail(const perfmodel_power_meters* meters, std::size_t meter_index,
                                             char* buffer, std::size_t capacity, std::size_t* out_size) noexcept {
  return copy_text(meters, meter_index, &perfmodel::PowerMeterInfo::rail, buffer, capacity, out_size);
}

perfmodel_status perfmodel_power_meters_source(const perfmodel_power_meters* meters, std::size_t meter_index,
                                               char* buffer, std::size_t capacity, std::size_t* out_size) noexcept {
  return copy_text(meters, meter_index, &perfmodel::PowerMeterInfo::source, buffer, capacity, out_size);
}

perfmodel_status perfmodel_power_meters_joules(perfmodel_power_meters* meters, std::size_t meter_index,
                                               double* out_joules) noexcept {
  return capi::guard([&] {
    capi::require(out_joules != nullptr, "out_joules is NULL");
    *out_joules = capi::meter_at(meters, meter_index).joules();
  });
}

perfmodel_status perfmodel_power_meters_watts(perfmodel_power_meters* meters, std::size_t meter_index,
                                              double* out_watts) noexcept {
  return capi::guard([&] {
    capi::require(out_watts != nullptr, "out_watts is NULL");
    *out_watts = capi::meter_at(meters, meter_index).watts();
  });
}

perfmodel_status perfmodel_power_meters_error_joules(const perfmodel_power_meters* meters, std::size_t meter_index,
                                                     double window_s, double mean_watts,
                                                     double* out_error_joules) noexcept {
  return capi::guard([&] {
    capi::require(out_error_joules != nullptr, "out_error_joules is NULL");
    const auto is_amount = [](double value) { return value >= 0 && std::isfinite(value); };
    if (!is_amount(window_s) || !is_amount(mean_watts)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("window_s is {} and mean_watts {}, allowed are 0 and more", window_s, mean_watts));
    }
    *out_error_joules = capi::meter_at(meters, meter_index).error_joules(window_s, mean_watts);
  });
}

perfmodel_status perfmodel_energy_options_init(perfmodel_energy_options* options, std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_energy_options());
}

perfmodel_status perfmodel_energy_window_init(perfmodel_energy_window* window, std::size_t struct_size) noexcept {
  return capi::init_struct(window, struct_size, {});
}

perfmodel_status perfmodel_power_meters_measure(perfmodel_power_meters* meters, std::int32_t (*work)(void* user_data),
                                                void* user_data, const perfmodel_energy_options* options,
                                                perfmodel_energy_window* out_windows) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr && work != nullptr, "meters or work is NULL");
    capi::require(meters->impl.empty() || out_windows != nullptr, "out_windows is NULL");
    const std::size_t struct_size = meters->impl.empty() ? 0 : capi::checked_size(out_windows);
    const auto run = [&] {
      const std::int32_t result = work(user_data);
      if (result != 0) throw Error(ErrorCode::kCancelled, fmt::format("the work ended with {}", result));
    };
    const std::vector<perfmodel::EnergyWindow> windows =
        measure_energy(meters->impl, run, options_from_c(options), meters->clock);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      capi::write_struct(to_c(windows[i]), capi::element(out_windows, i, struct_size), struct_size);
    }
  });
}

perfmodel_status perfmodel_power_meters_temperature(const perfmodel_power_meters* meters,
                                                    double* out_celsius) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr && out_celsius != nullptr, "meters or out_celsius is NULL");
    *out_celsius = meters->thermal.temperature_celsius();
  });
}

perfmodel_status perfmodel_power_meters_throttle_count(const perfmodel_power_meters* meters,
                                                       double* out_count) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr && out_count != nullptr, "meters or out_count is NULL");
    *out_count = meters->thermal.throttle_count();
  });
}

perfmodel_status perfmodel_power_meters_throttled(const perfmodel_power_meters* meters,
                                                  double* out_throttled) noexcept {
  return capi::guard([&] {
    capi::require(meters != nullptr && out_throttled != nullptr, "meters or out_throttled is NULL");
    *out_throttled = meters->thermal.throttled();
  });
}
