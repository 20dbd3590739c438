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
  if (!has(key)) return;
  const std::int64_t value = integer_at(object_, key, where_);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
    throw Error(ErrorCode::kParse, fmt::format("{}: '{}' is {}, not a 32-bit integer", where_, key, value));
  }
  option = static_cast<int>(value);
}

void OptionReader::read(const char* key, bool& option) const {
  if (has(key)) option = bool_at(object_, key, where_);
}

void OptionReader::read(const char* key, std::string& option) const {
  if (has(key)) option = string_at(object_, key, where_);
}

void OptionReader::throw_not_a_choice(const char* key, const std::string& given, const std::string& allowed) const {
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{}: '{}' is '{}', allowed are {}", where_, key, given, allowed));
}

}  // namespace perfmodel
