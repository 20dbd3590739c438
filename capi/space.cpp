#include "perfmodel/config/config_space.h"

#include <fmt/format.h>

#include <algorithm>

#include "convert.h"
#include "guard.h"
#include "handles.h"

namespace capi = perfmodel::capi;

namespace {

using perfmodel::ConfigSpace;
using perfmodel::Configuration;
using perfmodel::Error;
using perfmodel::ErrorCode;

const perfmodel::Option& option_at(const perfmodel_space* space, std::size_t option_index) {
  capi::require(space != nullptr, "space is NULL");
  const auto& options = space->impl.options();
  if (option_index >= options.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("option_index is {}, the config space has {} options", option_index, options.size()));
  }
  return options[option_index];
}

Configuration configuration_from_c(const perfmodel_space* space, const double* values, std::size_t num_values) {
  capi::require(space != nullptr && values != nullptr, "space or values is NULL");
  return space->impl.from_values({values, num_values});
}

void write_values(const ConfigSpace& space, const Configuration& configuration, double* out_values) {
  const std::vector<double> values = space.values(configuration);
  std::copy(values.begin(), values.end(), out_values);
}

}  // namespace

perfmodel_status perfmodel_space_from_json(const char* text, std::size_t size, perfmodel_space** out_space) noexcept {
  return capi::guard([&] {
    capi::require(text != nullptr && out_space != nullptr, "text or out_space is NULL");
    *out_space = new perfmodel_space{ConfigSpace::from_json({text, size})};
  });
}

perfmodel_status perfmodel_space_read(const char* path, perfmodel_space** out_space) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_space != nullptr, "path or out_space is NULL");
    *out_space = new perfmodel_space{ConfigSpace::read(path)};
  });
}

perfmodel_status perfmodel_space_from_csv(const char* path, const char* const* columns, std::size_t num_columns,
                                          perfmodel_space** out_space) noexcept {
  return capi::guard([&] {
    capi::require(path != nullptr && out_space != nullptr, "path or out_space is NULL");
    const std::vector<std::string> names = capi::names_from_c(columns, num_columns, "columns");
    *out_space = new perfmodel_space{ConfigSpace::from_table(perfmodel::read_csv(path), names)};
  });
}

void perfmodel_space_destroy(perfmodel_space* space) noexcept {
  delete space;
}

perfmodel_status perfmodel_space_to_json(const perfmodel_space* space, char* buffer, std::size_t capacity,
                                         std::size_t* out_size) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr, "space is NULL");
    capi::copy_string(space->impl.to_json(), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_space_num_options(const perfmodel_space* space, std::size_t* out_num_options) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && out_num_options != nullptr, "space or out_num_options is NULL");
    *out_num_options = space->impl.num_options();
  });
}

perfmodel_status perfmodel_space_option_name(const perfmodel_space* space, std::size_t option_index, char* buffer,
                                             std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] { capi::copy_string(option_at(space, option_index).name(), buffer, capacity, out_size); });
}

perfmodel_status perfmodel_space_value_of_text(const perfmodel_space* space, std::size_t option_index, const char* text,
                                               double* out_value) noexcept {
  return capi::guard([&] {
    const perfmodel::Option& option = option_at(space, option_index);
    capi::require(text != nullptr && out_value != nullptr, "text or out_value is NULL");
    *out_value = option.value(option.level_of(std::string(text)));
  });
}

perfmodel_status perfmodel_space_text_of_value(const perfmodel_space* space, std::size_t option_index, double value,
                                               char* buffer, std::size_t capacity, std::size_t* out_size) noexcept {
  return capi::guard([&] {
    const perfmodel::Option& option = option_at(space, option_index);
    capi::copy_string(option.text(option.level_of(value)), buffer, capacity, out_size);
  });
}

perfmodel_status perfmodel_space_num_points(const perfmodel_space* space, std::uint64_t* out_num_points) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && out_num_points != nullptr, "space or out_num_points is NULL");
    *out_num_points = space->impl.num_points();
  });
}

perfmodel_status perfmodel_space_next_feasible(const perfmodel_space* space, std::uint64_t index,
                                               std::uint64_t* out_index) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && out_index != nullptr, "space or out_index is NULL");
    *out_index = space->impl.next_feasible(index).value_or(space->impl.num_points());
  });
}

perfmodel_status perfmodel_space_index_of(const perfmodel_space* space, const double* values, std::size_t num_values,
                                          std::uint64_t* out_index) noexcept {
  return capi::guard([&] {
    const Configuration configuration = configuration_from_c(space, values, num_values);
    capi::require(out_index != nullptr, "out_index is NULL");
    *out_index = space->impl.index_of(configuration);
  });
}

perfmodel_status perfmodel_space_values_at(const perfmodel_space* space, std::uint64_t index, double* out_values,
                                           std::size_t num_values) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && out_values != nullptr, "space or out_values is NULL");
    capi::require_option_count(num_values, space->impl.num_options());
    write_values(space->impl, space->impl.at(index), out_values);
  });
}

perfmodel_status perfmodel_space_is_feasible(const perfmodel_space* space, const double* values, std::size_t num_values,
                                             std::int32_t* out_is_feasible) noexcept {
  return capi::guard([&] {
    const Configuration configuration = configuration_from_c(space, values, num_values);
    capi::require(out_is_feasible != nullptr, "out_is_feasible is NULL");
    *out_is_feasible = space->impl.is_feasible(configuration) ? 1 : 0;
  });
}

perfmodel_status perfmodel_space_nearest(const perfmodel_space* space, const double* values, std::size_t num_values,
                                         double* out_values) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr, "space is NULL");
    capi::require(values != nullptr && out_values != nullptr, "values or out_values is NULL");
    write_values(space->impl, space->impl.nearest({values, num_values}), out_values);
  });
}
