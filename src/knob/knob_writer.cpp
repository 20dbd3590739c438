#include "knob/knob_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "knob/journal_owner.h"
#include "knob/knob_errors.h"
#include "knob/setting_text.h"
#include "knob/settling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

/// Whether what the files say is the level that was set, and no other is nearer.
bool is_level(const Option& option, double value, const KnobState& state, double tolerance_fraction) {
  for (const double read : {state.low, state.high}) {
    if (!(std::abs(read - value) <= tolerance_fraction * std::abs(value))) return false;
    if (option.nearest_level(read) != option.level_of(value)) return false;
  }
  return true;
}

/// Of the settings in a journal, one that still holds what was set; empty: none does.
std::string still_set(Settings& settings, const Journal& journal) {
  for (const JournalEntry& entry : journal.entries) {
    try {
      const std::optional<std::string> held = settings.read(entry.setting);
      if (held && selected_word(*held) != entry.prior && same_setting(*held, entry.set)) return entry.setting;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNotFound && error.code() != ErrorCode::kUnsupported) throw;
    }
  }
  return "";
}

}  // namespace

double farthest_from(double value, const KnobState& state) {
  return std::abs(state.low - value) > std::abs(state.high - value) ? state.low : state.high;
}

KnobWriter::KnobWriter(Settings& settings, std::string board, const KnobDriverOptions& options)
    : settings_(settings),
      board_(std::move(board)),
      unfinished_(options.unfinished_journal),
      accept_pinned_(options.accept_pinned),
      max_settle_s_(options.max_settle_s),
      restore_first_("restore first: restore_from_journal() or " + restore_command(options)) {}

void KnobWriter::begin() {
  if (journal_) return;
  auto journal = std::make_unique<KnobJournal>(settings_.machine());
  const std::string boot = boot_id(settings_.files());
  journal->begin({boot, board_, static_cast<int>(::getpid()), journal_owner()});
  std::swap(journal_, journal);
  try {
    if (const std::optional<Journal> left = journal_->read()) take_over(*left, boot);
  } catch (...) {
    journal_.reset();
    throw;
  }
}

void KnobWriter::take_over(const Journal& left, const std::string& boot) {
  require_acceptable(left, boot);
  // Nothing was done before it ended, or the kernel has begun afresh since.
  if (left.entries.empty() || left.header->boot != boot) return journal_->remove();
  journal_->go_on(left);
}

void KnobWriter::require_can_begin() const {
  if (journal_) return;
  const KnobMachine& machine = settings_.machine();
  const std::optional<Journal> left = left_journal(*machine.journal_files, machine.journal_path);
  if (left) require_acceptable(*left, boot_id(settings_.files()));
}

void KnobWriter::require_acceptable(const Journal& left, const std::string& boot) const {
  const std::string& path = settings_.machine().journal_path;
  if (!left.damaged.empty()) {
    throw Error(ErrorCode::kCorrupt,
                fmt::format("'{}' is damaged in line {}; {}", path, left.damaged.front(), restore_first_));
  }
  if (left.entries.empty()) return;
  if (left.header->boot != boot) {
    const std::string setting = still_set(settings_, left);
    if (setting.empty()) return;
    throw Error(ErrorCode::kBusy, fmt::format("'{}' is of an earlier start of the machine, and '{}' still holds what "
                                              "was set then; {}",
                                              path, setting, restore_first_));
  }
  if (unfinished_ == UnfinishedJournal::kContinue) return;
  throw Error(ErrorCode::kBusy, fmt::format("'{}' holds what process {} set on board '{}' and did not undo; {}", path,
                                            left.header->process, left.header->board, restore_first_));
}

/// Whether a journal says what was before: that of this writer, or one that was left.
bool KnobWriter::is_own(const Pin& pin) const {
  const std::vector<JournalEntry> entries = journal_ ? journal_->entries() : entries_left(settings_.machine());
  return std::any_of(entries.begin(), entries.end(), [&](const JournalEntry& entry) {
    return std::find(pin.settings.begin(), pin.settings.end(), entry.setting) != pin.settings.end();
  });
}

