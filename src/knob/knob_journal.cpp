#include "knob/knob_journal.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

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

void require_trusted(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;  // gone
  const bool is_trusted = status.st_uid == 0 || status.st_uid == ::geteuid();
  if (is_trusted && (status.st_mode & S_IWOTH) == 0) return;
  throw Error(ErrorCode::kPermission,
              fmt::format("'{}' is not followed: it belongs to user {}{}; allowed are root and user {}, alone", path,
                          status.st_uid, is_trusted ? ", but everybody may write to it" : "", ::geteuid()));
}

std::optional<std::string> text_at(FileSystem& files, const std::string& path) {
  try {
    return files.read_all(path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return std::nullopt;
    throw;
  }
}

/// The right to write knobs. The folder of the journal is made where it is not there.
std::unique_ptr<WriterLock> lock_knobs(const std::string& journal_path) {
  make_folder_synced(journal_path.substr(0, journal_path.rfind('/') + 1));
  return std::make_unique<WriterLock>(journal_path, "knobs have one writer at a time");
}

}  // namespace

KnobJournal::KnobJournal(const KnobMachine& machine)
    : files_(machine.journal_files), path_(machine.journal_path), lock_(lock_knobs(path_)) {}

std::optional<Journal> KnobJournal::read() const {
  const std::optional<std::string> text = text_at(*files_, path_);
  if (!text) return std::nullopt;
  require_trusted(path_);
  return read_journal(*text);
}

void KnobJournal::begin(JournalHeader header) {
  journal_ = Journal();
  journal_.header = std::move(header);
  has_header_ = false;
}

void KnobJournal::go_on(Journal journal) {
  journal_ = std::move(journal);
  has_header_ = true;
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

bool has_journal(const KnobMachine& machine) {
  return text_at(*machine.journal_files, machine.journal_path).has_value();
}

}  // namespace perfmodel
