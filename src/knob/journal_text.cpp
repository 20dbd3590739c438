#include "knob/journal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/crc32c.h"
#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr std::size_t kChecksumSize = 8;
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
          static_cast<int>(integer_at(line, "process", "journal"))};
}

SettingRole role_in(const json& line) {
  const std::string name = string_at(line, "role", "journal");
  const auto found = std::find(std::begin(kRoleNames), std::end(kRoleNames), name);
  if (found == std::end(kRoleNames)) throw Error(ErrorCode::kParse, "a role that is none");
  return static_cast<SettingRole>(found - std::begin(kRoleNames));
}

void add_entry(const json& line, std::vector<JournalEntry>& entries) {
  const std::string setting = string_at(line, "setting", "journal"), set = string_at(line, "set", "journal");
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const JournalEntry& entry) { return entry.setting == setting; });
  if (found != entries.end()) {
    found->set = set;
  } else {
    const bool has_partner = line.contains("partner");
    entries.push_back({setting, string_at(line, "prior", "journal"), set, role_in(line),
                       has_partner ? string_at(line, "partner", "journal") : ""});
  }
}

/// Adds what a whole line says.
/// @throws Error kParse: it says nothing that a journal does; kVersion.
void add_line(const json& line, Journal& journal) {
  if (line.contains("journal")) {
    const JournalHeader header = header_in(line);
    if (!journal.header) journal.header = header;  // one that was written again, after it had seemed torn
  } else {
    add_entry(line, journal.entries);
  }
}

}  // namespace

std::string journal_line(const JournalHeader& header) {
  return sealed({{"journal", "perfmodel knobs"},
                 {"version", kJournalVersion},
                 {"boot", header.boot},
                 {"board", header.board},
                 {"process", header.process}});
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
  if (!journal.header && !journal.entries.empty()) journal.damaged.insert(journal.damaged.begin(), 1);
  return journal;
}

}  // namespace perfmodel
