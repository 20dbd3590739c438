#include "layer_time/time_column.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <string_view>

#include "layer_time/csv_place.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

struct TimeUnit {
  const char* name;
  double ms;
};
constexpr TimeUnit kTimeUnits[] = {{"ms", 1}, {"us", 1e-3}, {"s", 1e3}, {"ns", 1e-6}};

// Milliseconds in the unit that a column's name ends in; 0 for one of no time.
double ms_per_unit(const std::string& column) {
  const std::string suffix = unit_of_column(column);
  for (const TimeUnit& unit : kTimeUnits) {
    if (suffix == unit.name) return unit.ms;
  }
  return 0;
}

// "time_median" of "time_median_us", "time" of "time_median".
std::string before_last_word(const std::string& name) {
  const std::size_t underscore = name.rfind('_');
  return underscore == std::string::npos ? std::string() : name.substr(0, underscore);
}

bool is_empty(std::string_view cell) {
  return cell.find_first_not_of(" \t") == std::string_view::npos;
}

[[noreturn]] void throw_missing(const CsvTable& csv, const std::string& name) {
  std::vector<std::string> times;
  for (const std::string& column : csv.columns) {
    if (ms_per_unit(column) > 0) times.push_back(column);
  }
  const std::string there =
      times.empty() ? "none ends in _ms, _us, _s or _ns" : fmt::format("columns of times: {}", fmt::join(times, ", "));
  throw Error(ErrorCode::kNotFound, fmt::format("{}: no time column '{}' ({})", csv.name, name, there));
}

}  // namespace

TimeColumn::TimeColumn(const CsvTable& csv, const std::string& name) : csv_(csv) {
  if (csv.has_column(name) && ms_per_unit(name) == 0) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{}: column '{}' names no unit of time; it has to end in _ms, _us, _s or _ns", csv.name, name));
  }
  const std::string stem = ms_per_unit(name) > 0 ? before_last_word(name) : name;
  time_ = csv.has_column(name) ? cells(name) : any_unit(stem);
  if (time_.ms_per_unit == 0) throw_missing(csv, name);
  spread_ = any_unit(before_last_word(stem) + "_std");
}

TimeColumn::Cells TimeColumn::cells(const std::string& column) const {
  return {csv_.column_index(column), ms_per_unit(column)};
}

TimeColumn::Cells TimeColumn::any_unit(const std::string& stem) const {
  for (const TimeUnit& unit : kTimeUnits) {
    const std::string column = fmt::format("{}_{}", stem, unit.name);
    if (csv_.has_column(column)) return cells(column);
  }
  return {};
}

double TimeColumn::read(const Cells& cells, std::size_t row) const {
  const double ms = csv_.number(row, cells.index) * cells.ms_per_unit;
  if (std::isfinite(ms)) return ms;
  throw Error(ErrorCode::kParse, fmt::format("{}: {} is {}, too much to count in milliseconds", place_of(csv_, row),
                                             csv_.columns[cells.index], csv_.text(row, cells.index)));
}

double TimeColumn::ms(std::size_t row) const {
  if (is_empty(csv_.text(row, time_.index))) return std::numeric_limits<double>::quiet_NaN();
  return read(time_, row);
}

double TimeColumn::spread_ms(std::size_t row) const {
  if (spread_.ms_per_unit == 0 || is_empty(csv_.text(row, spread_.index))) return 0;
  const double spread = read(spread_, row);
  if (spread >= 0) return spread;
  throw Error(ErrorCode::kParse, fmt::format("{}: {} is {}, a spread is not negative", place_of(csv_, row),
                                             csv_.columns[spread_.index], csv_.text(row, spread_.index)));
}

}  // namespace perfmodel
