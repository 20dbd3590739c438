#include "knob/journal_text.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace perfmodel {
namespace {

const JournalHeader kHeader = {"boot-1", "jetson_tx2", 123};
const JournalEntry kMinimum = {"/sys/min", "100", "500", SettingRole::kMinimum, "/sys/max"};
const JournalEntry kCore = {"/sys/cpu1/online", "1", "0", SettingRole::kCore, ""};

TEST(JournalText, IsReadAsItWasWritten) {
  const Journal journal = read_journal(journal_line(kHeader) + journal_line(kMinimum) + journal_line(kCore));
  ASSERT_TRUE(journal.header);
  EXPECT_EQ(journal.header->boot, "boot-1");
  EXPECT_EQ(journal.header->board, "jetson_tx2");
  EXPECT_EQ(journal.header->process, 123);
  ASSERT_EQ(journal.entries.size(), 2u);
  EXPECT_EQ(journal.entries[0].setting, "/sys/min");
  EXPECT_EQ(journal.entries[0].prior, "100");
  EXPECT_EQ(journal.entries[0].set, "500");
  EXPECT_EQ(journal.entries[0].role, SettingRole::kMinimum);
  EXPECT_EQ(journal.entries[0].partner, "/sys/max");
  EXPECT_EQ(journal.entries[1].role, SettingRole::kCore);
  EXPECT_FALSE(journal.is_torn);
  EXPECT_TRUE(journal.damaged.empty());
}

TEST(JournalText, HasTheFormOfTheDocumentation) {
  // The checksum was computed apart from this library, bit by bit after RFC 3720.
  EXPECT_EQ(journal_line("/sys/min", "9"), "ae828a30 {\"set\":\"9\",\"setting\":\"/sys/min\"}\n");
}

TEST(JournalText, KeepsThePriorOfTheFirstWriteAndTheTextOfTheLast) {
  const Journal journal = read_journal(journal_line(kHeader) + journal_line(kCore) + journal_line(kCore.setting, "1") +
                                       journal_line({kCore.setting, "0", "2", SettingRole::kCore, ""}));
  ASSERT_EQ(journal.entries.size(), 1u);
  EXPECT_EQ(journal.entries[0].prior, "1");
  EXPECT_EQ(journal.entries[0].set, "2");
}

TEST(JournalText, EndsWhereItIsTorn) {
  const std::string whole = journal_line(kHeader) + journal_line(kCore), last = journal_line(kMinimum);
  for (std::size_t size = 1; size < last.size(); ++size) {
    const Journal journal = read_journal(whole + last.substr(0, size));
    EXPECT_TRUE(journal.is_torn);
    EXPECT_TRUE(journal.damaged.empty());
    // Without its line end alone the last line is whole; nothing was done after it, but nothing is lost by it either.
    EXPECT_EQ(journal.entries.size(), size + 1 < last.size() ? 1u : 2u);
  }
}

TEST(JournalText, OfNothingIsEmpty) {
  EXPECT_TRUE(read_journal("").entries.empty());
  const Journal torn_header = read_journal(journal_line(kHeader).substr(0, 20));
  EXPECT_FALSE(torn_header.header);
  EXPECT_TRUE(torn_header.is_torn);
  EXPECT_TRUE(torn_header.damaged.empty());
}

TEST(JournalText, TellsEveryChangedByte) {
  const std::string text = journal_line(kHeader) + journal_line(kCore) + journal_line(kMinimum);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const Journal journal = read_journal(changed);
    // The last line end is the one byte whose change looks like a torn end.
    EXPECT_EQ(journal.damaged.empty(), i + 1 == text.size()) << i;
  }
}

TEST(JournalText, ForgivesALineThatWasSaidToBeTorn) {
  const std::string header = journal_line(kHeader), line = journal_line(kCore);
  for (std::size_t size = 0; size <= line.size(); ++size) {
    const Journal journal = read_journal(header + line.substr(0, size) + void_torn_line() + line);
    EXPECT_TRUE(journal.damaged.empty()) << size;
    EXPECT_FALSE(journal.is_torn);
    EXPECT_EQ(journal.entries.size(), 1u);
  }
  const Journal begun_twice = read_journal(header.substr(0, 9) + void_torn_line() + header + line);
  EXPECT_TRUE(begun_twice.damaged.empty());
  EXPECT_EQ(begun_twice.header->process, 123);
}

TEST(JournalText, ForgivesNoOtherLine) {
  const std::string damaged = "0" + journal_line(kCore).substr(1);
  const Journal journal = read_journal(journal_line(kHeader) + damaged + journal_line(kMinimum) + void_torn_line());
  EXPECT_EQ(journal.damaged, (std::vector<std::size_t>{2}));
  EXPECT_EQ(journal.entries.size(), 1u);
}

TEST(JournalText, WithoutItsHeaderIsDamaged) {
  EXPECT_EQ(read_journal(journal_line(kCore)).damaged, (std::vector<std::size_t>{1}));
}

TEST(JournalText, OfAnotherKindIsDamaged) {
  const Journal journal = read_journal("root:x:0:0:root:/root:/bin/bash\n");
  EXPECT_TRUE(journal.entries.empty());
  EXPECT_FALSE(journal.damaged.empty());
}

TEST(JournalText, OfALaterVersionIsRefused) {
  // The checksum was computed apart from this library.
  const std::string line = R"(eba046c7 {"board":"x","boot":"y","journal":"perfmodel knobs","process":1,"version":2})";
  EXPECT_PM_ERROR(read_journal(line), ErrorCode::kVersion, "has version 2, this build knows 1");
}

}  // namespace
}  // namespace perfmodel
