#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

#include "board/board_table_json.h"
#include "config/option_text.h"
#include "perfmodel/core/csv.h"

namespace perfmodel {
namespace {

LevelSource listed_numbers(const TablePart& knob, OptionKind kind) {
  LevelSource levels;
  levels.numbers = knob.numbers("levels");
  for (std::size_t i = 0; i < levels.numbers.size(); ++i) {
    const double number = levels.numbers[i];
    if (kind == OptionKind::kInteger && std::floor(number) != number) {
      knob.refuse(fmt::format("level {} is no integer", format_number(number)));
    }
    if (i > 0 && !(levels.numbers[i - 1] < number)) {
      knob.refuse(fmt::format("levels must ascend, but {} comes after {}", format_number(number),
                              format_number(levels.numbers[i - 1])));
    }
  }
  return levels;
}

LevelSource listed_labels(const TablePart& knob) {
  LevelSource levels;
  levels.labels = knob.texts("levels");
  if (levels.labels.empty()) knob.refuse_parse("key 'levels' is missing");
  std::set<std::string> seen;
  for (const std::string& label : levels.labels) {
    if (!seen.insert(label).second) knob.refuse(fmt::format("level '{}' is there twice", shown_text(label)));
  }
  return levels;
}

LevelSource levels_in_files(const TablePart& source, const KnobTable& table, PathRule rule) {
  LevelSource levels;
  levels.file = source.path_or_empty("file", rule);
  levels.minimum_file = source.path_or_empty("minimum_file", rule);
  levels.maximum_file = source.path_or_empty("maximum_file", rule);
  if (levels.minimum_file.empty() != levels.maximum_file.empty()) {
    source.refuse("one of 'minimum_file' and 'maximum_file' is there without the other");
  }
  if (levels.file.empty() && levels.minimum_file.empty()) {
    source.refuse("no file is named, allowed are 'file', 'minimum_file' with 'maximum_file', or all three");
  }
  if (levels.minimum_file.empty() && source.has("step")) source.refuse("'step' belongs to 'minimum_file'");
  levels.step = source.number_or("step", 1, std::numeric_limits<double>::min(), std::numeric_limits<double>::max());
  if (table.kind == OptionKind::kInteger && std::floor(levels.step) != levels.step) {
    source.refuse(
        fmt::format("'step' is {}, allowed for an integer knob are whole numbers", format_number(levels.step)));
  }
  levels.file_units_per_unit = source.file_unit_or("file_unit", table.unit, table.file_units_per_unit);
  return levels;
}

}  // namespace

LevelSource read_levels(const TablePart& knob, const KnobTable& table, PathRule rule) {
  LevelSource levels;
  if (table.kind == OptionKind::kBoolean) {
    if (knob.has("levels")) knob.refuse("'levels' does not belong to a boolean knob, whose levels are 0 and 1");
    return levels;
  }
  if (table.kind == OptionKind::kCategorical) return listed_labels(knob);
  if (knob.is_array("levels")) return listed_numbers(knob, table.kind);
  if (table.mechanism != KnobMechanism::kHanded) {
    return levels_in_files(knob.part("levels", {"file", "minimum_file", "maximum_file", "step", "file_unit"}), table,
                           rule);
  }
  const TablePart source = knob.part("levels", {"up_to_num_cpus"});
  if (!source.flag_or("up_to_num_cpus", false)) source.refuse_parse("allowed is 'up_to_num_cpus', true");
  if (!table.unit.empty()) source.refuse(fmt::format("a number of CPUs is not in '{}'", table.unit));
  levels.up_to_num_cpus = true;
  return levels;
}

}  // namespace perfmodel
