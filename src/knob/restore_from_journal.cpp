#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "knob/knob_journal.h"
#include "knob/restorer.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

std::vector<std::string> line_names(const Journal& journal) {
  std::vector<std::string> names;
  for (const std::size_t line : journal.damaged) names.push_back(line_name(line));
  return names;
}

/// @param entries  those that were to be restored
[[noreturn]] void throw_damaged(const std::string& path, const Journal& journal,
                                const std::vector<JournalEntry>& entries, const RestoreReport& report) {
  const std::vector<std::string> lines = line_names(journal);
  std::string message = fmt::format("'{}' is damaged in {}; {} of the {} entries that are whole are as they were", path,
                                    fmt::join(lines, ", "), entries.size() - report.failures.size(), entries.size());
  for (const RestoreReport::Failure& failure : report.failures) {
    message += fmt::format("; '{}': {}", failure.what, failure.reason);
  }
  message += fmt::format("; set back by hand what these lines name, then forget them: restore --forget '{}'",
                         fmt::join(lines, "' --forget '"));
  throw Error(ErrorCode::kCorrupt, message);
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Takes up the journal that was left behind.  @return whether there is one.
bool take_up(KnobJournal& journal, Journal& text) {
  std::optional<Journal> found = journal.read();
  if (!found) return false;
  text = *found;
  journal.take_up(std::move(*found));
  return true;
}

void require_entries(const std::string& path, const Journal& journal, const std::vector<std::string>& settings) {
  std::vector<std::string> known = line_names(journal);
  for (const JournalEntry& entry : journal.entries) known.push_back(entry.setting);
  for (const std::string& setting : settings) {
    if (is_among(known, setting)) continue;
    std::vector<std::string> names;
    for (const std::string& name : known) names.push_back(fmt::format("'{}'", name));
    throw Error(ErrorCode::kNotFound,
                fmt::format("'{}' has no setting '{}' to forget, {}", path, setting,
                            names.empty() ? "it has none" : fmt::format("but {}", fmt::join(names, ", "))));
  }
}

/// Moves failures that nobody minds to what is forgotten.
void forget_failures(RestoreReport& report, const std::vector<std::string>& forget) {
  const auto is_kept = [&](const RestoreReport::Failure& failure) { return !is_among(forget, failure.what); };
  const auto first = std::stable_partition(report.failures.begin(), report.failures.end(), is_kept);
  report.forgotten.assign(first, report.failures.end());
  report.failures.erase(first, report.failures.end());
}

bool is_of_this_start(const Journal& journal, const KnobMachine& machine) {
  return journal.header && journal.header->boot == boot_id(*machine.files);
}

/// Restores what a journal tells of that is taken up.
RestoreReport restore_all(KnobJournal& journal, const Journal& text, const KnobMachine& machine, double max_settle_s,
                          const std::vector<std::string>& forget) {
  const RestoreScope scope = is_of_this_start(text, machine) ? RestoreScope::kAll : RestoreScope::kStillSet;
  Settings settings(machine);
  RestoreReport report = Restorer(settings, text.entries, scope, max_settle_s).run();
  const std::vector<std::string> lines = line_names(text);
  const auto is_forgotten = [&](const std::string& line) { return is_among(forget, line); };
  if (!std::all_of(lines.begin(), lines.end(), is_forgotten)) {
    throw_damaged(journal.path(), text, text.entries, report);
  }
  forget_failures(report, forget);
  if (report.complete()) {
    journal.remove();
    for (const std::string& line : lines) report.forgotten.push_back({line, "is damaged"});
  } else if (!report.forgotten.empty()) {
    std::vector<std::string> names;
    for (const RestoreReport::Failure& forgotten : report.forgotten) names.push_back(forgotten.what);
    journal.forget(names);
  }
  return report;
}

/// One without a writer and without entries is nobody's: nothing was done when it was torn.
bool is_of_another(const Journal& journal, const std::string& owner) {
  return journal.header ? journal.header->owner != owner : !journal.entries.empty();
}

}  // namespace

RestoreReport restore_journal(const KnobMachine& machine, double max_settle_s, const std::vector<std::string>& forget) {
  if (!left_journal(*machine.journal_files, machine.journal_path)) {
    require_entries(machine.journal_path, Journal(), forget);
    return {};
  }
  KnobJournal journal(machine);
  Journal text;
  const bool is_there = take_up(journal, text);
  require_entries(journal.path(), text, forget);
  if (!is_there) return {};
  return restore_all(journal, text, machine, max_settle_s, forget);
}

std::optional<RestoreReport> restore_journal_after_restart(const KnobMachine& machine, double max_settle_s) {
  const auto is_wanted = [&](const Journal& journal) {
    return journal.header && !journal.entries.empty() && !is_of_this_start(journal, machine);
  };
  const std::optional<Journal> left = left_journal(*machine.journal_files, machine.journal_path);
  if (!left || !is_wanted(*left)) return std::nullopt;
  KnobJournal journal(machine);
  Journal text;
  if (!take_up(journal, text) || !is_wanted(text)) return std::nullopt;  // another was faster
  return restore_all(journal, text, machine, max_settle_s, {});
}

RestoreReport roll_back_journal(const KnobMachine& machine, double max_settle_s, const std::string& owner) {
  const std::optional<Journal> left = left_journal(*machine.journal_files, machine.journal_path);
  if (!left || is_of_another(*left, owner)) return {};  // also when another is at it
  KnobJournal journal(machine);
  Journal text;
  if (!take_up(journal, text) || is_of_another(text, owner)) return {};
  Settings settings(machine);
  RestoreReport report = Restorer(settings, text.own, RestoreScope::kAll, max_settle_s).run();
  if (!text.damaged.empty()) throw_damaged(journal.path(), text, text.own, report);
  if (report.complete()) journal.end_own();
  return report;
}

RestoreReport restore_from_journal(const KnobDriverOptions& options, const std::vector<std::string>& forget) {
  return restore_journal(knob_machine(options), options.max_settle_s, forget);
}

std::optional<RestoreReport> restore_after_restart(const KnobDriverOptions& options) {
  return restore_journal_after_restart(knob_machine(options), options.max_settle_s);
}

}  // namespace perfmodel
