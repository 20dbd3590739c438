#include <fmt/format.h>

#include <algorithm>

#include "board/board_table_json.h"
#include "config/option_text.h"

namespace perfmodel {
namespace {

constexpr double kLongestPeriod_s = 3600;

/// Which kind of rail this is, by the key that names its value.
void read_value(const TablePart& rail, PathRule rule, RailTable& table) {
  struct Value {
    const char *key, *unit;
    RailKind kind;
  };
  constexpr Value kValues[] = {{"power_file", "watts", RailKind::kPower},
                               {"voltage_file", "watts", RailKind::kVoltageCurrent},
                               {"energy_file", "joules", RailKind::kEnergy}};
  const auto is_there = [&](const Value& value) { return rail.has(value.key); };
  if (std::count_if(std::begin(kValues), std::end(kValues), is_there) != 1) {
    rail.refuse_parse("exactly one of the keys 'power_file', 'voltage_file', 'energy_file' and 'nvml' belongs there");
  }
  const Value& value = *std::find_if(std::begin(kValues), std::end(kValues), is_there);
  table.kind = value.kind;
  table.value_file = rail.path(value.key, {rule.in_folder, true});
  table.file_units_per_unit = rail.file_unit_or("file_unit", value.unit, 1);
}

/// A pattern has one '*', and the files beside it have one exactly when it has.
void check_patterns(const TablePart& rail, const RailTable& table) {
  const auto num_stars = [](const std::string& path) { return std::count(path.begin(), path.end(), '*'); };
  for (const std::string* path : {&table.value_file, &table.current_file, &table.label_file, &table.wraps_at_file}) {
    if (path->find_first_of("?[") != std::string::npos || num_stars(*path) > 1) {
      rail.refuse(fmt::format("'{}' is a pattern, allowed in a rail's file is one '*'", shown_text(*path)));
    }
    if (num_stars(*path) > num_stars(table.value_file)) {
      rail.refuse(fmt::format("'{}' has a '*', but '{}' has none", shown_text(*path), shown_text(table.value_file)));
    }
  }
}

/// Placeholders are those that can be filled.
void check_name(const TablePart& rail, const RailTable& table) {
  std::string rest = table.name;
  for (const std::string placeholder : {"{label}", "{folder}"}) {
    const bool can_be_filled = placeholder == "{label}" ? !table.label_file.empty() : !table.folders.empty();
    for (std::size_t at; can_be_filled && (at = rest.find(placeholder)) != std::string::npos;) {
      rest.replace(at, placeholder.size(), 1, ' ');
    }
  }
  if (rest.find_first_of("{}") != std::string::npos) {
    rail.refuse("braces in 'name' are allowed as '{label}', with 'label_file', and '{folder}', with 'folders'");
  }
}

}  // namespace

RailTable read_rail_table(const TablePart& part) {
  RailTable table;
  table.name = part.text("name");
  const TablePart rail = part.called(fmt::format("rail '{}'", shown_text(table.name)));
  table.update_period_s = rail.number_or("update_period_s", 0, 0, kLongestPeriod_s);
  table.is_sum = rail.flag_or("is_sum", false);
  if (rail.has("nvml")) {
    rail.require_only({"name", "nvml", "update_period_s", "is_sum"});
    if (!rail.flag_or("nvml", true)) rail.refuse("'nvml' is false, allowed is true");
    table.kind = RailKind::kNvml;
    check_name(rail, table);
    return table;
  }
  rail.require_only({"name", "folders", "chip", "power_file", "voltage_file", "current_file", "energy_file",
                     "wraps_at_file", "label_file", "file_unit", "update_period_s", "is_sum", "sum_labels"});
  table.folders = rail.paths("folders", {false, true});
  const PathRule rule{!table.folders.empty(), true};
  table.chip = rail.text_or("chip", "");
  if (!table.chip.empty() && table.folders.empty()) rail.refuse("'chip' needs 'folders'");
  read_value(rail, rule, table);
  if (rail.has("current_file") != (table.kind == RailKind::kVoltageCurrent)) {
    rail.refuse("'voltage_file' and 'current_file' belong together");
  }
  if (rail.has("wraps_at_file") && table.kind != RailKind::kEnergy) {
    rail.refuse("'wraps_at_file' belongs to 'energy_file'");
  }
  table.current_file = rail.path_or_empty("current_file", rule);
  table.label_file = rail.path_or_empty("label_file", rule);
  table.wraps_at_file = rail.path_or_empty("wraps_at_file", rule);
  table.sum_labels = rail.texts("sum_labels");
  if (!table.sum_labels.empty() && table.label_file.empty()) rail.refuse("'sum_labels' needs 'label_file'");
  check_patterns(rail, table);
  check_name(rail, table);
  return table;
}

}  // namespace perfmodel
