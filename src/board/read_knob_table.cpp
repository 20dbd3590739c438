#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "board/board_table_json.h"
#include "board/board_units.h"
#include "config/option_text.h"
#include "perfmodel/core/csv.h"

namespace perfmodel {
namespace {

constexpr int kMaxCore = 4095;
constexpr int kMaxNvmlDevice = 255;

OptionKind kind_of(const TablePart& knob) {
  const std::string kind = knob.text("kind");
  for (const OptionKind candidate :
       {OptionKind::kBoolean, OptionKind::kInteger, OptionKind::kOrdinal, OptionKind::kCategorical}) {
    if (kind == option_kind_name(candidate)) return candidate;
  }
  knob.refuse_parse(fmt::format("kind '{}' is not known (boolean, integer, ordinal, categorical)", shown_text(kind)));
}

std::string unit_of(const TablePart& knob, OptionKind kind) {
  const std::string unit = knob.has("unit") ? knob.text("unit") : "";
  if (!is_unit(unit)) {
    knob.refuse(fmt::format("unit '{}' is not known, allowed are {}", shown_text(unit), allowed_units_text()));
  }
  if (!unit.empty() && (kind == OptionKind::kBoolean || kind == OptionKind::kCategorical)) {
    knob.refuse(fmt::format("a {} knob has no unit, but '{}' is given", option_kind_name(kind), unit));
  }
  return unit;
}

void read_writes(const TablePart& knob, PathRule rule, KnobTable& table) {
  std::set<std::string> seen;
  for (const TablePart& write : knob.parts("writes", "write")) {
    write.require_only({"file", "text"});
    table.writes.push_back({write.path("file", rule), write.text_or("text", "")});
    const std::string& file = table.writes.back().file;
    if (!seen.insert(file).second) write.refuse(fmt::format("'{}' is written already", shown_text(file)));
  }
  const auto has_value = [](const KnobWrite& write) { return write.text.empty(); };
  if (std::none_of(table.writes.begin(), table.writes.end(), has_value)) {
    knob.refuse("the value is written nowhere: 'writes' needs one without 'text'");
  }
}

void read_range(const TablePart& knob, PathRule rule, KnobTable& table) {
  const TablePart range = knob.part("range", {"minimum_file", "maximum_file"});
  if (table.kind != OptionKind::kOrdinal && table.kind != OptionKind::kInteger) {
    knob.refuse(fmt::format("a {} knob has no 'range'", option_kind_name(table.kind)));
  }
  table.minimum_file = range.path("minimum_file", rule);
  table.maximum_file = range.path("maximum_file", rule);
  if (table.minimum_file == table.maximum_file) range.refuse("'minimum_file' and 'maximum_file' are one file");
}

std::vector<Precondition> preconditions_of(const TablePart& knob, PathRule rule) {
  std::vector<Precondition> before;
  for (const TablePart& condition : knob.parts("before", "condition")) {
    condition.require_only({"files", "text", "optional"});
    if (!condition.has("files")) condition.refuse_parse("key 'files' is missing");
    before.push_back({condition.paths("files", rule), condition.text("text"), condition.flag_or("optional", false)});
  }
  return before;
}

/// What knobs that are set by files have in common.
void read_files(const TablePart& knob, KnobTable& table) {
  knob.require_only({"name", "unit", "kind", "folders", "every_folder", "active_file", "levels", "before", "writes",
                     "range", "read_file", "effective_file", "file_unit", "tolerance_fraction"});
  table.folders = knob.paths("folders", {false, true});
  const PathRule rule{!table.folders.empty(), false};
  table.every_folder = knob.flag_or("every_folder", false);
  if (table.every_folder && table.folders.empty()) knob.refuse("'every_folder' needs 'folders'");
  table.active_file = knob.path_or_empty("active_file", rule);
  if (!table.active_file.empty() && table.folders.empty()) knob.refuse("'active_file' needs 'folders'");
  table.file_units_per_unit = knob.file_unit_or("file_unit", table.unit, 1);
  table.levels = read_levels(knob, table, rule);
  table.before = preconditions_of(knob, rule);
  if (table.mechanism == KnobMechanism::kRange) {
    read_range(knob, rule, table);
  } else {
    read_writes(knob, rule, table);
  }
  table.read_file = knob.path_or_empty("read_file", rule);
  table.effective_file = knob.path_or_empty("effective_file", rule);
  table.tolerance_fraction = knob.number_or("tolerance_fraction", table.tolerance_fraction, 0, 1);
}

void read_cores(const TablePart& knob, KnobTable& table) {
  knob.require_only({"name", "unit", "kind", "before", "cores"});
  if (table.kind != OptionKind::kInteger || !table.unit.empty()) {
    knob.refuse("a number of cores is of kind 'integer' and without a unit");
  }
  const TablePart cores = knob.part("cores", {"file", "numbers"});
  table.core_file = cores.path("file", {});
  const std::string placeholder = "{core}";
  const std::size_t found = table.core_file.find(placeholder);
  if (found == std::string::npos || table.core_file.find(placeholder, found + 1) != std::string::npos) {
    cores.refuse(fmt::format("'file' is '{}', which must hold '{}' once", shown_text(table.core_file), placeholder));
  }
  if (cores.has("numbers")) {
    for (const double core : cores.numbers("numbers")) {
      if (!(core >= 1 && core <= kMaxCore && std::floor(core) == core)) {
        cores.refuse(fmt::format("'numbers' has {}, allowed are integers from 1 to {}", format_number(core), kMaxCore));
      }
      if (std::count(table.cores.begin(), table.cores.end(), static_cast<int>(core)) > 0) {
        cores.refuse(fmt::format("core {} is there twice", core));
      }
      table.cores.push_back(static_cast<int>(core));
    }
  }
  table.before = preconditions_of(knob, {});
}

void read_nvml(const TablePart& knob, KnobTable& table) {
  struct Setting {
    const char *name, *unit;
    NvmlSetting setting;
  };
  constexpr Setting kSettings[] = {{"gpu_clock", "hz", NvmlSetting::kGpuClock},
                                   {"memory_clock", "hz", NvmlSetting::kMemoryClock},
                                   {"power_limit", "watts", NvmlSetting::kPowerLimit}};
  knob.require_only({"name", "unit", "kind", "nvml", "tolerance_fraction"});
  const TablePart nvml = knob.part("nvml", {"setting", "device", "step"});
  const std::string name = nvml.text("setting");
  const auto found =
      std::find_if(std::begin(kSettings), std::end(kSettings), [&](const Setting& each) { return name == each.name; });
  if (found == std::end(kSettings)) {
    nvml.refuse_parse(
        fmt::format("setting '{}' is not known (gpu_clock, memory_clock, power_limit)", shown_text(name)));
  }
  if (table.kind != OptionKind::kOrdinal || table.unit != found->unit) {
    knob.refuse(fmt::format("a {} is of kind 'ordinal' and in '{}'", name, found->unit));
  }
  if (nvml.has("step") && found->setting != NvmlSetting::kPowerLimit) nvml.refuse("'step' belongs to 'power_limit'");
  table.nvml = found->setting;
  table.nvml_device = nvml.integer_or("device", 0, 0, kMaxNvmlDevice);
  table.levels.step = nvml.number_or("step", 1, 0.001, 1000);
  table.tolerance_fraction = knob.number_or("tolerance_fraction", table.tolerance_fraction, 0, 1);
}

void read_handed(const TablePart& knob, KnobTable& table) {
  knob.require_only({"name", "unit", "kind", "levels", "handed"});
  const TablePart handed = knob.part("handed", {"effect", "variable"});
  const std::string effect = handed.text_or("effect", "none");
  if (effect == "cpu_affinity") {
    table.handed = HandedEffect::kCpuAffinity;
  } else if (effect == "nice") {
    table.handed = HandedEffect::kNice;
  } else if (effect == "environment") {
    table.handed = HandedEffect::kEnvironment;
    table.environment_variable = handed.name("variable");
  } else if (effect != "none") {
    handed.refuse_parse(
        fmt::format("effect '{}' is not known (none, cpu_affinity, nice, environment)", shown_text(effect)));
  }
  if (table.handed != HandedEffect::kEnvironment && handed.has("variable")) {
    handed.refuse("'variable' belongs to the effect 'environment'");
  }
  table.levels = read_levels(knob, table, {});
}

struct Mechanism {
  const char* key;
  KnobMechanism mechanism;
  void (*read)(const TablePart&, KnobTable&);
};
constexpr Mechanism kMechanisms[] = {{"writes", KnobMechanism::kWrites, read_files},
                                     {"range", KnobMechanism::kRange, read_files},
                                     {"cores", KnobMechanism::kCores, read_cores},
                                     {"nvml", KnobMechanism::kNvml, read_nvml},
                                     {"handed", KnobMechanism::kHanded, read_handed}};

}  // namespace

KnobTable read_knob_table(const TablePart& part) {
  KnobTable table;
  table.name = part.name("name");
  const TablePart knob = part.called(fmt::format("knob '{}'", shown_text(table.name)));
  table.kind = kind_of(knob);
  table.unit = unit_of(knob, table.kind);
  const auto is_there = [&](const Mechanism& candidate) { return knob.has(candidate.key); };
  if (std::count_if(std::begin(kMechanisms), std::end(kMechanisms), is_there) != 1) {
    knob.refuse_parse("exactly one of the keys 'writes', 'range', 'cores', 'nvml' and 'handed' says how it is set");
  }
  const Mechanism& mechanism = *std::find_if(std::begin(kMechanisms), std::end(kMechanisms), is_there);
  table.mechanism = mechanism.mechanism;
  mechanism.read(knob, table);
  return table;
}

}  // namespace perfmodel
