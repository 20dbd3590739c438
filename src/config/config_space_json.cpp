#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/option_text.h"
#include "core/file.h"
#include "core/json.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::vector<double> numbers_of(const json& levels, const std::string& where) {
  std::vector<double> numbers;
  for (const json& level : levels) {
    if (!level.is_number()) {
      throw Error(ErrorCode::kParse,
                  fmt::format("{}: level {} is {}, not a number", where, numbers.size() + 1, level.type_name()));
    }
    numbers.push_back(level.get<double>());
  }
  return numbers;
}

std::vector<std::string> strings_of(const json& array, const char* what, const std::string& where) {
  std::vector<std::string> strings;
  for (const json& item : array) {
    if (!item.is_string()) {
      throw Error(ErrorCode::kParse,
                  fmt::format("{}: {} {} is {}, not a string", where, what, strings.size() + 1, item.type_name()));
    }
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

Option read_boolean(const json& text, const std::string& name, const std::string& where) {
  require_keys(text, {"name", "kind", "default"}, where);
  return Option::boolean(name, text.contains("default") ? bool_at(text, "default", where) : -1);
}

/// Makes an option by `make(default level)`, whose default the text gives as a number or label.
template <typename Make>
Option with_default(const json& text, const std::string& where, Make make) {
  const Option option = make(-1);
  if (!text.contains("default")) return option;
  const bool is_label = option.kind() == OptionKind::kCategorical;
  const std::uint64_t level = is_label ? option.level_of(string_at(text, "default", where))
                                       : option.level_of(number_at(text, "default", where));
  return make(static_cast<std::int64_t>(level));
}

Option read_integer(const json& text, const std::string& name, const std::string& where) {
  require_keys(text, {"name", "kind", "low", "high", "step", "unit", "default"}, where);
  const std::int64_t low = integer_at(text, "low", where), high = integer_at(text, "high", where);
  const std::int64_t step = text.contains("step") ? integer_at(text, "step", where) : 1;
  const std::string unit = text.contains("unit") ? string_at(text, "unit", where) : "";
  return with_default(text, where,
                      [&](std::int64_t level) { return Option::integer(name, low, high, step, level, unit); });
}

Option read_ordinal(const json& text, const std::string& name, const std::string& where) {
  require_keys(text, {"name", "kind", "levels", "unit", "default"}, where);
  const std::vector<double> levels = numbers_of(array_at(text, "levels", where), where);
  const std::string unit = text.contains("unit") ? string_at(text, "unit", where) : "";
  return with_default(text, where, [&](std::int64_t level) { return Option::ordinal(name, levels, level, unit); });
}

Option read_categorical(const json& text, const std::string& name, const std::string& where) {
  require_keys(text, {"name", "kind", "levels", "default"}, where);
  const std::vector<std::string> labels = strings_of(array_at(text, "levels", where), "level", where);
  return with_default(text, where, [&](std::int64_t level) { return Option::categorical(name, labels, level); });
}

Option read_option(const json& text, std::size_t index) {
  const std::string name = string_at(text, "name", fmt::format("option {}", index + 1));
  if (name.empty()) throw Error(ErrorCode::kParse, fmt::format("option {}: its name is empty", index + 1));
  const std::string where = fmt::format("option '{}'", shown_text(name));
  const std::string kind = string_at(text, "kind", where);
  if (kind == "boolean") return read_boolean(text, name, where);
  if (kind == "integer") return read_integer(text, name, where);
  if (kind == "ordinal") return read_ordinal(text, name, where);
  if (kind == "categorical") return read_categorical(text, name, where);
  throw Error(ErrorCode::kParse, fmt::format("{}: kind '{}' is not known (boolean, integer, ordinal, categorical)",
                                             where, shown_text(kind)));
}

ConfigSpace read_space(const json& space) {
  constexpr const char* kWhere = "the space";
  require_keys(space, {"options", "constraints"}, kWhere);
  std::vector<Option> options;
  for (const json& option : array_at(space, "options", kWhere)) options.push_back(read_option(option, options.size()));
  std::vector<std::string> constraints;
  if (space.contains("constraints")) {
    constraints = strings_of(array_at(space, "constraints", kWhere), "constraint", kWhere);
  }
  return ConfigSpace(std::move(options), std::move(constraints));
}

/// Whole numbers are written as such: 1300500000, not 1300500000.0.
ordered_json number_json(double value) {
  constexpr double kMaxWhole = 9007199254740992;  // 2^53
  if (std::floor(value) == value && std::fabs(value) <= kMaxWhole) return static_cast<std::int64_t>(value);
  return value;
}

ordered_json level_json(const Option& option, std::uint64_t level) {
  if (option.kind() == OptionKind::kBoolean) return level == 1;
  if (option.kind() == OptionKind::kCategorical) return option.text(level);
  return number_json(option.value(level));
}

ordered_json option_json(const Option& option) {
  ordered_json text;
  text["name"] = option.name();
  text["kind"] = option_kind_name(option.kind());
  if (option.kind() == OptionKind::kInteger) {
    text["low"] = level_json(option, 0);
    text["high"] = level_json(option, option.num_levels() - 1);
    if (option.num_levels() > 1) text["step"] = number_json(option.value(1) - option.value(0));
  } else if (option.kind() != OptionKind::kBoolean) {
    text["levels"] = ordered_json::array();
    for (std::uint64_t i = 0; i < option.num_levels(); ++i) text["levels"].push_back(level_json(option, i));
  }
  if (!option.unit().empty()) text["unit"] = option.unit();
  text["default"] = level_json(option, option.default_level());
  return text;
}

std::string dumped(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

ConfigSpace ConfigSpace::from_json(const std::string& text, const std::string& name) {
  const json space = parse_json(text, name);
  try {
    return read_space(space);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", name, error.what()));
  }
}

ConfigSpace ConfigSpace::read(const std::string& path) {
  return from_json(read_file(path), path);
}

std::string ConfigSpace::to_json() const {
  std::vector<std::string> option_lines, constraint_lines;
  for (const Option& option : options()) option_lines.push_back("    " + dumped(option_json(option)));
  for (const std::string& constraint : constraints()) constraint_lines.push_back("    " + dumped(constraint));
  std::string text = fmt::format("{{\n  \"options\": [\n{}\n  ]", fmt::join(option_lines, ",\n"));
  if (!constraint_lines.empty()) {
    text += fmt::format(",\n  \"constraints\": [\n{}\n  ]", fmt::join(constraint_lines, ",\n"));
  }
  return text + "\n}\n";
}

}  // namespace perfmodel
