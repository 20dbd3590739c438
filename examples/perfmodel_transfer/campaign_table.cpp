#include "campaign_table.h"

#include <cmath>
#include <string>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

std::string label_of(const Option& option, const CsvTable& table, std::size_t row, std::size_t column) {
  const double number = table.number(row, column);
  if (number >= 0 && number < static_cast<double>(option.num_levels()) && number == std::floor(number)) {
    return option.text(static_cast<std::uint64_t>(number));
  }
  throw Error(ErrorCode::kParse, table.name + ":" + std::to_string(table.lines[row]) + ": " + option.name() + " is " +
                                     table.text(row, column) + ", allowed are numbers of its " +
                                     std::to_string(option.num_levels()) + " labels from 0");
}

}  // namespace

bool is_campaign_table(const CsvTable& table) {
  return table.has_column("status") && table.has_column("reason") && table.has_column("config_space");
}

ConfigSpace space_of_campaign(const CsvTable& table) {
  if (table.rows.empty()) throw Error(ErrorCode::kInvalidArgument, table.name + ": the table has no rows");
  return ConfigSpace::from_json(table.text(0, table.column_index("config_space")), table.name + ": config_space");
}

std::size_t keep_good_rows(CsvTable& table) {
  const ConfigSpace space = space_of_campaign(table);
  const std::size_t status = table.column_index("status"), num_rows = table.rows.size();
  const std::string first_reason = table.text(0, table.column_index("reason"));
  CsvTable good = table;
  good.rows.clear();
  good.lines.clear();
  for (std::size_t row = 0; row < num_rows; ++row) {
    if (table.text(row, status) != "ok") continue;
    good.rows.push_back(table.rows[row]);
    good.lines.push_back(table.lines[row]);
  }
  if (good.rows.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                table.name + ": all " + std::to_string(num_rows) + " rows failed, the first of " + first_reason);
  }
  for (const Option& option : space.options()) {
    if (option.kind() != OptionKind::kCategorical) continue;
    const std::size_t column = good.column_index(option.name());
    for (std::size_t row = 0; row < good.rows.size(); ++row) {
      good.rows[row][column] = label_of(option, good, row, column);
    }
  }
  table = std::move(good);
  return num_rows - table.rows.size();
}

}  // namespace perfmodel::tools
