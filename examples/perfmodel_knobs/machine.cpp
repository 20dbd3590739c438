#include "machine.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "json_line.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel::tools {

Board board_of(const MachineOptions& machine) {
  if (machine.board.empty()) return detect_board(machine.root);
  const std::vector<std::string> names = built_in_board_names();
  const bool is_built_in = std::find(names.begin(), names.end(), machine.board) != names.end();
  if (is_built_in) return built_in_board(machine.board);
  if (std::filesystem::exists(machine.board)) return Board::read(machine.board);
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::kNotFound,
              "'" + machine.board + "' is no file that is there, nor a built-in board (" + all + ")");
}

KnobDriverOptions driver_options(const MachineOptions& machine) {
  KnobDriverOptions options;
  options.root = machine.root;
  options.journal_path = machine.journal;
  options.accept_pinned = machine.accept_pinned;
  return options;
}

std::string board_heading(const Board& board) {
  std::string heading = board.name() + ": " + board.title();
  if (board.simulated()) {
    heading += " (simulated)";
  } else if (!board.tested_on_hardware()) {
    heading += " (untested on hardware)";
  }
  return heading;
}

std::string why_no_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool is_one = equals != std::string::npos && equals != 0 && equals + 1 != text.size();
  return is_one ? "" : "'" + text + "' is no setting, allowed is NAME=VALUE";
}

std::pair<std::string, std::string> name_and_value(const std::string& setting) {
  const std::string why_not = why_no_setting(setting);
  if (!why_not.empty()) throw Error(ErrorCode::kInvalidArgument, why_not);
  const std::size_t equals = setting.find('=');
  return {setting.substr(0, equals), setting.substr(equals + 1)};
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "-";
  char text[40];
  std::snprintf(text, sizeof text, value == std::floor(value) && std::fabs(value) < 1e15 ? "%.0f" : "%.6g", value);
  return text;
}

std::string level_text(const Option& option, std::uint64_t level) {
  return option.kind() == OptionKind::kCategorical ? option.text(level) : number_text(option.value(level));
}

std::string value_text(const KnobStatus& knob, double value) {
  if (!knob.option || !std::isfinite(value)) return number_text(value);
  const std::optional<std::uint64_t> level = knob.option->find_level(value);
  return level ? level_text(*knob.option, *level) : number_text(value);
}

namespace {

void print_failures(const RestoreReport& report) {
  for (const RestoreReport::Failure& failure : report.failures) {
    std::fprintf(stderr, "not restored: %s: %s\n", failure.what.c_str(), failure.reason.c_str());
  }
  for (const RestoreReport::Failure& forgotten : report.forgotten) {
    std::fprintf(stderr, "forgotten: %s: %s\n", forgotten.what.c_str(), forgotten.reason.c_str());
  }
}

}  // namespace

void print_restore_report(const RestoreReport& report, bool json, std::FILE* out) {
  print_failures(report);
  print_restore_summary(report, json, out);
}

void print_restore_summary(const RestoreReport& report, bool json, std::FILE* out) {
  if (json) {
    JsonObject line;
    line.add("restored", report.num_restored).add("unchanged", report.num_unchanged);
    line.add("failed", report.failures.size()).add("forgotten", report.forgotten.size());
    std::fprintf(out, "%s\n", line.text().c_str());
  } else {
    std::fprintf(out, "%zu restored, %zu held their values, %zu failed\n", report.num_restored, report.num_unchanged,
                 report.failures.size());
  }
}

void tell_of_journal(const KnobDriverOptions& options) {
  try {
    const JournalStatus journal = journal_status(options);
    if (journal.settings.empty()) return;
    std::fprintf(stderr, "'%s' holds %zu settings that process %d set last and that are not undone; to undo them: %s\n",
                 journal.path.c_str(), journal.settings.size(), journal.process, restore_command(options).c_str());
  } catch (const Error&) {  // knobs say why they cannot be set
  }
}

void undo_before_restart(const KnobDriverOptions& options) {
  try {
    const std::optional<RestoreReport> report = restore_after_restart(options);
    if (!report) return;
    print_failures(*report);
    std::fprintf(stderr, "knobs were set when the machine went down: %zu restored, %zu held no more, %zu failed\n",
                 report->num_restored, report->num_unchanged, report->failures.size());
  } catch (const Error&) {  // perhaps nothing has to be written
  }
}

}  // namespace perfmodel::tools
