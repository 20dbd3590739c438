#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "board/board_table_json.h"
#include "config/option_text.h"
#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr int kMaxSpecificity = 1000;

void require_known_version(const nlohmann::json& object) {
  const std::int64_t version = integer_at(object, "version", "the board");
  if (version != kBoardTableVersion) {
    throw Error(ErrorCode::kVersion,
                fmt::format("the board: version {} is not known, allowed is {}", version, kBoardTableVersion));
  }
}

void read_detection(const TablePart& detect, BoardTable& table) {
  table.specificity = detect.integer_or("specificity", 0, 0, kMaxSpecificity);
  for (const TablePart& rule : detect.parts("any", "rule")) {
    rule.require_only({"file", "contains", "equals"});
    if (rule.has("contains") && rule.has("equals")) rule.refuse("'contains' and 'equals' exclude each other");
    table.detect_any.push_back({rule.path("file", {}), rule.text_or("contains", ""), rule.text_or("equals", "")});
  }
  if (table.detect_any.empty()) detect.refuse("'any' must hold at least one rule");
}

/// Names with placeholders become different ones.
template <typename Part>
void require_unique_names(const std::vector<Part>& parts, const char* what) {
  std::set<std::string> seen;
  for (const Part& part : parts) {
    if (part.name.find('{') == std::string::npos && !seen.insert(part.name).second) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("{} '{}' is there twice", what, shown_text(part.name)));
    }
  }
}

}  // namespace

BoardTable read_board_table(const nlohmann::json& object) {
  require_known_version(object);
  const TablePart board(object, "the board",
                        {"version", "name", "title", "tested_on_hardware", "simulated", "detect", "knobs", "rails",
                         "temperature_files", "ignored_zone_types", "throttle_count_files"});
  BoardTable table;
  table.name = board.name("name");
  table.title = board.text("title");
  if (!board.has("tested_on_hardware")) board.refuse_parse("key 'tested_on_hardware' is missing");
  table.tested_on_hardware = board.flag_or("tested_on_hardware", false);
  table.simulated = board.flag_or("simulated", false);
  if (board.has("detect")) read_detection(board.part("detect", {"specificity", "any"}), table);
  if (!board.has("knobs")) board.refuse_parse("key 'knobs' is missing");
  for (const TablePart& knob : board.called("").parts("knobs", "knob")) table.knobs.push_back(read_knob_table(knob));
  for (const TablePart& rail : board.called("").parts("rails", "rail")) table.rails.push_back(read_rail_table(rail));
  require_unique_names(table.knobs, "knob");
  require_unique_names(table.rails, "rail");
  const PathRule pattern{false, true};
  table.temperature_files = board.paths("temperature_files", pattern);
  table.ignored_zone_types = board.texts("ignored_zone_types");
  table.throttle_count_files = board.paths("throttle_count_files", pattern);
  return table;
}

}  // namespace perfmodel
