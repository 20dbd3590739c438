#include "knob/knob_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"
#include "sysfs/synced_folder.h"

namespace perfmodel {
namespace {

JournalEntry* find_entry(std::vector<JournalEntry>& entries, const std::string& setting) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const JournalEntry& entry) { return entry.setting == setting; });
  return found == entries.end() ? nullptr : &*found;
}

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
  const std::optional<std::string> text = text_at(*files_, path_);
  if (!text) return std::nullopt;
  Journal journal = read_journal(*text);
  if (is_journal(*text, journal)) return journal;
  throw Error(ErrorCode::kCorrupt, fmt::format("'{}' is no journal of knobs, and stays as it is", path_));
}

void KnobJournal::begin(JournalHeader header) {
  journal_ = Journal();
  journal_.header = std::move(header);
  has_header_ = false;
}

void KnobJournal::go_on(Journal journal) {
  std::swap(journal.header, journal_.header);  // of the new owner
  journal_ = std::move(journal);
  has_header_ = false;
}

bool KnobJournal::has(const std::string& setting) const {
  return std::any_of(journal_.entries.begin(), journal_.entries.end(),
                     [&](const JournalEntry& entry) { return entry.setting == setting; });
}

void KnobJournal::record(const std::vector<PlannedWrite>& writes) {
  std::vector<JournalEntry> entries = journal_.entries;
  std::string text = journal_.is_torn ? void_torn_line() : "";
  if (!has_header_) text += journal_line(*journal_.header);
  for (const PlannedWrite& write : writes) {
    if (JournalEntry* entry = find_entry(entries, write.setting)) {
      entry->set = write.text;
      text += journal_line(write.setting, write.text);
    } else {
      entries.push_back({write.setting, write.prior, write.text, write.role, write.partner});
      text += journal_line(entries.back());
    }
  }
  journal_.is_torn = true;  // until the whole text is there
  files_->append_synced(path_, text);
  journal_.is_torn = false;
  has_header_ = true;
  journal_.entries = std::move(entries);
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

bool has_journal(const KnobMachine& machine) {
  return text_at(*machine.journal_files, machine.journal_path).has_value();
}

}  // namespace perfmodel
