// perfmodel-knobs: lists, reads, sets and restores the knobs of this machine, reads its power, and measures a program
// under many configurations.

#include <CLI/CLI.hpp>
#include <algorithm>

#include "machine.h"
#include "number_checks.h"
#include "options.h"
#include "stop_signal.h"
#include "tool_main.h"

namespace {

using namespace perfmodel::tools;

constexpr const char* kExitCodes =
    "Exit codes: 0 ok, 1 failed, 2 usage. 'set' and 'measure' that SIGINT, SIGTERM or SIGHUP stops undo what they "
    "set,\n"
    "end what they run, and end by that signal (to a shell 130, 143, 129). 'measure' failed when all rows did.";

void add_root(CLI::App& app, MachineOptions& machine) {
  app.add_option("--root", machine.root, "folder that stands for /")
      ->check(CLI::ExistingDirectory)
      ->type_name("FOLDER")
      ->capture_default_str();
  app.add_flag("--json", machine.json, "one JSON object per line");
}

void add_machine(CLI::App& app, MachineOptions& machine) {
  app.add_option("--board", machine.board, "built-in board or file of a board table; without it the one at hand")
      ->type_name("NAME|FILE");
  app.add_option("--journal", machine.journal,
                 "where prior values are kept (default: /var/lib/perfmodel/knobs.journal)")
      ->type_name("FILE");
}

/// A command on the knobs of a machine.
CLI::App* add_command(CLI::App& app, const char* name, const char* help, MachineOptions& machine) {
  CLI::App* command = app.add_subcommand(name, help);
  add_root(*command, machine);
  add_machine(*command, machine);
  return command;
}

void add_accept_pinned(CLI::App& command, MachineOptions& machine) {
  command.add_flag("--accept-pinned", machine.accept_pinned,
                   "return to what is found pinned (a range, a rate, a gate, offline cores), and unlock GPU clocks, "
                   "which may have been locked");
}

void add_set(CLI::App& app, MachineOptions& machine, SetOptions& options) {
  CLI::App* set = add_command(app, "set", "set knobs; with a command after --, for as long as it runs", machine);
  add_accept_pinned(*set, machine);
  set->add_option("KNOB=VALUE", options.settings, "what to set")->required()->check([](const std::string& setting) {
    return why_no_setting(setting);
  });
  set->footer(
      "A call that fails undoes what it set itself; what earlier ones set stays, until 'restore'.\n"
      "-- COMMAND runs as a shell's job: it has the terminal, signals to this tool reach it, and when this tool is "
      "killed\n"
      "it is, too. The exit code is 0 when the command's was, else 1, and a message says which it was. What this tool "
      "says\n"
      "then goes to the standard error: the standard output is the command's.\n" +
      std::string(kExitCodes));
  set->callback([&] { set_knobs(machine, options); });
}

void add_restore(CLI::App& app, MachineOptions& machine, std::vector<std::string>& forget) {
  CLI::App* restore = add_command(app, "restore", "undo what was set and not undone", machine);
  restore
      ->add_option("--forget", forget,
                   "setting, as 'not restored: SETTING: ...' names it, that may stay as it is: its device is gone; "
                   "'line 2' is that line of a damaged journal")
      ->type_name("SETTING");
  restore->callback([&] { restore_knobs(machine, forget); });
}

void add_watch(CLI::App& app, MachineOptions& machine, WatchOptions& options) {
  CLI::App* watch = add_command(app, "watch", "show what the hardware runs at, power and temperature", machine);
  watch->add_option("--interval", options.interval_s, "seconds between lines")->check(above(0))->capture_default_str();
  watch->add_option("--count", options.count, "lines; 0: until stopped")->check(at_least(0))->capture_default_str();
  watch->callback([&] { watch_knobs(machine, options); });
}

void add_measure(CLI::App& app, MachineOptions& machine, MeasureOptions& options) {
  CLI::App* measure = add_command(app, "measure", "measure a program under many configurations", machine);
  add_accept_pinned(*measure, machine);
  auto* knobs = measure->add_option("--knobs", options.knobs, "knobs to vary, with all their levels")
                    ->delimiter(',')
                    ->type_name("NAME,...");
  auto* space =
      measure->add_option("--space", options.space, "config space, JSON; may hold options of the program alone")
          ->type_name("FILE")
          ->excludes(knobs);
  measure
      ->add_option("--command", options.command,
                   "gets option=value arguments at its end; its last line of output holds name=number pairs")
      ->required()
      ->type_name("CMD");
  measure->add_option("--objective", options.objectives, "numbers that the program must answer")
      ->delimiter(',')
      ->capture_default_str();
  measure->add_option("--output", options.output, "campaign file; the same command goes on where it was stopped")
      ->type_name("FILE")
      ->capture_default_str();
  measure->add_option("--csv", options.csv, "also write the rows as CSV")->type_name("FILE");
  measure->add_option("--count", options.count, "configurations, drawn at random; 0: all")
      ->check(at_least(0))
      ->capture_default_str();
  measure->add_option("--seed", options.seed, "of draws and order")->check(at_least(0))->capture_default_str();
  measure->add_option("--warmup", options.warmup_runs, "untimed runs first")->check(at_least(0))->capture_default_str();
  measure->add_option("--repeats", options.repeats, "runs; medians are kept")
      ->check(at_least(1))
      ->capture_default_str();
  measure->add_option("--timeout", options.timeout_s, "seconds until the program is killed")
      ->check(above(0))
      ->capture_default_str();
  measure
      ->add_option("--cool-to", options.cool_to_celsius,
                   "before each configuration wait until the board is no hotter; 0: do not")
      ->check(at_least(0))
      ->capture_default_str();
  measure->add_option("--max-cool", options.max_cool_s, "seconds that --cool-to waits at most, then it goes on")
      ->check(above(0))
      ->capture_default_str();
  measure->add_option("--idle", options.idle_seconds, "measure idle power that many seconds before each configuration")
      ->check(at_least(0))
      ->capture_default_str();
  measure->add_flag("--retry-failed", options.retry_failed, "measure again what failed in --output");
  measure->add_flag("--dry-run", options.dry_run, "set and run nothing: say what would be done");
  measure->callback([&, knobs, space] {
    if (knobs->empty() && space->empty()) throw CLI::RequiredError("--knobs or --space");
    measure_configurations(machine, options);
  });
}

void add_simulate(CLI::App& app, MachineOptions& machine, SimulateOptions& options) {
  CLI::App* simulate = app.add_subcommand(
      "simulate",
      "run a workload on a simulated board, whose files are in a folder: its knobs are set with --root FOLDER");
  simulate->add_flag("--json", machine.json, "one JSON object");
  simulate->add_option("FOLDER", options.folder, "made when it is not there")->required();
  simulate->add_option("--workload", options.workload, "resnet50 or vgg16")->capture_default_str();
  simulate->add_option("--seed", options.seed, "of the noise")->check(at_least(0))->capture_default_str();
  simulate->add_option("SETTING=VALUE", options.settings,
                       "memory_growth, memory_fraction, batch_size; knobs are ignored");
  simulate->callback([&] { simulate_board(machine, options); });
}

/// What follows "--" on the command line.
struct Command {
  bool is_given = false;
  std::vector<std::string> words;
};

/// Takes it off: a command to run, with options of its own.
Command take_command(int& argc, char** argv) {
  char** const end = argv + argc;
  char** const dashes = std::find(argv, end, std::string("--"));
  if (dashes == end) return {};
  argc = static_cast<int>(dashes - argv);
  return {true, {dashes + 1, end}};
}

/// @throws CLI::ValidationError: the first word is no subcommand.
void require_known(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::string all;
  for (const CLI::App* known : app.get_subcommands({})) {
    if (known->get_name() == argv[1]) return;
    all += (all.empty() ? "" : ", ") + known->get_name();
  }
  throw CLI::ValidationError(std::string("'") + argv[1] + "' is no subcommand, allowed are " + all);
}

/// @throws CLI::ValidationError: no command behind the dashes, or dashes where no command belongs.
void require_command_of_set(const Command& command, int argc, char** argv) {
  if (!command.is_given) return;
  if (argc < 2 || std::string(argv[1]) != "set") throw CLI::ValidationError("--", "only 'set' runs a command");
  if (command.words.empty()) throw CLI::ValidationError("--", "is followed by no command");
}

}  // namespace

