#include "json_line.h"

#include <cmath>
#include <cstdio>

#include "perfmodel/core/csv.h"

namespace perfmodel::tools {

std::string json_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string json_array(const std::vector<std::string>& items) {
  std::string array;
  for (const std::string& item : items) array += (array.empty() ? "" : ",") + item;
  return "[" + array + "]";
}

double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

JsonObject& JsonObject::add(const std::string& key, const std::string& text) {
  return add_json(key, json_string(text));
}

JsonObject& JsonObject::add_json(const std::string& key, const std::string& json) {
  members_ += (members_.empty() ? "" : ",") + json_string(key) + ":" + json;
  return *this;
}

JsonObject& JsonObject::add_number(const std::string& key, double value) {
  return add_json(key, std::isfinite(value) ? format_number(value) : "null");
}

}  // namespace perfmodel::tools
