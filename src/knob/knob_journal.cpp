#include "knob/knob_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"
#include "sysfs/synced_folder.h"

namespace perfmodel {
namespace {

std::optional<std::string> text_at(FileSystem& files, const std::string& path) {
  try {
    return files.read_all(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return std::nullopt;
    throw;
  }
}

/// The right to write knobs, or their journal. The folder is made where it is not there.
std::unique_ptr<WriterLock> lock_knobs(const std::string& path) {
  make_folder_synced(path.substr(0, path.rfind('/') + 1));
  return std::make_unique<WriterLock>(path, "knobs have one writer at a time");
}

std::unique_ptr<WriterLock> lock_machine(const KnobMachine& machine) {
  try {
    return lock_knobs(machine.lock_path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kPermission || machine.user_lock_path.empty()) throw;
    return lock_knobs(machine.user_lock_path);
  }
}

}  // namespace

KnobJournal::KnobJournal(const KnobMachine& machine)
    : files_(machine.journal_files),
      path_(machine.journal_path),
      lock_(lock_knobs(path_)),
      machine_lock_(lock_machine(machine)) {}

std::optional<Journal> KnobJournal::read() const {
  return left_journal(*files_, path_);
}

void KnobJournal::begin(JournalHeader header) {
  journal_ = Journal();
  journal_.header = std::move(header);
  has_header_ = false;
}

void KnobJournal::go_on(Journal journal) {
  const bool is_of_this_process = journal.header && journal.header->owner == journal_.header->owner;
  process_own_ = is_of_this_process ? journal.own : std::vector<JournalEntry>();
  std::swap(journal.header, journal_.header);  // of the new owner
  journal_ = std::move(journal);
  journal_.own.clear();
  journal_.num_earlier = journal_.entries.size();
  has_header_ = false;
}

void KnobJournal::take_up(Journal journal) {
  journal_ = std::move(journal);
  has_header_ = true;
}

bool KnobJournal::has(const std::string& setting) const {
  return std::any_of(journal_.entries.begin(), journal_.entries.end(),
                     [&](const JournalEntry& entry) { return entry.setting == setting; });
}

void KnobJournal::append(const std::string& text) {
  const std::string whole = journal_.is_torn ? void_torn_line() + text : text;
  journal_.is_torn = true;  // until the whole text is there
  files_->append_synced(path_, whole);
  journal_.is_torn = false;
}

void KnobJournal::record(const std::vector<PlannedWrite>& writes) {
  Journal next = journal_;
  std::string text = has_header_ ? "" : journal_line(*journal_.header);
  for (const PlannedWrite& write : writes) {
    JournalEntry* const known = find_entry(next.entries, write.setting);
    if (JournalEntry* const own = find_entry(next.own, write.setting)) {
      own->set = write.text;
      text += journal_line(write.setting, write.text);
    } else {
      // What clocks are locked to, nobody but the journal knows.
      const bool is_told_here = known != nullptr && write.prior == kUnlocked;
      next.own.push_back(
          {write.setting, is_told_here ? known->set : write.prior, write.text, write.role, write.partner});
      text += journal_line(next.own.back());
      if (known == nullptr) next.entries.push_back(next.own.back());
    }
    if (known != nullptr) known->set = write.text;
  }
  append(text);
  has_header_ = true;
  next.is_torn = false;
  journal_ = std::move(next);
}

void KnobJournal::forget(const std::vector<std::string>& settings) {
  Journal next = journal_;
  std::string text;
  for (const std::string& setting : settings) {
    forget_entry(next, setting);
    text += forgotten_line(setting);
  }
  if (next.entries.empty()) return remove();
  append(text);
  next.is_torn = false;
  journal_ = std::move(next);
}

void KnobJournal::end_own() {
  Journal next = journal_;
  std::string text;
  for (const JournalEntry& own : journal_.own) {
    JournalEntry* const known = find_entry(next.entries, own.setting);
    const bool is_earlier = known < next.entries.data() + next.num_earlier;
    if (is_earlier) {
      known->set = own.prior;
      const bool stays_own = find_entry(process_own_, own.setting) != nullptr;
      text += stays_own ? journal_line(own.setting, own.prior) : rolled_back_line(own.setting, own.prior);
    } else {
      forget_entry(next, own.setting);
      text += forgotten_line(own.setting);
    }
  }
  if (next.entries.empty()) return remove();
  if (!text.empty()) append(text);
  next.is_torn = false;
  next.own.clear();
  journal_ = std::move(next);
}

void KnobJournal::remove() {
  files_->remove_synced(path_);
}

std::vector<JournalEntry> entries_left(const KnobMachine& machine) noexcept {
  try {
    const std::optional<std::string> text = text_at(*machine.journal_files, machine.journal_path);
    return text ? read_journal(*text).entries : std::vector<JournalEntry>();
  } catch (const std::exception&) {
    return {};
  }
}

std::optional<Journal> left_journal(FileSystem& files, const std::string& path) {
  const std::optional<std::string> text = text_at(files, path);
  if (!text) return std::nullopt;
  Journal journal = read_journal(*text);
  if (is_journal(*text, journal)) return journal;
  throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is no journal of knobs, and stays as it is", path));
}

}  // namespace perfmodel
