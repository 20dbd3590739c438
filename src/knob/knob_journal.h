#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/writer_lock.h"
#include "knob/journal_text.h"
#include "knob/knob_machine.h"

namespace perfmodel {

/// The journal of a writer: holds the right to write the machine's knobs, whatever journal others name, and every prior
/// value, on the disk before it is lost.
class KnobJournal {
 public:
  /// @throws Error kBusy (another holds the lock), kPermission, kNoSpace, kIo.
  explicit KnobJournal(const KnobMachine& machine);

  /// As left_journal(), but nobody changes it meanwhile.
  std::optional<Journal> read() const;

  /// Begins a journal; its file comes with the first record().
  void begin(JournalHeader header);
  /// Goes on with one that is there; the next record() says that it is now that of begin()'s header.
  void go_on(Journal journal);
  /// Takes up one that is there as it is, to undo what it tells of.
  void take_up(Journal journal);

  const std::vector<JournalEntry>& entries() const noexcept { return journal_.entries; }
  /// Those since begin() or go_on(), or of the owner of what was taken up, with what they found as prior texts.
  const std::vector<JournalEntry>& own() const noexcept { return journal_.own; }
  bool has(const std::string& setting) const;
  /// On return the writes are in the journal, on the disk. After an error none may be done.
  void record(const std::vector<PlannedWrite>& writes);
  /// Drops the entries of settings. With the last one the journal ends.
  void forget(const std::vector<std::string>& settings);
  /// What own() tells of holds again what was found, and is own no more, to whoever reads the file: a guard that comes
  /// later leaves it. When nothing was there before, the journal ends.
  void end_own();
  /// Ends the journal: its file is gone.
  void remove();

  const std::string& path() const noexcept { return path_; }

 private:
  void append(const std::string& text);

  std::shared_ptr<FileSystem> files_;
  std::string path_;
  std::unique_ptr<WriterLock> lock_, machine_lock_;
  Journal journal_;
  std::vector<JournalEntry> process_own_;  ///< what this process wrote before go_on(), and did not undo
  bool has_header_ = false;                ///< the file has journal_'s
};

/// The journal that is there, if there is one; for which no lock is needed. A journal decides what is written with the
/// rights of this process, so that it must be its user's or root's.
/// @throws Error kPermission (also: another user's, or others may write to it), kVersion, kIo, kCorrupt (no journal of
///         knobs; more than 4 GiB).
std::optional<Journal> left_journal(FileSystem& files, const std::string& path);

/// What is in it, for anybody; nothing where there is none that can be read.
std::vector<JournalEntry> entries_left(const KnobMachine& machine) noexcept;

}  // namespace perfmodel
