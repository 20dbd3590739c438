#include <algorithm>
#include <cmath>
#include <cstdio>

#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/power/power_meter.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

constexpr std::uint64_t kMaxShownLevels = 6;

/// All levels of a few; of many the first, the last and how many.
std::string levels_text(const std::optional<Option>& option) {
  if (!option) return "-";
  const std::uint64_t count = option->num_levels();
  if (count > kMaxShownLevels) {
    return level_text(*option, 0) + " .. " + level_text(*option, count - 1) + " (" + std::to_string(count) + ")";
  }
  std::string text;
  for (std::uint64_t level = 0; level < count; ++level) text += (level == 0 ? "" : " ") + level_text(*option, level);
  return text;
}

std::string levels_json(const std::optional<Option>& option) {
  std::vector<std::string> items;
  for (std::uint64_t level = 0; option && level < option->num_levels(); ++level) {
    items.push_back(option->kind() == OptionKind::kCategorical ? json_string(option->text(level))
                                                               : option->text(level));
  }
  return json_array(items);
}

/// What a range allows, where it is not pinned to one level.
std::string current_text(const KnobStatus& knob) {
  const bool is_range = std::isfinite(knob.current_low) && knob.current_low != knob.current_high;
  if (!is_range) return value_text(knob, knob.current);
  return value_text(knob, knob.current_low) + " .. " + value_text(knob, knob.current_high);
}

std::string writable_text(const KnobStatus& knob) {
  if (!knob.writable) return "no: " + knob.why_not;
  return knob.is_handed ? "by 'measure'" : "yes";
}

void print_json(const Board& board, const KnobStatus& knob) {
  JsonObject line;
  line.add("board", board.name()).add("tested_on_hardware", board.tested_on_hardware());
  line.add("simulated", board.simulated()).add("knob", knob.name).add("unit", knob.unit);
  line.add("current", knob.current).add("current_low", knob.current_low).add("current_high", knob.current_high);
  line.add("effective", knob.effective).add_json("levels", levels_json(knob.option));
  line.add("writable", knob.writable).add("handed", knob.is_handed).add("why_not", knob.why_not);
  line.add("why_not_kept", knob.why_not_kept);
  std::printf("%s\n", line.text().c_str());
}

void print_all(const Board& board, const std::vector<KnobStatus>& knobs, bool json) {
  if (json) {
    for (const KnobStatus& knob : knobs) print_json(board, knob);
    return;
  }
  std::printf("%s\n", board_heading(board).c_str());
  TextTable table({"knob", "now", "effective", "unit", "levels", "writable"}, 3);
  for (const KnobStatus& knob : knobs) {
    table.add_row({knob.name, current_text(knob), number_text(knob.effective), knob.unit, levels_text(knob.option),
                   writable_text(knob)});
  }
  table.print();
}

void print_meters(const Board& board, const MachineOptions& machine) {
  PowerMeterOptions options;
  options.root = machine.root;
  std::vector<std::string> why_not;
  for (const auto& meter : open_power_meters(board, options, &why_not)) {
    const PowerMeterInfo& info = meter->info();
    std::printf("power meter %s (%s%s)\n", info.name.c_str(), info.is_counter ? "counts energy" : "is sampled",
                info.is_sum ? ", a sum of others" : "");
  }
  for (const std::string& reason : why_not) std::printf("no power meter: %s\n", reason.c_str());
}

/// Also those that nothing recognises.
std::vector<BoardDetection> all_boards(const std::string& root) {
  std::vector<BoardDetection> boards = detect_boards(root);
  for (const std::string& name : built_in_board_names()) {
    const auto is_it = [&](const BoardDetection& board) { return board.name == name; };
    if (std::any_of(boards.begin(), boards.end(), is_it)) continue;
    boards.push_back({name, false, "nothing tells it; on every machine, by --board " + name});
  }
  return boards;
}

std::string state_of(const Board& board) {
  if (board.simulated()) return "simulated";
  return board.tested_on_hardware() ? "tested" : "untested on hardware";
}

/// What is set goes on with a journal: see set_knobs().
KnobDriver driver_of(const Board& board, const MachineOptions& machine) {
  KnobDriverOptions options = driver_options(machine);
  options.unfinished_journal = UnfinishedJournal::kContinue;
  return KnobDriver(board, options);
}

}  // namespace

void list_boards(const MachineOptions& machine) {
  if (!machine.json) std::printf("boards that come with perfmodel; the first that fits is taken\n");
  TextTable table({"board", "fits", "table", "why"}, 2);
  for (const BoardDetection& detection : all_boards(machine.root)) {
    const Board board = built_in_board(detection.name);
    if (machine.json) {
      JsonObject line;
      line.add("board", detection.name).add("fits", detection.fits).add("reason", detection.reason);
      line.add("title", board.title()).add("tested_on_hardware", board.tested_on_hardware());
      line.add("simulated", board.simulated());
      std::printf("%s\n", line.text().c_str());
    } else {
      table.add_row({detection.name, detection.fits ? "yes" : "no", state_of(board), detection.reason});
    }
  }
  if (!machine.json) table.print();
}

void list_knobs(const MachineOptions& machine) {
  const Board board = board_of(machine);
  print_all(board, driver_of(board, machine).list(), machine.json);
  if (!machine.json) print_meters(board, machine);
  tell_of_journal(driver_options(machine));
}

void get_knobs(const MachineOptions& machine, const std::vector<std::string>& names) {
  const Board board = board_of(machine);
  const KnobDriver driver = driver_of(board, machine);
  std::vector<KnobStatus> knobs;
  for (const std::string& name : names) knobs.push_back(driver.get(name));
  print_all(board, knobs, machine.json);
  tell_of_journal(driver_options(machine));
}

}  // namespace perfmodel::tools
