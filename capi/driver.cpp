#include <fmt/format.h>
#include <fmt/ranges.h>

#include "driver_options.h"
#include "space_shim.h"
#include "structs.h"
#include "text.h"

namespace capi = perfmodel::capi;

using perfmodel::Board;
using perfmodel::Error;
using perfmodel::ErrorCode;
using perfmodel::KnobReading;
using perfmodel::KnobStatus;

constexpr const char* struct_name(const perfmodel_knob_status&) {
  return "perfmodel_knob_status";
}
constexpr const char* struct_name(const perfmodel_knob_reading&) {
  return "perfmodel_knob_reading";
}

namespace {

/// @param find  makes the Board from the options
template <typename Find>
perfmodel_driver* open(const perfmodel_driver_options* c, const Find& find) {
  const perfmodel::KnobDriverOptions options = capi::driver_options_from_c(c);
  return new perfmodel_driver{perfmodel::KnobDriver(find(options), options)};
}

KnobStatus status_of(const perfmodel_driver* driver, const char* knob) {
  capi::require(driver != nullptr && knob != nullptr, "driver or knob is NULL");
  return driver->impl.get(knob);
}

perfmodel_knob_reading to_c(const KnobReading& reading) noexcept {
  return {sizeof(perfmodel_knob_reading), reading.requested, reading.read_back, reading.effective, reading.num_writes};
}

/// What is told of a knob.
/// @param told  KnobReadings or EffectiveValues
template <typename Told>
const Told& of_knob(const std::vector<Told>& told, const std::string& knob) {
  std::vector<std::string> names;
  for (const Told& one : told) {
    if (one.name == knob) return one;
    names.push_back(one.name);
  }
  throw Error(ErrorCode::kNotFound, fmt::format("knob '{}' was not set ({})", knob, fmt::join(names, ", ")));
}

}  // namespace

perfmodel_status perfmodel_driver_open(const char* board, const perfmodel_driver_options* options,
                                       perfmodel_driver** out_driver) noexcept {
  return capi::guard([&] {
    capi::require(out_driver != nullptr, "out_driver is NULL");
    *out_driver = open(options, [&](const perfmodel::KnobDriverOptions& opened) {
      return board != nullptr ? perfmodel::built_in_board(board) : perfmodel::detect_board(opened.root);
    });
  });
}

perfmodel_status perfmodel_driver_open_file(const char* path, const perfmodel_driver_options* options,
                                            perfmodel_driver** out_driver) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_driver != nullptr, "path or out_driver is NULL");
    *out_driver = open(options, [&](const auto&) { return Board::read(path); });
  });
}

perfmodel_status perfmodel_driver_open_json(const char* text, std::size_t size, const perfmodel_driver_options* options,
                                            perfmodel_driver** out_driver) noexcept {
  return capi::guard([&] {
    capi::require(text != nullptr && out_driver != nullptr, "text or out_driver is NULL");
    *out_driver = open(options, [&](const auto&) { return Board::from_json({text, size}); });
  });
}

void perfmodel_driver_destroy(perfmodel_driver* driver) noexcept {
  delete driver;
}

perfmodel_status perfmodel_driver_board(const perfmodel_driver* driver, char* buffer, std::size_t capacity,
                                        std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    capi::copy_string(driver->impl.board().name(), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_driver_num_knobs(const perfmodel_driver* driver, std::size_t* out_num_knobs) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr && out_num_knobs != nullptr, "driver or out_num_knobs is NULL");
    *out_num_knobs = driver->impl.board().knob_names().size();
  });
}

perfmodel_status perfmodel_driver_knob_name(const perfmodel_driver* driver, std::size_t knob_index, char* buffer,
                                            std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    const std::vector<std::string> names = driver->impl.board().knob_names();
    if (knob_index >= names.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("knob_index is {}, there are {} knobs", knob_index, names.size()));
    }
    capi::copy_string(names[knob_index], buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_knob_status_init(perfmodel_knob_status* status, std::size_t struct_size) noexcept {
  return capi::init_struct(status, struct_size, {});
}

perfmodel_status perfmodel_driver_get(const perfmodel_driver* driver, const char* knob,
                                      perfmodel_knob_status* out_status) noexcept {
  return capi::guard([&] {
    capi::require(out_status != nullptr, "out_status is NULL");
    const std::size_t struct_size = capi::checked_size(out_status);
    const KnobStatus status = status_of(driver, knob);
    const std::size_t num_levels = status.option ? static_cast<std::size_t>(status.option->num_levels()) : 0;
    const perfmodel_knob_status told{sizeof told,
                                     status.current,
                                     status.current_low,
                                     status.current_high,
                                     status.effective,
                                     num_levels,
                                     status.writable,
                                     status.is_handed,
                                     static_cast<perfmodel_status>(status.why_not_code),
                                     0};
    capi::write_struct(told, out_status, struct_size);
  });
}

perfmodel_status perfmodel_driver_why_not(const perfmodel_driver* driver, const char* knob, char* buffer,
                                          std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] { capi::copy_string(status_of(driver, knob).why_not, buffer, capacity, out_size); });
}