int main(int argc, char** argv) {
  MachineOptions machine;
  std::vector<std::string> names, forget;
  SetOptions set;
  const Command command = take_command(argc, argv);
  set.command = command.words;
  WatchOptions watch;
  MeasureOptions measure;
  SimulateOptions simulate;
  CLI::App app{"Lists, reads, sets and restores the knobs of this machine, reads its power, measures configurations",
               "perfmodel-knobs"};
  app.require_subcommand(1);
  app.footer(kExitCodes);
  app.preparse_callback([&](std::size_t) {
    require_known(app, argc, argv);
    require_command_of_set(command, argc, argv);
  });
  CLI::App* boards = app.add_subcommand("boards", "say which boards are known and which one this is");
  add_root(*boards, machine);
  boards->callback([&] { list_boards(machine); });
  add_command(app, "list", "list all knobs and power meters", machine)->callback([&] { list_knobs(machine); });
  CLI::App* get = add_command(app, "get", "read knobs", machine);
  get->add_option("KNOB", names, "what to read")->required();
  get->callback([&] { get_knobs(machine, names); });
  add_set(app, machine, set);
  add_watch(app, machine, watch);
  add_restore(app, machine, forget);
  add_measure(app, machine, measure);
  add_simulate(app, machine, simulate);
  return end_of_tool(run_tool(app, argc, argv));
}
