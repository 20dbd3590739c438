#include "board/table_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "board/board_units.h"
#include "config/option_text.h"
#include "core/json.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether the parts between slashes are all there and none of them is "." or "..".
bool is_plain(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  for (;;) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
  }
}

}  // namespace

TablePart::TablePart(const json& object, std::string where, std::initializer_list<const char*> allowed)
    : object_(&object), where_(std::move(where)) {
  if (allowed.size() > 0) require_only(allowed);
}

bool TablePart::has(const char* key) const {
  return object_->is_object() && object_->contains(key);
}

void TablePart::require_only(std::initializer_list<const char*> allowed) const {
  require_keys(*object_, allowed, where_);
}

bool TablePart::is_array(const char* key) const {
  return member_at(*object_, key, where_).is_array();
}

TablePart TablePart::part(const char* key, std::initializer_list<const char*> allowed) const {
  return TablePart(object_at(*object_, key, where_), fmt::format("{}: '{}'", where_, key), allowed);
}

std::vector<TablePart> TablePart::parts(const char* key, const char* what) const {
  std::vector<TablePart> found;
  if (!has(key)) return found;
  for (const json& object : array_at(*object_, key, where_)) {
    const std::string part_where = fmt::format("{} {}", what, found.size() + 1);
    found.push_back(TablePart(object, where_.empty() ? part_where : fmt::format("{}: {}", where_, part_where), {}));
  }
  return found;
}

std::string TablePart::checked_text(const json& value, const char* key) const {
  if (!value.is_string()) {
    refuse_parse(fmt::format("'{}' has {} where a string belongs", key, value.type_name()));
  }
  std::string text = value.get<std::string>();
  if (text.empty()) refuse(fmt::format("'{}' is empty", key));
  if (std::any_of(text.begin(), text.end(), is_control)) {
    refuse(fmt::format("'{}' is '{}', which has control characters", key, shown_text(text)));
  }
  return text;
}

std::string TablePart::text(const char* key) const {
  return checked_text(member_at(*object_, key, where_), key);
}

std::string TablePart::text_or(const char* key, const std::string& otherwise) const {
  return has(key) ? text(key) : otherwise;
}

std::vector<std::string> TablePart::texts(const char* key) const {
  std::vector<std::string> found;
  if (!has(key)) return found;
  for (const json& value : array_at(*object_, key, where_)) found.push_back(checked_text(value, key));
  if (found.empty()) refuse(fmt::format("'{}' has nothing in it", key));
  return found;
}

std::string TablePart::name(const char* key) const {
  const std::string text = this->text(key);
  if ((text[0] >= '0' && text[0] <= '9') || !std::all_of(text.begin(), text.end(), is_name_character)) {
    refuse(fmt::format("'{}' is '{}', allowed are letters, digits and '_', no digit first", key, shown_text(text)));
  }
  return text;
}

std::string TablePart::checked_path(std::string path, const char* key, PathRule rule) const {
  if (!is_plain(path) || (path[0] != '/' && !rule.in_folder)) {
    refuse(fmt::format("'{}' names '{}', allowed are {} without '..', '.' and empty parts", key, shown_text(path),
                       rule.in_folder ? "absolute paths and such in the folder" : "absolute paths"));
  }
  if (!rule.pattern && path.find_first_of("*?[") != std::string::npos) {
    refuse(fmt::format("'{}' names '{}', which must be one file and no pattern", key, shown_text(path)));
  }
  return path;
}

std::string TablePart::path(const char* key, PathRule rule) const {
  return checked_path(text(key), key, rule);
}

std::string TablePart::path_or_empty(const char* key, PathRule rule) const {
  return has(key) ? path(key, rule) : "";
}

std::vector<std::string> TablePart::paths(const char* key, PathRule rule) const {
  std::vector<std::string> found = texts(key);
  for (std::string& path : found) path = checked_path(std::move(path), key, rule);
  return found;
}

double TablePart::number_or(const char* key, double otherwise, double least, double greatest) const {
  if (!has(key)) return otherwise;
  const double value = number_at(*object_, key, where_);
  if (!(value >= least && value <= greatest)) {
    refuse(fmt::format("'{}' is {}, allowed is {} to {}", key, format_number(value), format_number(least),
                       format_number(greatest)));
  }
  return value;
}

int TablePart::integer_or(const char* key, int otherwise, int least, int greatest) const {
  if (!has(key)) return otherwise;
  const std::int64_t value = integer_at(*object_, key, where_);
  if (value < least || value > greatest) {
    refuse(fmt::format("'{}' is {}, allowed is {} to {}", key, value, least, greatest));
  }
  return static_cast<int>(value);
}

std::vector<double> TablePart::numbers(const char* key) const {
  std::vector<double> found;
  for (const json& value : array_at(*object_, key, where_)) {
    if (!value.is_number()) {
      refuse_parse(fmt::format("'{}' has {} where a number belongs", key, value.type_name()));
    }
    found.push_back(value.get<double>());
  }
  if (found.empty()) refuse(fmt::format("'{}' has nothing in it", key));
  return found;
}

bool TablePart::flag_or(const char* key, bool otherwise) const {
  return has(key) ? bool_at(*object_, key, where_) : otherwise;
}

double TablePart::file_unit_or(const char* key, const std::string& unit, double otherwise) const {
  if (!has(key)) return otherwise;
  const std::string name = text(key);
  const std::optional<double> factor = file_units_per_unit(unit, name);
  if (!factor) {
    refuse(fmt::format("'{}' is '{}', allowed for a value in '{}' is {}", key, shown_text(name), unit,
                       allowed_file_units_text(unit)));
  }
  return *factor;
}

void TablePart::refuse(const std::string& reason) const {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {}", where_, reason));
}

void TablePart::refuse_parse(const std::string& reason) const {
  throw Error(ErrorCode::kParse, fmt::format("{}: {}", where_, reason));
}

}  // namespace perfmodel
