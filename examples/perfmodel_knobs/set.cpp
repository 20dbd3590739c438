#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

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

std::vector<KnobValue> values_of(const KnobDriver& driver, const std::vector<std::string>& settings) {
  std::vector<KnobValue> values;
  for (const std::string& setting : settings) {
    const auto [name, text] = name_and_value(setting);
    values.push_back({name, number_of(driver.get(name), text)});
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

/// What only a measured program can be given has no effect on a command or a machine.
void require_settable(const KnobDriver& driver) {
  if (driver.handed().empty()) return;
  throw Error(ErrorCode::kUnsupported,
              "knob '" + driver.handed().front().name +
                  "' is given to programs that are measured, 'perfmodel-knobs measure' does that");
}

/// What stays set may not outlast the tool.
void warn_of_what_is_forgotten(const KnobDriver& driver, const std::vector<KnobReading>& readings) {
  for (const KnobReading& reading : readings) {
    const std::string why = driver.get(reading.name).why_not_kept;
    if (!why.empty()) std::fprintf(stderr, "%s may not stay set: %s\n", reading.name.c_str(), why.c_str());
  }
}

/// @return as a shell tells it: the exit code, or 128 and the signal.
int run_command(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw Error(ErrorCode::kIo, std::string("no process can be started: ") + std::strerror(errno));
  if (child == 0) {
    ::execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "cannot run '%s': %s\n", arguments[0], std::strerror(errno));
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void set_knobs(const MachineOptions& machine, const SetOptions& options) {
  const bool stays = options.command.empty();
  const Board board = board_of(machine);
  KnobDriverOptions driver_settings = driver_options(machine);
  if (stays) driver_settings.unfinished_journal = UnfinishedJournal::kContinue;
  GuardProcess guard_process(driver_settings);
  KnobDriver driver(board, driver_settings);
  KnobGuard guard(driver, [&](const RestoreReport& report) { print_restore_report(report, machine.json); });
  const std::vector<KnobReading> readings = driver.set(values_of(driver, options.settings));
  require_settable(driver);
  print_readings(driver, readings, machine.json);
  if (stays) {
    warn_of_what_is_forgotten(driver, readings);
    guard.keep();
    guard_process.finish();
    if (!machine.json && driver.changed()) std::printf("'perfmodel-knobs restore' undoes this\n");
    return;
  }
  const int exit_code = run_command(options.command);
  const RestoreReport report = guard.restore();
  print_restore_report(report, machine.json);
  if (!report.complete())
    throw Error(ErrorCode::kIo, "some knobs were not restored, 'perfmodel-knobs restore' tries again");
  guard_process.finish();
  if (exit_code != 0) {
    throw Error(ErrorCode::kIo, "'" + options.command.front() + "' ended with exit code " + std::to_string(exit_code));
  }
}

void restore_knobs(const MachineOptions& machine) {
  const RestoreReport report = restore_from_journal(driver_options(machine));
  print_restore_report(report, machine.json);
  if (!report.complete()) throw Error(ErrorCode::kIo, "some knobs were not restored, the journal stays");
}

}  // namespace perfmodel::tools
