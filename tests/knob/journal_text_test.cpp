#include "knob/journal_text.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace perfmodel {
namespace {

const JournalHeader kHeader = {"boot-1", "jetson_tx2", 123, "0123abcd"};
const JournalEntry kMinimum = {"/sys/min", "100", "500", SettingRole::kMinimum, "/sys/max"};
const JournalEntry kCore = {"/sys/cpu1/online", "1", "0", SettingRole::kCore, ""};

TEST(JournalText, IsReadAsItWasWritten) {
  const Journal journal = read_journal(journal_line(kHeader) + journal_line(kMinimum) + journal_line(kCore));
  ASSERT_TRUE(journal.header);
  EXPECT_EQ(journal.header->boot, "boot-1");
  EXPECT_EQ(journal.header->board, "jetson_tx2");
  EXPECT_EQ(journal.header->process, 123);
  EXPECT_EQ(journal.header->owner, "0123abcd");
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

TEST(JournalText, TellsWhatEachOwnerFound) {
  const JournalHeader other = {"boot-1", "jetson_tx2", 124, "ffff"};
  const JournalEntry again = {kCore.setting, "0", "1", SettingRole::kCore, ""};
  const std::string first = journal_line(kHeader) + journal_line(kCore) + journal_line(kMinimum);
  const Journal one = read_journal(first);
  EXPECT_EQ(one.num_earlier, 0u);
  EXPECT_EQ(one.own.size(), 2u);
  const Journal both = read_journal(first + journal_line(other) + journal_line(again) + journal_line("/sys/min", "7"));
  EXPECT_EQ(both.header->owner, "ffff");
  EXPECT_EQ(both.num_earlier, 2u);
  ASSERT_EQ(both.own.size(), 2u);
  EXPECT_EQ(both.own[0].prior, "0");
  EXPECT_EQ(both.own[0].set, "1");
  EXPECT_EQ(both.own[1].prior, "500");  // builds before did not write what the second owner found
  EXPECT_EQ(both.own[1].role, SettingRole::kMinimum);
  EXPECT_EQ(both.entries[0].prior, "1");
  EXPECT_EQ(both.entries[0].set, "1");
  EXPECT_EQ(both.entries[1].set, "7");
  const Journal same = read_journal(first + journal_line(kHeader) + journal_line(again));
  EXPECT_EQ(same.num_earlier, 0u);
  ASSERT_EQ(same.own.size(), 2u);
  EXPECT_EQ(same.own[0].prior, "1");
  EXPECT_EQ(same.own[0].set, "1");
}

TEST(JournalText, DropsWhatIsForgotten) {
  const JournalHeader other = {"boot-1", "jetson_tx2", 124, "ffff"};
  const std::string first = journal_line(kHeader) + journal_line(kCore);
  const Journal journal = read_journal(first + journal_line(other) + journal_line(kMinimum) +
                                       forgotten_line(kCore.setting) + forgotten_line("/sys/none"));
  EXPECT_TRUE(journal.damaged.empty());
  EXPECT_EQ(journal.num_earlier, 0u);
  ASSERT_EQ(journal.entries.size(), 1u);
  EXPECT_EQ(journal.entries[0].setting, "/sys/min");
  EXPECT_EQ(read_journal(first + forgotten_line(kCore.setting) + journal_line(kCore)).own.size(), 1u);
}

TEST(JournalText, TellsWhatItsOwnerRolledBack) {
  const JournalHeader other = {"boot-1", "jetson_tx2", 124, "ffff"};
  const JournalEntry again = {kCore.setting, "0", "1", SettingRole::kCore, ""};
  const Journal journal =
      read_journal(journal_line(kHeader) + journal_line(kCore) + journal_line(other) + journal_line(again) +
                   journal_line(kMinimum) + rolled_back_line(kCore.setting, "0") + rolled_back_line("/sys/none", "1"));
  EXPECT_TRUE(journal.damaged.empty());
  ASSERT_EQ(journal.entries.size(), 2u);
  EXPECT_EQ(journal.entries[0].prior, "1");
  EXPECT_EQ(journal.entries[0].set, "0");
  ASSERT_EQ(journal.own.size(), 1u);
  EXPECT_EQ(journal.own[0].setting, kMinimum.setting);
}

TEST(JournalText, OfAnOlderBuildNamesNoOwner) {
  // Written by a build before owners were: see tests/fuzz/corpus/knob_journal/everything.
  const Journal journal = read_journal(
      "0b9bcf13 {\"board\":\"jetson_tx2\",\"boot\":\"2f1c2a52-8f3c-4d0e-9f61-0d6f4d7f3f11\",\"journal\":\"perfmodel "
      "knobs\",\"process\":812,\"version\":1}\n");
  ASSERT_TRUE(journal.header);
  EXPECT_EQ(journal.header->process, 812);
  EXPECT_EQ(journal.header->owner, "");
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
