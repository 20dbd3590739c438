#include "learner/option_json.h"

#include <fmt/format.h>

#include <limits>

namespace perfmodel {

OptionReader::OptionReader(const std::string& learner, const std::string& json,
                           std::initializer_list<const char*> allowed)
    : where_(fmt::format("options of learner '{}'", learner)),
      object_(json.empty() ? nlohmann::json::object() : parse_json(json, where_)) {
  require_keys(object_, allowed, where_);
}

void OptionReader::read(const char* key, double& option) const {
  if (has(key)) option = number_at(object_, key, where_);
}

void OptionReader::read(const char* key, int& option) const {
  if (has(key)) option = to_int(key, integer_at(object_, key, where_));
}

void OptionReader::read(const char* key, bool& option) const {
  if (has(key)) option = bool_at(object_, key, where_);
}

void OptionReader::read(const char* key, std::string& option) const {
  if (has(key)) option = string_at(object_, key, where_);
}

void OptionReader::read(const char* key, std::vector<int>& option) const {
  if (!has(key)) return;
  std::vector<int> values;
  for (const nlohmann::json& value : array_at(object_, key, where_)) {
    if (!value.is_number_integer()) {
      throw Error(ErrorCode::kParse, fmt::format("{}: '{}' holds {}, not an integer", where_, key, value.dump()));
    }
    values.push_back(to_int(key, value.get<std::int64_t>()));
  }
  option = std::move(values);
}

void OptionReader::read(const char* key, std::vector<std::string>& option) const {
  if (!has(key)) return;
  std::vector<std::string> values;
  for (const nlohmann::json& value : array_at(object_, key, where_)) {
    if (!value.is_string()) {
      throw Error(ErrorCode::kParse, fmt::format("{}: '{}' holds {}, not a text", where_, key, value.dump()));
    }
    values.push_back(value.get<std::string>());
  }
  option = std::move(values);
}

int OptionReader::to_int(const char* key, std::int64_t value) const {
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
    throw Error(ErrorCode::kParse, fmt::format("{}: '{}' is {}, not a 32-bit integer", where_, key, value));
  }
  return static_cast<int>(value);
}

void OptionReader::throw_not_a_choice(const char* key, const std::string& given, const std::string& allowed) const {
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{}: '{}' is '{}', allowed are {}", where_, key, given, allowed));
}

}  // namespace perfmodel
