#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knob/knob.h"

namespace perfmodel {

/// The journal as text (docs/knobs.md): one line for its writer, then one for each write before it happens. A line is
/// the CRC-32C of what follows in hexadecimal, a blank, and a JSON object.

constexpr int kJournalVersion = 1;

/// Whose journal it is: of who began it, or went on with it. And during which start of the machine.
struct JournalHeader {
  std::string boot, board;
  int process = 0;
  std::string owner{};  ///< journal_owner() of that process; "": an older build's, which says it by `process` alone
};

/// A setting that was written, maybe often.
struct JournalEntry {
  std::string setting;
  std::string prior;  ///< before the first write
  std::string set;    ///< written last
  SettingRole role = SettingRole::kPlain;
  std::string partner;  ///< of a range's end: the other
};

struct Journal {
  std::optional<JournalHeader> header;
  std::vector<JournalEntry> entries;  ///< in the order of their first writes
  /// What the header's owner wrote, in the order of its first writes, with what it found as prior texts.
  std::vector<JournalEntry> own;
  std::size_t num_earlier = 0;       ///< of `entries`: the first ones are of owners before
  std::vector<std::size_t> damaged;  ///< numbers of lines, from 1
  bool is_torn = false;              ///< it ends in the middle of a line; nothing was done after that was written
};

std::string journal_line(const JournalHeader& header);
/// The line of an owner's first write of a setting; later ones need no more than journal_line(setting, text).
std::string journal_line(const JournalEntry& entry);
std::string journal_line(const std::string& setting, const std::string& text);
/// The header's owner has put back what it found in a setting, which is none of its own any more.
std::string rolled_back_line(const std::string& setting, const std::string& prior);
/// A setting is dropped: it is as it was before its first write, or will never be.
std::string forgotten_line(const std::string& setting);
/// Ends a line that could not be written whole: it is no damage, for nothing was done after it.
std::string void_torn_line();

/// Whether a text is a journal, whole, damaged or torn: nothing else may be removed or added to. Empty is one, and so
/// is the beginning of a first line.
/// @param journal  read_journal(text)
bool is_journal(std::string_view text, const Journal& journal);

/// Never refuses damage, but says where it is.
/// @throws Error kVersion: a version that this build does not know.
Journal read_journal(std::string_view text);

/// A damaged line as people name it to restore_from_journal(): "line 2".
std::string line_name(std::size_t line);

/// nullptr: no such entry.
JournalEntry* find_entry(std::vector<JournalEntry>& entries, const std::string& setting);
/// Takes a setting out of a journal, if it is in there.
void forget_entry(Journal& journal, const std::string& setting);

}  // namespace perfmodel