perfmodel_status perfmodel_driver_why_not_kept(const perfmodel_driver* driver, const char* knob, char* buffer,
                                               std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] { capi::copy_string(status_of(driver, knob).why_not_kept, buffer, capacity, out_size); });
}

perfmodel_status perfmodel_driver_pinned(const perfmodel_driver* driver, const char* knob, double value, char* buffer,
                                         std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr && knob != nullptr, "driver or knob is NULL");
    capi::copy_string(driver->impl.pinned({knob, value}), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_driver_unit(const perfmodel_driver* driver, const char* knob, char* buffer,
                                       std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] { capi::copy_string(status_of(driver, knob).unit, buffer, capacity, out_size); });
}

perfmodel_status perfmodel_driver_space(const perfmodel_driver* driver, const char* const* knobs, std::size_t num_knobs,
                                        perfmodel_space** out_space) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr && out_space != nullptr, "driver or out_space is NULL");
    *out_space = perfmodel_shim_new_space(driver->impl.space(capi::names_from_c(knobs, num_knobs, "knobs")));
  });
}

perfmodel_status perfmodel_knob_reading_init(perfmodel_knob_reading* reading, std::size_t struct_size) noexcept {
  return capi::init_struct(reading, struct_size, {});
}

perfmodel_status perfmodel_driver_set(perfmodel_driver* driver, const char* const* knobs, const double* values,
                                      std::size_t num_knobs, perfmodel_knob_reading* out_readings) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    capi::require(num_knobs == 0 || values != nullptr, "values is NULL but num_knobs is not 0");
    const std::vector<std::string> names = capi::names_from_c(knobs, num_knobs, "knobs");
    const bool told = out_readings != nullptr && num_knobs > 0;
    const std::size_t struct_size = told ? capi::checked_size(out_readings) : 0;
    std::vector<perfmodel::KnobValue> wanted;
    for (std::size_t i = 0; i < num_knobs; ++i) wanted.push_back({names[i], values[i]});
    const std::vector<KnobReading> readings = driver->impl.set(wanted);
    for (std::size_t i = 0; told && i < num_knobs; ++i) {
      capi::write_struct(to_c(of_knob(readings, names[i])), capi::element(out_readings, i, struct_size), struct_size);
    }
  });
}

perfmodel_status perfmodel_driver_read(const perfmodel_driver* driver, const char* knob,
                                       perfmodel_knob_reading* out_reading) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr && knob != nullptr && out_reading != nullptr,
                  "driver, knob or out_reading is NULL");
    const std::size_t struct_size = capi::checked_size(out_reading);
    capi::write_struct(to_c(of_knob(driver->impl.read(), knob)), out_reading, struct_size);
  });
}

perfmodel_status perfmodel_driver_effective(const perfmodel_driver* driver, const char* const* knobs,
                                            std::size_t num_knobs, double* out_mean, double* out_lowest) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr, "driver is NULL");
    capi::require(num_knobs == 0 || out_mean != nullptr, "out_mean is NULL but num_knobs is not 0");
    const std::vector<perfmodel::EffectiveValue> values = driver->impl.effective();
    std::vector<perfmodel::EffectiveValue> wanted;
    for (const std::string& name : capi::names_from_c(knobs, num_knobs, "knobs")) {
      wanted.push_back(of_knob(values, name));
    }
    for (std::size_t i = 0; i < num_knobs; ++i) {
      out_mean[i] = wanted[i].mean;
      if (out_lowest != nullptr) out_lowest[i] = wanted[i].lowest;
    }
  });
}

perfmodel_status perfmodel_driver_changed(const perfmodel_driver* driver, std::int32_t* out_changed) noexcept {
  return capi::guard([&] {
    capi::require(driver != nullptr && out_changed != nullptr, "driver or out_changed is NULL");
    *out_changed = driver->impl.changed() ? 1 : 0;
  });
}
