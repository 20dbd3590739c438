#include <optional>

#include "knob/knob_journal.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

constexpr char kPlainCharacters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "%+,-./:=@_";

std::string quoted_for_shell(const std::string& text) {
  if (!text.empty() && text.find_first_not_of(kPlainCharacters) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char character : text) quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return quoted + "'";
}

}  // namespace

std::string restore_command(const KnobDriverOptions& options) {
  std::string command = "perfmodel-knobs restore";
  if (options.root != KnobDriverOptions().root) command += " --root " + quoted_for_shell(options.root);
  if (!options.journal_path.empty()) command += " --journal " + quoted_for_shell(options.journal_path);
  return command;
}

JournalStatus journal_status(const KnobDriverOptions& options) {
  const KnobMachine machine = knob_machine(options);
  JournalStatus status;
  status.path = machine.journal_path;
  const std::optional<Journal> journal = left_journal(*machine.journal_files, machine.journal_path);
  if (!journal) return status;
  status.exists = true;
  if (journal->header) {
    status.board = journal->header->board;
    status.process = journal->header->process;
  }
  for (const JournalEntry& entry : journal->entries) status.settings.push_back(entry.setting);
  return status;
}

}  // namespace perfmodel
