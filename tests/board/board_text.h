#pragma once

#include <string>

namespace perfmodel {

/// A board with these knobs (objects), and members after them.
inline std::string board_with(const std::string& knobs, const std::string& more = "") {
  return R"({"version": 1, "name": "b", "title": "B", "tested_on_hardware": false, "knobs": [)" + knobs + "]" + more +
         "}";
}

/// A board with one knob: a name, and these members.
inline std::string knob_with(const std::string& members) {
  return board_with(R"({"name": "k", )" + members + "}");
}

/// The same with a rail.
inline std::string rail_with(const std::string& members) {
  return board_with("", R"(, "rails": [{"name": "r", )" + members + "}]");
}

}  // namespace perfmodel
