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

[[noreturn]] void throw_damaged(const std::string& path, std::size_t line, std::size_t num_entries,
                                const RestoreReport& report) {
  std::string message = fmt::format("'{}' is damaged in line {}; {} of the {} entries that are whole are as they were",
                                    path, line, num_entries - report.failures.size(), num_entries);
  for (const RestoreReport::Failure& failure : report.failures) {
    message += fmt::format("; '{}': {}", failure.what, failure.reason);
  }
  throw Error(ErrorCode::kCorrupt, message);
}

/// Takes up the journal that was left behind.  @return whether there is one.
bool take_up(KnobJournal& journal, Journal& text) {
  std::optional<Journal> found = journal.read();
  if (!found) return false;
  text = *found;
  journal.take_up(std::move(*found));
  return true;
}

void require_entries(const std::string& path, std::vector<JournalEntry> entries,
                     const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    if (find_entry(entries, setting) != nullptr) continue;
    std::vector<std::string> names;
    for (const JournalEntry& entry : entries) names.push_back(fmt::format("'{}'", entry.setting));
    throw Error(ErrorCode::kNotFound,
                fmt::format("'{}' has no setting '{}' to forget, {}", path, setting,
                            names.empty() ? "it has none" : fmt::format("but {}", fmt::join(names, ", "))));
  }
}

/// Moves failures that nobody minds to what is forgotten.
void forget_failures(RestoreReport& report, const std::vector<std::string>& forget) {
  const auto is_kept = [&](const RestoreReport::Failure& failure) {
    return std::find(forget.begin(), forget.end(), failure.what) == forget.end();
  };
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
  if (!text.damaged.empty()) throw_damaged(journal.path(), text.damaged.front(), text.entries.size(), report);
  forget_failures(report, forget);
  if (report.complete()) {
    journal.remove();
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
    require_entries(machine.journal_path, {}, forget);
    return {};
  }
  KnobJournal journal(machine);
  Journal text;
  const bool is_there = take_up(journal, text);
  require_entries(journal.path(), text.entries, forget);
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
  if (!text.damaged.empty()) throw_damaged(journal.path(), text.damaged.front(), text.own.size(), report);
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
