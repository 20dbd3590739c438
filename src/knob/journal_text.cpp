#include "knob/journal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/crc32c.h"
#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr std::size_t kChecksumSize = 8;
constexpr std::string_view kFirstKey = R"( {"board":")";  ///< of a header, after its checksum
const char* const kRoleNames[] = {"plain", "core", "minimum", "maximum", "held"};

std::string checksum_of(std::string_view text) {
  return fmt::format("{:08x}", crc32c(text.data(), text.size()));
}

std::string sealed(const json& value) {
  const std::string text = write_json(value, "journal");
  return fmt::format("{} {}\n", checksum_of(text), text);
}

/// The object of a line; discarded: the line is damaged.
json object_in(std::string_view line) {
  if (line.size() <= kChecksumSize || line[kChecksumSize] != ' ') return json(json::value_t::discarded);
  const std::string_view text = line.substr(kChecksumSize + 1);
  if (line.substr(0, kChecksumSize) != checksum_of(text)) return json(json::value_t::discarded);
  const json value = json::parse(text, nullptr, false);
  return value.is_object() ? value : json(json::value_t::discarded);
}

JournalHeader header_in(const json& line) {
  const std::int64_t version = integer_at(line, "version", "journal");
  if (version != kJournalVersion) {
    throw Error(ErrorCode::kVersion,
                fmt::format("the journal has version {}, this build knows {}", version, kJournalVersion));
  }
  return {string_at(line, "boot", "journal"), string_at(line, "board", "journal"),
          static_cast<int>(integer_at(line, "process", "journal")),
          line.contains("owner") ? string_at(line, "owner", "journal") : ""};
}

SettingRole role_in(const json& line) {
  const std::string name = string_at(line, "role", "journal");
  const auto found = std::find(std::begin(kRoleNames), std::end(kRoleNames), name);
  if (found == std::end(kRoleNames)) throw Error(ErrorCode::kParse, "a role that is none");
  return static_cast<SettingRole>(found - std::begin(kRoleNames));
}

JournalEntry entry_in(const json& line) {
  return {string_at(line, "setting", "journal"), string_at(line, "prior", "journal"), string_at(line, "set", "journal"),
          role_in(line), line.contains("partner") ? string_at(line, "partner", "journal") : ""};
}

void erase_entry(std::vector<JournalEntry>& entries, const std::string& setting) {
  const auto is_it = [&](const JournalEntry& entry) { return entry.setting == setting; };
  entries.erase(std::remove_if(entries.begin(), entries.end(), is_it), entries.end());
}

void add_write(const json& line, Journal& journal) {
  const std::string setting = string_at(line, "setting", "journal"), set = string_at(line, "set", "journal");
  JournalEntry* const known = find_entry(journal.entries, setting);
  JournalEntry* const own = find_entry(journal.own, setting);
  if (own == nullptr) {
    JournalEntry entry;
    if (known == nullptr || line.contains("prior")) {
      entry = entry_in(line);
    } else {  // of an older build, which told what it found the first time alone
      entry = *known;
      entry.prior = known->set;
      entry.set = set;
    }
    if (known == nullptr) journal.entries.push_back(entry);
    journal.own.push_back(std::move(entry));
  } else {
    own->set = set;
  }
  if (known != nullptr) known->set = set;
}

void roll_back(const json& line, Journal& journal) {
  const std::string setting = string_at(line, "setting", "journal");
  if (JournalEntry* const known = find_entry(journal.entries, setting)) known->set = string_at(line, "set", "journal");
  erase_entry(journal.own, setting);
}

/// The last one counts: of who went on with it, or written again after it was torn.
void add_header(JournalHeader header, Journal& journal) {
  const bool is_same_owner = journal.header && !header.owner.empty() && journal.header->owner == header.owner;
  if (!is_same_owner) {
    journal.own.clear();
    journal.num_earlier = journal.entries.size();
  }
  journal.header = std::move(header);
}

/// Adds what a whole line says.
/// @throws Error kParse: it says nothing that a journal does; kVersion.
void add_line(const json& line, Journal& journal) {
  if (line.contains("journal")) {
    add_header(header_in(line), journal);
  } else if (line.contains("forgotten")) {
    forget_entry(journal, string_at(line, "forgotten", "journal"));
  } else if (line.contains("rolled_back")) {
    roll_back(line, journal);
  } else {
    add_write(line, journal);
  }
}

bool begins_like_header(std::string_view line) {
  const std::string_view checksum = line.substr(0, kChecksumSize);
  if (checksum.find_first_not_of("0123456789abcdef") != std::string_view::npos) return false;
  const std::string_view rest = line.substr(checksum.size());
  const std::size_t size = std::min(rest.size(), kFirstKey.size());
  return rest.substr(0, size) == kFirstKey.substr(0, size);
}

}  // namespace

std::string line_name(std::size_t line) {
  return fmt::format("line {}", line);
}

JournalEntry* find_entry(std::vector<JournalEntry>& entries, const std::string& setting) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const JournalEntry& entry) { return entry.setting == setting; });
  return found == entries.end() ? nullptr : &*found;
}

void forget_entry(Journal& journal, const std::string& setting) {
  const JournalEntry* const found = find_entry(journal.entries, setting);
  if (found == nullptr) return;
  if (found < journal.entries.data() + journal.num_earlier) --journal.num_earlier;
  erase_entry(journal.entries, setting);
  erase_entry(journal.own, setting);
}

bool is_journal(std::string_view text, const Journal& journal) {
  if (text.empty() || journal.header || !journal.entries.empty()) return true;
  const std::string_view first_line = text.substr(0, text.find('\n'));
  return !first_line.empty() && begins_like_header(first_line);
}

std::string journal_line(const JournalHeader& header) {
  json line = {{"journal", "perfmodel knobs"},
               {"version", kJournalVersion},
               {"boot", header.boot},
               {"board", header.board},
               {"process", header.process}};
  if (!header.owner.empty()) line["owner"] = header.owner;
  return sealed(line);
}

std::string journal_line(const JournalEntry& entry) {
  json line = {{"setting", entry.setting},
               {"prior", entry.prior},
               {"set", entry.set},
               {"role", kRoleNames[static_cast<int>(entry.role)]}};
  if (!entry.partner.empty()) line["partner"] = entry.partner;
  return sealed(line);
}

std::string journal_line(const std::string& setting, const std::string& text) {
  return sealed({{"setting", setting}, {"set", text}});
}

std::string rolled_back_line(const std::string& setting, const std::string& prior) {
  return sealed({{"setting", setting}, {"set", prior}, {"rolled_back", true}});
}

std::string forgotten_line(const std::string& setting) {
  return sealed({{"forgotten", setting}});
}

std::string void_torn_line() {
  return "\n" + sealed({{"torn", true}});
}

Journal read_journal(std::string_view text) {
  Journal journal;
  for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;  // before a line that says that another one is torn
    journal.is_torn = end == text.size();
    const json object = object_in(line);
    if (object.contains("torn")) {
      if (!journal.damaged.empty() && journal.damaged.back() + 1 == number) journal.damaged.pop_back();
      continue;
    }
    try {
      if (object.is_discarded()) throw Error(ErrorCode::kParse, "damaged");
      add_line(object, journal);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kVersion) throw;
      if (!journal.is_torn) journal.damaged.push_back(number);
    }
  }
  const bool lacks_header = !journal.header && !journal.entries.empty();
  const bool is_told = !journal.damaged.empty() && journal.damaged.front() == 1;
  if (lacks_header && !is_told) journal.damaged.insert(journal.damaged.begin(), 1);
  return journal;
}

}  // namespace perfmodel
