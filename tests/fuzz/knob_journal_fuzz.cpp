// Journals of knobs: damage is told and not followed, and what is read is written and read again as the same entries.
// Each text is read as it is and with the checksums of its lines made right.

#include <fmt/format.h>

#include <algorithm>

#include "core/crc32c.h"
#include "fuzz_target.h"
#include "knob/journal_text.h"

namespace {

using namespace perfmodel;

constexpr std::size_t kChecksumSize = 8;

std::string sealed(std::string_view text) {
  std::string all;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.size() > kChecksumSize) {
      const std::string_view object = line.substr(kChecksumSize + 1);
      all += fmt::format("{:08x} {}\n", crc32c(object.data(), object.size()), object);
    }
    begin = end + 1;
  }
  return all;
}

bool is_same(const JournalEntry& left, const JournalEntry& right) {
  return left.setting == right.setting && left.prior == right.prior && left.set == right.set &&
         left.role == right.role && left.partner == right.partner;
}

void read(std::string_view text) {
  expect_answer_or_error([&] {
    const Journal journal = read_journal(text);
    require(journal.own.size() <= journal.entries.size() && journal.num_earlier <= journal.entries.size(),
            "more of one owner than there is: " + std::string(text));
    if (!journal.header) return;
    std::string again = journal_line(*journal.header);
    for (const JournalEntry& entry : journal.entries) again += journal_line(entry);
    const Journal copy = read_journal(again);
    require(copy.damaged.empty() && !copy.is_torn, "written with damage: " + again);
    require(
        std::equal(journal.entries.begin(), journal.entries.end(), copy.entries.begin(), copy.entries.end(), is_same),
        "read again as another journal: " + again);
    require(copy.header->owner == journal.header->owner, "read again as another's: " + again);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  read(text);
  read(sealed(text));
  return 0;
}
