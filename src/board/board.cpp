#include "perfmodel/knob/board.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "board/board_table.h"
#include "board/board_table_json.h"
#include "core/file.h"
#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

Board::Board(std::shared_ptr<const BoardTable> table) : table_(std::move(table)) {}

Board Board::from_json(const std::string& text, const std::string& name) {
  const nlohmann::json object = parse_json(text, name);
  try {
    return Board(std::make_shared<const BoardTable>(read_board_table(object)));
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", name, error.what()));
  }
}

Board Board::read(const std::string& path) {
  return from_json(read_file(path), path);
}

std::string Board::to_json() const {
  return write_board_table(*table_);
}

const std::string& Board::name() const noexcept {
  return table_->name;
}

const std::string& Board::title() const noexcept {
  return table_->title;
}

bool Board::tested_on_hardware() const noexcept {
  return table_->tested_on_hardware;
}

bool Board::simulated() const noexcept {
  return table_->simulated;
}

std::vector<std::string> Board::knob_names() const {
  std::vector<std::string> names;
  for (const KnobTable& knob : table_->knobs) names.push_back(knob.name);
  return names;
}

const BoardTable& Board::table() const noexcept {
  return *table_;
}

}  // namespace perfmodel
