#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "board/board_table_json.h"
#include "board/board_units.h"

namespace perfmodel {
namespace {

using nlohmann::ordered_json;

/// Whole numbers are written as such: 1300500000, not 1300500000.0.
ordered_json number_json(double value) {
  constexpr double kMaxWhole = 9007199254740992;  // 2^53
  if (std::floor(value) == value && std::fabs(value) <= kMaxWhole) return static_cast<std::int64_t>(value);
  return value;
}

template <typename Value, typename Default>
void put_unless(ordered_json& object, const char* key, const Value& value, const Default& otherwise) {
  if (value != otherwise) object[key] = value;
}

void put_text(ordered_json& object, const char* key, const std::string& text) {
  put_unless(object, key, text, "");
}

void put_texts(ordered_json& object, const char* key, const std::vector<std::string>& texts) {
  if (!texts.empty()) object[key] = texts;
}

ordered_json levels_json(const LevelSource& levels, const KnobTable& knob) {
  if (!levels.labels.empty()) return levels.labels;
  if (levels.up_to_num_cpus) return {{"up_to_num_cpus", true}};
  ordered_json json;
  if (!levels.numbers.empty()) {
    for (const double number : levels.numbers) json.push_back(number_json(number));
    return json;
  }
  put_text(json, "file", levels.file);
  put_text(json, "minimum_file", levels.minimum_file);
  put_text(json, "maximum_file", levels.maximum_file);
  if (levels.step != 1) json["step"] = number_json(levels.step);
  if (levels.file_units_per_unit != knob.file_units_per_unit) {
    json["file_unit"] = file_unit_name(knob.unit, levels.file_units_per_unit);
  }
  return json;
}

ordered_json writes_json(const std::vector<KnobWrite>& writes) {
  ordered_json json = ordered_json::array();
  for (const KnobWrite& write : writes) {
    ordered_json item = {{"file", write.file}};
    put_text(item, "text", write.text);
    json.push_back(std::move(item));
  }
  return json;
}

ordered_json nvml_json(const KnobTable& knob) {
  const char* const setting = knob.nvml == NvmlSetting::kGpuClock      ? "gpu_clock"
                              : knob.nvml == NvmlSetting::kMemoryClock ? "memory_clock"
                                                                       : "power_limit";
  ordered_json json = {{"setting", setting}};
  put_unless(json, "device", knob.nvml_device, 0);
  if (knob.levels.step != 1) json["step"] = number_json(knob.levels.step);
  return json;
}

ordered_json handed_json(const KnobTable& knob) {
  ordered_json json = ordered_json::object();
  if (knob.handed == HandedEffect::kCpuAffinity) json["effect"] = "cpu_affinity";
  if (knob.handed == HandedEffect::kNice) json["effect"] = "nice";
  if (knob.handed == HandedEffect::kEnvironment) json["effect"] = "environment";
  put_text(json, "variable", knob.environment_variable);
  return json;
}

void put_mechanism(ordered_json& json, const KnobTable& knob) {
  switch (knob.mechanism) {
    case KnobMechanism::kWrites:
      json["writes"] = writes_json(knob.writes);
      break;
    case KnobMechanism::kRange:
      json["range"] = {{"minimum_file", knob.minimum_file}, {"maximum_file", knob.maximum_file}};
      break;
    case KnobMechanism::kCores:
      json["cores"] = {{"file", knob.core_file}};
      if (!knob.cores.empty()) json["cores"]["numbers"] = knob.cores;
      break;
    case KnobMechanism::kNvml:
      json["nvml"] = nvml_json(knob);
      break;
    case KnobMechanism::kHanded:
      json["handed"] = handed_json(knob);
      break;
  }
}

ordered_json knob_json(const KnobTable& knob) {
  ordered_json json = {{"name", knob.name}};
  put_text(json, "unit", knob.unit);
  json["kind"] = option_kind_name(knob.kind);
  put_texts(json, "folders", knob.folders);
  put_unless(json, "every_folder", knob.every_folder, false);
  put_text(json, "active_file", knob.active_file);
  const bool has_levels = knob.mechanism != KnobMechanism::kCores && knob.mechanism != KnobMechanism::kNvml &&
                          knob.kind != OptionKind::kBoolean;
  if (has_levels) json["levels"] = levels_json(knob.levels, knob);
  for (const Precondition& condition : knob.before) {
    ordered_json item = {{"files", condition.files}, {"text", condition.text}};
    put_unless(item, "optional", condition.optional, false);
    json["before"].push_back(std::move(item));
  }
  put_mechanism(json, knob);
  put_text(json, "read_file", knob.read_file);
  put_text(json, "effective_file", knob.effective_file);
  if (knob.file_units_per_unit != 1) json["file_unit"] = file_unit_name(knob.unit, knob.file_units_per_unit);
  put_unless(json, "tolerance_fraction", knob.tolerance_fraction, KnobTable{}.tolerance_fraction);
  return json;
}

ordered_json rail_json(const RailTable& rail) {
  ordered_json json = {{"name", rail.name}};
  put_texts(json, "folders", rail.folders);
  put_text(json, "chip", rail.chip);
  const char* unit = "watts";
  switch (rail.kind) {
    case RailKind::kPower:
      json["power_file"] = rail.value_file;
      break;
    case RailKind::kVoltageCurrent:
      json["voltage_file"] = rail.value_file;
      json["current_file"] = rail.current_file;
      break;
    case RailKind::kEnergy:
      unit = "joules";
      json["energy_file"] = rail.value_file;
      put_text(json, "wraps_at_file", rail.wraps_at_file);
      break;
    case RailKind::kNvml:
      json["nvml"] = true;
      break;
  }
  put_text(json, "label_file", rail.label_file);
  if (rail.file_units_per_unit != 1) json["file_unit"] = file_unit_name(unit, rail.file_units_per_unit);
  put_unless(json, "update_period_s", rail.update_period_s, 0);
  put_unless(json, "is_sum", rail.is_sum, false);
  put_texts(json, "sum_labels", rail.sum_labels);
  return json;
}

ordered_json detect_json(const BoardTable& board) {
  ordered_json json = {{"specificity", board.specificity}, {"any", ordered_json::array()}};
  for (const DetectRule& rule : board.detect_any) {
    ordered_json item = {{"file", rule.file}};
    put_text(item, "contains", rule.contains);
    put_text(item, "equals", rule.equals);
    json["any"].push_back(std::move(item));
  }
  return json;
}

ordered_json board_json(const BoardTable& board) {
  ordered_json json = {{"version", kBoardTableVersion}, {"name", board.name}, {"title", board.title}};
  json["tested_on_hardware"] = board.tested_on_hardware;
  put_unless(json, "simulated", board.simulated, false);
  if (!board.detect_any.empty()) json["detect"] = detect_json(board);
  json["knobs"] = ordered_json::array();
  for (const KnobTable& knob : board.knobs) json["knobs"].push_back(knob_json(knob));
  for (const RailTable& rail : board.rails) json["rails"].push_back(rail_json(rail));
  put_texts(json, "temperature_files", board.temperature_files);
  put_texts(json, "ignored_zone_types", board.ignored_zone_types);
  put_texts(json, "throttle_count_files", board.throttle_count_files);
  return json;
}

}  // namespace

std::string write_board_table(const BoardTable& board) {
  const ordered_json json = board_json(board);
  std::vector<std::string> members;
  for (const auto& [key, value] : json.items()) {
    std::string text = value.dump();
    if (value.is_array() && !value.empty() && value[0].is_object()) {
      std::vector<std::string> lines;
      for (const ordered_json& item : value) lines.push_back("    " + item.dump());
      text = fmt::format("[\n{}\n  ]", fmt::join(lines, ",\n"));
    }
    members.push_back(fmt::format("  \"{}\": {}", key, text));
  }
  return fmt::format("{{\n{}\n}}\n", fmt::join(members, ",\n"));
}

}  // namespace perfmodel
