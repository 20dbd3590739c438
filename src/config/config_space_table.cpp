#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "config/feasible_set.h"
#include "config/option_text.h"
#include "perfmodel/config/table.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

std::string_view trimmed(std::string_view cell) {
  const std::size_t first = cell.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
}

/// "layers.csv:17", or "layers.csv: row 16" for a table made in memory.
std::string position_of(const CsvTable& table, std::size_t row) {
  return row < table.lines.size() ? fmt::format("{}:{}", table.name, table.lines[row])
                                  : fmt::format("{}: row {}", table.name, row);
}

[[noreturn]] void fail_cell(ErrorCode code, const CsvTable& table, std::size_t row, const std::string& what) {
  throw Error(code, fmt::format("{}: {}", position_of(table, row), what));
}

/// Whether all cells of a column read as numbers, NaN among them.
/// @throws Error kParse: an empty cell; NaN among texts.
bool holds_numbers(const CsvTable& table, std::size_t column) {
  std::size_t num_numbers = 0, first_nan = table.rows.size();
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const std::string_view cell = trimmed(table.text(row, column));
    if (cell.empty()) {
      fail_cell(ErrorCode::kParse, table, row,
                fmt::format("column '{}' is empty where a level belongs", shown_text(table.columns[column])));
    }
    double number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (error == std::errc::invalid_argument || end != cell.data() + cell.size()) continue;
    ++num_numbers;
    if (std::isnan(number)) first_nan = std::min(first_nan, row);
  }
  if (first_nan < table.rows.size()) {
    fail_cell(ErrorCode::kParse, table, first_nan,
              fmt::format("column '{}' is NaN where a level belongs", shown_text(table.columns[column])));
  }
  return num_numbers == table.rows.size();
}

Option option_of_numbers(const CsvTable& table, std::size_t column) {
  std::set<double> levels;
  for (std::size_t row = 0; row < table.rows.size(); ++row) levels.insert(table.number(row, column));
  const std::string& name = table.columns[column];
  if (levels == std::set<double>{0, 1}) return Option::boolean(name);
  return Option::ordinal(name, {levels.begin(), levels.end()}, -1, unit_of_column(name));
}

Option option_of_texts(const CsvTable& table, std::size_t column) {
  std::set<std::string> labels;
  for (std::size_t row = 0; row < table.rows.size(); ++row) labels.emplace(trimmed(table.text(row, column)));
  return Option::categorical(table.columns[column], {labels.begin(), labels.end()});
}

/// The row's configuration; `columns` holds the column of each option.
Configuration configuration_of(const ConfigSpace& space, const CsvTable& table, std::size_t row,
                               const std::vector<std::size_t>& columns) {
  Configuration configuration;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    try {
      configuration.push_back(space.options()[i].level_of(std::string(trimmed(table.text(row, columns[i])))));
    } catch (const Error& error) {
      fail_cell(error.code(), table, row, error.what());
    }
  }
  const Constraint* const broken = space.feasible_set().broken_by(configuration);
  if (broken != nullptr) {
    fail_cell(ErrorCode::kInvalidArgument, table, row,
              fmt::format("the configuration breaks the constraint '{}'", shown_text(broken->text())));
  }
  return configuration;
}

}  // namespace

ConfigSpace ConfigSpace::from_table(const CsvTable& table, const std::vector<std::string>& columns) {
  if (columns.empty()) throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: no columns for options", table.name));
  std::vector<std::size_t> indices;
  for (const std::string& column : columns) indices.push_back(table.column_index(column));
  if (table.rows.empty()) throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: no rows", table.name));
  std::vector<Option> options;
  for (const std::size_t column : indices) {
    options.push_back(holds_numbers(table, column) ? option_of_numbers(table, column) : option_of_texts(table, column));
  }
  return ConfigSpace(std::move(options));
}

std::vector<Configuration> configurations_of(const ConfigSpace& space, const CsvTable& table, RepeatedRows repeated) {
  std::vector<std::size_t> columns;
  for (const Option& option : space.options()) columns.push_back(table.column_index(option.name()));
  std::vector<Configuration> configurations;
  std::unordered_map<std::uint64_t, std::size_t> row_of;  // by the configuration's number
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    configurations.push_back(configuration_of(space, table, row, columns));
    if (repeated == RepeatedRows::kKeep) continue;
    const auto [first, is_new] = row_of.emplace(space.index_of(configurations.back()), row);
    if (!is_new) {
      fail_cell(ErrorCode::kInvalidArgument, table, row,
                fmt::format("the same configuration as {}", position_of(table, first->second)));
    }
  }
  return configurations;
}

}  // namespace perfmodel
