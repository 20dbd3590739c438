#include <cstdio>
#include <cstdlib>

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

std::vector<KnobValue> values_of(const KnobDriver& driver, const std::vector<std::string>& settings) {
  std::vector<KnobValue> values;
  for (const std::string& setting : settings) {
    const auto [name, text] = name_and_value(setting);
    const KnobStatus knob = driver.get(name);
    require_of_machine(knob);
    values.push_back({name, number_of(knob, text)});
  }
  return values;
}

void print_readings(const KnobDriver& driver, const std::vector<KnobReading>& readings, bool json) {
  for (const KnobReading& reading : readings) {
    if (json) {
      JsonObject line;
      line.add("knob", reading.name).add("requested", reading.requested).add("read_back", reading.read_back);
      line.add("effective", reading.effective).add("writes", reading.num_writes);
      std::printf("%s\n", line.text().c_str());
      continue;
    }
    const KnobStatus knob = driver.get(reading.name);
    std::printf("%s = %s", reading.name.c_str(), value_text(knob, reading.requested).c_str());
    if (reading.effective == reading.effective) std::printf(", runs at %s", number_text(reading.effective).c_str());
    std::printf(", %d written\n", reading.num_writes);
  }
  std::fflush(stdout);
}

/// What stays set may not outlast the tool.
void warn_of_what_is_forgotten(const KnobDriver& driver, const std::vector<KnobReading>& readings) {
  for (const KnobReading& reading : readings) {
    const std::string why = driver.get(reading.name).why_not_kept;
    if (!why.empty()) std::fprintf(stderr, "%s may not stay set: %s\n", reading.name.c_str(), why.c_str());
  }
}

/// Sets, or leaves nothing of this call set and says so.
std::vector<KnobReading> set_all(KnobDriver& driver, KnobGuard& guard, const std::vector<std::string>& settings,
                                 bool json) {
  try {
    return driver.set(values_of(driver, settings));
  } catch (const Error&) {
    const RestoreReport report = guard.restore();
    if (report.num_restored + report.num_unchanged + report.failures.size() > 0) {
      if (!json) std::printf("this call failed and is undone: ");
      print_restore_report(report, json);
    }
    throw;
  }
}

void require_complete(const RestoreReport& report) {
  if (report.complete()) return;
  throw Error(ErrorCode::kIo, "some knobs were not restored, 'perfmodel-knobs restore' tries again");
}

}  // namespace

void set_knobs(const MachineOptions& machine, const SetOptions& options) {
  const bool stays = options.command.empty();
  if (!stays) take_stop_signals();
  const Board board = board_of(machine);
  KnobDriverOptions driver_settings = driver_options(machine);
  if (stays) driver_settings.unfinished_journal = UnfinishedJournal::kContinue;
  GuardProcess guard_process(driver_settings);
  undo_before_restart(driver_settings);
  KnobDriver driver(board, driver_settings);
  KnobGuard guard(driver, [&](const RestoreReport& report) { print_restore_report(report, machine.json); });
  const std::vector<KnobReading> readings = set_all(driver, guard, options.settings, machine.json);
  print_readings(driver, readings, machine.json);
  if (stays) {
    warn_of_what_is_forgotten(driver, readings);
    guard.keep();
    guard_process.finish();
    if (!machine.json && driver.changed()) std::printf("'perfmodel-knobs restore' undoes this\n");
    return;
  }
  const int exit_code = run_command(options.command, guard_process);
  const RestoreReport report = guard.restore();
  print_restore_report(report, machine.json);
  require_complete(report);
  guard_process.finish();
  throw_if_stopped("the knobs are as they were");
  if (exit_code != 0) {
    throw Error(ErrorCode::kIo, "'" + options.command.front() + "' ended with exit code " + std::to_string(exit_code));
  }
}

void restore_knobs(const MachineOptions& machine, const std::vector<std::string>& forget) {
  const RestoreReport report = restore_from_journal(driver_options(machine), forget);
  print_restore_report(report, machine.json);
  if (!report.complete()) throw Error(ErrorCode::kIo, "some knobs were not restored, the journal stays");
}

}  // namespace perfmodel::tools
