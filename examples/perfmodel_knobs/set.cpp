#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"
#include "run_command.h"
#include "stop_signal.h"

namespace perfmodel::tools {
namespace {

double number_of(const KnobStatus& knob, const std::string& text) {
  if (knob.option) return knob.option->value(knob.option->level_of(text));
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (*end != '\0')
    throw Error(ErrorCode::kInvalidArgument, "'" + text + "' is no number for knob '" + knob.name + "'");
  return number;
}

/// What only a measured program can be given has no effect on a command or a machine.
void require_of_machine(const KnobStatus& knob) {
  if (!knob.is_handed) return;
  throw Error(ErrorCode::kUnsupported,
              "knob '" + knob.name + "' is given to programs that are measured, 'perfmodel-knobs measure' does that");
}

/// @throws CLI::ValidationError: a knob that the board does not have, or one twice.
std::vector<KnobValue> values_of(const KnobDriver& driver, const std::vector<std::string>& settings) {
  const std::vector<std::string> known = driver.board().knob_names();
  std::vector<KnobValue> values;
  for (const std::string& setting : settings) {
    const auto [name, text] = name_and_value(setting);
    const auto is_it = [&name = name](const KnobValue& value) { return value.name == name; };
    if (std::any_of(values.begin(), values.end(), is_it)) {
      throw CLI::ValidationError("knob '" + name + "' is given twice");
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string all;
      for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
      throw CLI::ValidationError("board '" + driver.board().name() + "' has no knob '" + name + "', but " + all);
    }
    const KnobStatus knob = driver.get(name);
    require_of_machine(knob);
    values.push_back({name, number_of(knob, text)});
  }
  return values;
}

void print_readings(const KnobDriver& driver, const std::vector<KnobReading>& readings, bool json, std::FILE* out) {
  for (const KnobReading& reading : readings) {
    if (json) {
      JsonObject line;
      line.add("knob", reading.name).add("requested", reading.requested).add("read_back", reading.read_back);
      line.add("effective", reading.effective).add("writes", reading.num_writes);
      std::fprintf(out, "%s\n", line.text().c_str());
      continue;
    }
    const KnobStatus knob = driver.get(reading.name);
    std::fprintf(out, "%s = %s", reading.name.c_str(), value_text(knob, reading.requested).c_str());
    if (reading.effective == reading.effective) {
      std::fprintf(out, ", runs at %s", number_text(reading.effective).c_str());
    }
    std::fprintf(out, ", %d written\n", reading.num_writes);
  }
  std::fflush(out);
}

/// What stays set may not outlast the tool.
void warn_of_what_is_forgotten(const KnobDriver& driver, const std::vector<KnobReading>& readings) {
  for (const KnobReading& reading : readings) {
    const std::string why = driver.get(reading.name).why_not_kept;
    if (!why.empty()) std::fprintf(stderr, "%s may not stay set: %s\n", reading.name.c_str(), why.c_str());
  }
}

/// Knobs that are set, and undone when they go: what cannot be undone at once by the guard process, which tries for a
/// while.
class SetKnobs {
 public:
  SetKnobs(const MachineOptions& machine, const Board& board, const KnobDriverOptions& options, std::FILE* out)
      : machine_(machine), options_(options), out_(out), guard_process_(options) {
    undo_before_restart(options);
    driver_.emplace(board, options);
  }
  ~SetKnobs() {
    if (driver_) driver_->roll_back();
  }
  SetKnobs(const SetKnobs&) = delete;
  SetKnobs& operator=(const SetKnobs&) = delete;

  const KnobDriver& driver() const { return *driver_; }
  const GuardProcess& guard_process() const { return guard_process_; }

  /// Sets, or leaves nothing of this call set and says so.
  std::vector<KnobReading> set(const std::vector<std::string>& settings) {
    const std::vector<KnobValue> values = values_of(*driver_, settings);
    try {
      return driver_->set(values);
    } catch (const Error& error) {
      undo("this call failed and is undone: ", std::string(error.what()) + "; ");
      throw;
    }
  }
  void keep() {
    const KnobDriver kept = std::move(*driver_);
    driver_.reset();
    guard_process_.finish();
  }
  /// @param intro  to what it says it did, to people
  /// @param state  for the error: what led here
  /// @throws Error kIo: some could not be.
  void undo(const char* intro = "", const std::string& state = "") {
    const RestoreReport report = driver_->roll_back();
    if (report.num_restored + report.num_unchanged + report.failures.size() > 0) {
      if (!machine_.json) std::fprintf(out_, "%s", intro);
      print_restore_summary(report, machine_.json, out_);
      std::fflush(out_);
    }
    if (report.complete()) return;
    std::fprintf(stderr, "what failed is tried again, for ten seconds at most\n");
    { const KnobDriver gone = std::move(*driver_); }  // and with it the right to write
    driver_.reset();
    if (!guard_process_.undo()) {
      throw Error(ErrorCode::kIo, state + "some knobs were not restored; to try again: " + restore_command(options_));
    }
    std::fprintf(stderr, "now all is restored\n");
  }

 private:
  const MachineOptions& machine_;
  KnobDriverOptions options_;
  std::FILE* out_;
  GuardProcess guard_process_;
  std::optional<KnobDriver> driver_;  ///< goes first: the guard process needs its right to write
};

void require_success(const std::string& command, const CommandEnd& end) {
  if (end.is_exit && end.number == 0) return;
  const std::string how =
      end.is_exit ? "ended with exit code " + std::to_string(end.number)
                  : "was ended by signal " + std::to_string(end.number) + " (" + ::strsignal(end.number) + ")";
  throw Error(ErrorCode::kIo, "'" + command + "' " + how);
}

}  // namespace

void set_knobs(const MachineOptions& machine, const SetOptions& options) {
  const bool stays = options.command.empty();
  if (!stays) take_stop_signals();
  const Board board = board_of(machine);
  KnobDriverOptions driver_settings = driver_options(machine);
  if (stays) driver_settings.unfinished_journal = UnfinishedJournal::kContinue;
  std::FILE* const out = stays ? stdout : stderr;  // standard output is the command's
  SetKnobs knobs(machine, board, driver_settings, out);
  const std::vector<KnobReading> readings = knobs.set(options.settings);
  print_readings(knobs.driver(), readings, machine.json, out);
  if (stays) {
    warn_of_what_is_forgotten(knobs.driver(), readings);
    const bool is_changed = knobs.driver().changed();
    knobs.keep();
    if (!machine.json && is_changed) std::printf("to undo this: %s\n", restore_command(driver_settings).c_str());
    return;
  }
  const CommandEnd end = run_command(options.command, knobs.guard_process());
  knobs.undo();
  throw_if_stopped("the knobs are as they were");
  require_success(options.command.front(), end);
}

void restore_knobs(const MachineOptions& machine, const std::vector<std::string>& forget) {
  const KnobDriverOptions options = driver_options(machine);
  const JournalStatus journal = journal_status(options);
  if (!journal.exists && forget.empty() && !machine.json) {
    std::printf("nothing to restore: no journal at '%s'\n", journal.path.c_str());
    return;
  }
  const RestoreReport report = restore_from_journal(options, forget);
  print_restore_report(report, machine.json);
  if (!report.complete()) {
    throw Error(ErrorCode::kIo, "some knobs were not restored, the journal '" + journal.path +
                                    "' stays; --forget drops what is gone for good");
  }
}

}  // namespace perfmodel::tools
