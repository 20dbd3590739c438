#pragma once

#include <string>
#include <type_traits>
#include <vector>

namespace perfmodel::tools {

/// Collects the members of one JSON object, in order, and gives them as one line for machines.
class JsonObject {
 public:
  JsonObject& add(const std::string& key, const std::string& text);
  JsonObject& add(const std::string& key, const char* text) { return add(key, std::string(text)); }

  /// A number or a boolean; a number that is not finite becomes null.
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
  JsonObject& add(const std::string& key, T value) {
    if constexpr (std::is_same_v<T, bool>) {
      return add_json(key, value ? "true" : "false");
    } else {
      return add_number(key, static_cast<double>(value));
    }
  }

  /// A value that is JSON already: another object's text(), an array, null.
  JsonObject& add_json(const std::string& key, const std::string& json);

  std::string text() const { return "{" + members_ + "}"; }

 private:
  JsonObject& add_number(const std::string& key, double value);

  std::string members_;
};

/// An array of values that are JSON already.
std::string json_array(const std::vector<std::string>& items);

/// Text as a JSON string, quoted and escaped.
std::string json_string(const std::string& text);

/// A number for a report, with so many decimals; what is not finite stays so.
double rounded(double value, int decimals = 3);

}  // namespace perfmodel::tools
