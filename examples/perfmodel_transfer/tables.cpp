#include "tables.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "campaign_table.h"
#include "perfmodel/config/table.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> option_columns(const CsvTable& table, const std::string& objective,
                                        const std::vector<std::string>& ignored) {
  table.column_index(objective);
  std::vector<std::string> options;
  for (const std::string& column : table.columns) {
    if (column != objective && !holds(ignored, column)) options.push_back(column);
  }
  return options;
}

ConfigSpace space_of(const CsvTable& table, const std::string& path, const std::string& objective,
                     const std::vector<std::string>& ignored) {
  if (!path.empty()) return ConfigSpace::read(path);
  if (is_campaign_table(table)) return space_of_campaign(table);
  return ConfigSpace::from_table(table, option_columns(table, objective, ignored));
}

void require_ignored_columns(const std::vector<std::string>& ignored, const MeasuredTable& source,
                             const std::vector<MeasuredTable>& targets) {
  std::vector<std::string> columns = source.columns;
  for (const MeasuredTable& target : targets) {
    for (const std::string& column : target.columns) {
      if (!holds(columns, column)) columns.push_back(column);
    }
  }
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
  for (const std::string& name : ignored) {
    if (holds(columns, name)) continue;
    throw Error(ErrorCode::kNotFound, "--ignore: no table has a column '" + name + "' (there are: " + list + ")");
  }
}

ConfigSpace space_like(const CsvTable& table, const ConfigSpace& other) {
  std::vector<std::string> columns;
  for (const Option& option : other.options()) columns.push_back(option.name());
  return ConfigSpace::from_table(table, columns);
}

MeasuredTable measured_table(const std::string& path, const CsvTable& table, ConfigSpace space,
                             const std::string& objective) {
  if (table.rows.empty()) throw Error(ErrorCode::kInvalidArgument, table.name + ": the table has no rows");
  MeasuredTable measured{std::filesystem::path(path).stem().string(), std::move(space), {}, {}, 0, table.columns, {}};
  const std::size_t objective_column = table.column_index(objective);
  std::vector<Configuration> rows = configurations_of(measured.space, table, RepeatedRows::kKeep);
  std::map<Configuration, std::size_t> positions;
  std::vector<double> counts;
  std::vector<std::size_t> first_rows;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const double value = table.number(row, objective_column);
    const auto [found, is_new] = positions.emplace(rows[row], measured.configurations.size());
    if (is_new) {
      measured.configurations.push_back(std::move(rows[row]));
      measured.values.push_back(value);
      counts.push_back(1);
      first_rows.push_back(row);
    } else {
      const std::size_t position = found->second;
      counts[position] += 1;
      measured.values[position] += (value - measured.values[position]) / counts[position];
      ++measured.num_repeats;
    }
  }
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    if (measured.values[i] > 0) continue;
    const std::size_t line = table.lines.empty() ? first_rows[i] : table.lines[first_rows[i]];
    measured.not_positive.push_back(table.name + ":" + std::to_string(line) + ": " + objective + " is " +
                                    format_number(measured.values[i]));
  }
  return measured;
}

TransferProblem problem_from(const MeasuredTable& source, const std::string& objective, ConfigSpace target_space,
                             std::vector<Configuration> candidates) {
  std::vector<std::string> names;
  for (const Option& option : source.space.options()) names.push_back(option.name());
  Dataset rows(names, objective);
  for (std::size_t i = 0; i < source.values.size(); ++i) {
    rows.add_row(source.space.values(source.configurations[i]), source.values[i]);
  }
  return {source.space, std::move(target_space), std::move(rows), std::move(candidates)};
}

}  // namespace perfmodel::tools
