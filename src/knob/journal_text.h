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

/// Who began a journal, and during which start of the machine.
struct JournalHeader {
  std::string boot, board;
  int process = 0;
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
  std::vector<std::size_t> damaged;   ///< numbers of lines, from 1
  bool is_torn = false;               ///< it ends in the middle of a line; nothing was done after that was written
};

std::string journal_line(const JournalHeader& header);
/// The line of a setting's first write; later ones need no more than journal_line(setting, text).
std::string journal_line(const JournalEntry& entry);
std::string journal_line(const std::string& setting, const std::string& text);
/// Ends a line that could not be written whole: it is no damage, for nothing was done after it.
std::string void_torn_line();

/// Never refuses damage, but says where it is.
/// @throws Error kVersion: a version that this build does not know.
Journal read_journal(std::string_view text);

}  // namespace perfmodel