std::string KnobWriter::pinned(const Knob& knob, const Option& option, const std::vector<PlannedWrite>* plan) const {
  if (accept_pinned_ || option.num_levels() == 1) return "";
  const auto is_planned = [&](const std::string& setting) {
    return std::any_of(plan->begin(), plan->end(), [&](const auto& write) { return write.setting == setting; });
  };
  for (const Pin& pin : knob.pins()) {
    const bool is_touched = plan == nullptr || std::any_of(pin.settings.begin(), pin.settings.end(), is_planned);
    if (!is_touched || is_own(pin)) continue;
    return fmt::format(
        "{}, which some tool may have left behind; accept_pinned (--accept-pinned) takes {} for the state to return to",
        pin.found, pin.returned_to);
  }
  return "";
}

void KnobWriter::require_not_pinned(const Knob& knob, const Option& option,
                                    const std::vector<PlannedWrite>& plan) const {
  const auto is_known = [&](const PlannedWrite& write) { return journal_->has(write.setting); };
  if (std::all_of(plan.begin(), plan.end(), is_known)) return;
  for_knob(knob.table().name, [&] {
    const std::string pin = pinned(knob, option, &plan);
    if (!pin.empty()) throw Error(ErrorCode::kMismatch, pin);
  });
}

KnobReading KnobWriter::set(const Knob& knob, const Option& option, double value) {
  const std::string& name = knob.table().name;
  KnobReading reading;
  reading.name = name;
  reading.requested = value;
  const std::vector<PlannedWrite> plan = for_knob(name, [&] { return knob.plan(value); });
  if (!plan.empty()) {
    require_not_pinned(knob, option, plan);
    journal_->record(plan);
  }
  for_knob(name, [&] {
    for (const PlannedWrite& write : plan) {
      settings_.write(write.setting, write.text);
      ++reading.num_writes;
    }
  });
  read_back(knob, option, reading);
  reading.effective = knob.effective();
  return reading;
}

void KnobWriter::read_back(const Knob& knob, const Option& option, KnobReading& reading) const {
  reading.read_back = std::numeric_limits<double>::quiet_NaN();
  if (!knob.can_be_read()) return;
  const double value = reading.requested;
  std::optional<Error> unread;
  const bool is_settled = wait_until_settled(settings_.clock(), max_settle_s_, [&] {
    try {
      const KnobState state = knob.state();
      unread.reset();
      reading.read_back = farthest_from(value, state);
      return is_level(option, value, state, knob.table().tolerance_fraction);
    } catch (const Error& error) {  // perhaps it is late, too
      unread = error;
      return false;
    }
  });
  if (is_settled) return;
  if (unread) throw_for_knob(knob.table().name, *unread);
  throw Error(ErrorCode::kMismatch, fmt::format("knob '{}': {} was set, but it reads back as {} after {} s",
                                                knob.table().name, value, reading.read_back, max_settle_s_));
}

RestoreReport KnobWriter::restore() noexcept {
  return undo(UndoScope::kAll);
}

RestoreReport KnobWriter::roll_back() noexcept {
  return undo(UndoScope::kOwn);
}

RestoreReport KnobWriter::undo(UndoScope scope) noexcept {
  RestoreReport report;
  if (!journal_) return report;
  try {
    const bool is_all = scope == UndoScope::kAll;
    report =
        Restorer(settings_, is_all ? journal_->entries() : journal_->own(), RestoreScope::kAll, max_settle_s_).run();
    if (!report.complete()) return report;
    if (is_all) {
      journal_->remove();
    } else {
      journal_->end_own();
    }
    journal_.reset();
  } catch (const std::exception& error) {
    report.failures.push_back({journal_->path(), error.what()});
  }
  return report;
}

bool KnobWriter::changed() const noexcept {
  return journal_ && !journal_->entries().empty();
}

}  // namespace perfmodel
