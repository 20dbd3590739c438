#include <fmt/format.h>

#include <optional>

#include "knob/knob_journal.h"
#include "knob/restorer.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

[[noreturn]] void throw_damaged(const KnobJournal& journal, const Journal& text, const RestoreReport& report) {
  std::string message =
      fmt::format("'{}' is damaged in line {}; {} of the {} entries that are whole are as they were", journal.path(),
                  text.damaged.front(), text.entries.size() - report.failures.size(), text.entries.size());
  for (const RestoreReport::Failure& failure : report.failures) {
    message += fmt::format("; '{}': {}", failure.what, failure.reason);
  }
  throw Error(ErrorCode::kCorrupt, message);
}

}  // namespace

RestoreReport restore_journal(const KnobMachine& machine, double max_settle_s) {
  if (!has_journal(machine)) return {};  // for which no lock is needed
  KnobJournal journal(machine);
  const std::optional<Journal> found = journal.read();
  if (!found) return {};
  const Journal& text = *found;
  const bool is_of_this_boot = text.header && text.header->boot == boot_id(*machine.files);
  Settings settings(machine);
  RestoreReport report =
      Restorer(settings, text.entries, is_of_this_boot ? RestoreScope::kAll : RestoreScope::kStillSet, max_settle_s)
          .run();
  if (!text.damaged.empty()) throw_damaged(journal, text, report);
  if (report.complete()) journal.remove();
  return report;
}

RestoreReport restore_from_journal(const KnobDriverOptions& options) {
  return restore_journal(knob_machine(options), options.max_settle_s);
}

}  // namespace perfmodel
