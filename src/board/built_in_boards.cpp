#include <fmt/format.h>
#include <fmt/ranges.h>

#include "board/built_in_tables.h"
#include "config/option_text.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/board.h"

namespace perfmodel {

std::vector<std::string> built_in_board_names() {
  std::vector<std::string> names;
  for (const BuiltInTable& table : built_in_tables()) names.emplace_back(table.name);
  return names;
}

Board built_in_board(const std::string& name) {
  for (const BuiltInTable& table : built_in_tables()) {
    if (name == table.name) return Board::from_json(table.text, name);
  }
  throw Error(ErrorCode::kNotFound, fmt::format("there is no built-in board '{}', only {}", shown_text(name),
                                                fmt::join(built_in_board_names(), ", ")));
}

}  // namespace perfmodel
