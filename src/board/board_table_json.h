#pragma once

#include <string>

#include "board/board_table.h"
#include "board/table_part.h"

namespace perfmodel {

constexpr int kBoardTableVersion = 1;

/// A board from its JSON, checked. Messages say which part of it is wrong, but not of which file.
/// @throws Error as Board::from_json().
BoardTable read_board_table(const nlohmann::json& object);
KnobTable read_knob_table(const TablePart& part);
RailTable read_rail_table(const TablePart& part);
/// @param table  with mechanism, kind, unit and file_units_per_unit of the knob
LevelSource read_levels(const TablePart& knob, const KnobTable& table, PathRule rule);

/// A text that reads as an equal board.
std::string write_board_table(const BoardTable& board);

}  // namespace perfmodel
