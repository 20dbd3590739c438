#include "knob/knob_levels.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace perfmodel {
namespace {

TEST(KnobLevels, AreReadInAnyOrderUpToWhatIsNoNumber) {
  EXPECT_EQ(numbers_in_list("1479000 102000\n518400", 0.001), (std::vector<double>{102e6, 518.4e6, 1479e6}));
  EXPECT_EQ(numbers_in_list("204000 665600 (kHz)", 0.001), (std::vector<double>{204e6, 665.6e6}));
  EXPECT_EQ(numbers_in_list("5 5", 1), (std::vector<double>{5}));
  EXPECT_TRUE(numbers_in_list("", 1).empty());
}

TEST(KnobLevels, OfARangeEndWithItsLastWholeStep) {
  EXPECT_EQ(stepped_levels(400e6, 750e6, 100e6), (std::vector<double>{400e6, 500e6, 600e6, 700e6}));
  EXPECT_EQ(stepped_levels(5, 5, 1), (std::vector<double>{5}));
  EXPECT_EQ(stepped_levels(0, 0.3, 0.1).size(), 4u);  // 0.3 / 0.1 is less than 3
}

TEST(KnobLevels, OfAnEmptyRangeAreNotKnown) {
  EXPECT_PM_ERROR(stepped_levels(6, 5, 1), ErrorCode::kUnsupported, "6 to 5 in steps of 1");
  EXPECT_PM_ERROR(stepped_levels(0, 1e12, 1), ErrorCode::kUnsupported, "its levels are not known");
}

TEST(KnobLevels, UpToTheCpusBeginWithOne) {
  EXPECT_EQ(levels_up_to_num_cpus().front(), 1);
}

TEST(KnobLevels, BecomeTheOptionOfTheirKind) {
  KnobTable table;
  table.name = "x";
  table.kind = OptionKind::kInteger;
  EXPECT_EQ(option_of(table, {1, 3, 5}, -1).kind(), OptionKind::kInteger);
  EXPECT_EQ(option_of(table, {1, 3, 5}, 1).default_level(), 1u);
  EXPECT_EQ(option_of(table, {1, 2, 4}, -1).kind(), OptionKind::kOrdinal);  // no range
  table.kind = OptionKind::kBoolean;
  EXPECT_EQ(option_of(table, {}, -1).num_levels(), 2u);
  table.kind = OptionKind::kOrdinal;
  EXPECT_PM_ERROR(option_of(table, {}, -1), ErrorCode::kUnsupported, "its levels are not known");
}

}  // namespace
}  // namespace perfmodel
