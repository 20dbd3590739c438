#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// Reads a learner's option struct from JSON: each key is optional and keeps the struct's default, none but those
/// declared is allowed. Ranges are the learner's own to check, as it does for structs (learner/option_range.h).
///
///     OptionReader reader("tree", json, {"max_depth", "log_target"});
///     reader.read("max_depth", options.max_depth);
///     reader.read("log_target", options.log_target);
class PERFMODEL_EXPORT OptionReader {
 public:
  /// @param learner  its name, for messages
  /// @param json     an object as text; "" is {}
  /// @throws Error kParse: not a JSON object, or a key that is not in `allowed`; lists those.
  OptionReader(const std::string& learner, const std::string& json, std::initializer_list<const char*> allowed);

  /// Replaces `option` by the value of `key`, if it is there.
  /// @throws Error kParse: a value of another type; for integers also one that an int does not hold.
  void read(const char* key, double& option) const;
  void read(const char* key, int& option) const;
  void read(const char* key, bool& option) const;
  void read(const char* key, std::string& option) const;
  void read(const char* key, std::vector<int>& option) const;
  void read(const char* key, std::vector<std::string>& option) const;

  /// An option that is one of a few named values.
  /// @throws Error kParse: no text; kInvalidArgument: another name; lists the allowed ones.
  template <typename Choice>
  void read(const char* key, Choice& option, std::initializer_list<std::pair<const char*, Choice>> choices) const {
    if (!has(key)) return;
    const std::string given = string_at(object_, key, where_);
    std::string allowed;
    for (const auto& [name, value] : choices) {
      if (given == name) {
        option = value;
        return;
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    }
    throw_not_a_choice(key, given, allowed);
  }

 private:
  int to_int(const char* key, std::int64_t value) const;
  bool has(const char* key) const { return object_.contains(key); }
  [[noreturn]] void throw_not_a_choice(const char* key, const std::string& given, const std::string& allowed) const;

  std::string where_;
  nlohmann::json object_;
};

}  // namespace perfmodel
