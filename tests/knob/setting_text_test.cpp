#include "knob/setting_text.h"

#include <gtest/gtest.h>

namespace perfmodel {
namespace {

TEST(SettingText, TellsTheSelectedOfAList) {
  EXPECT_EQ(selected_word("always [madvise] never"), "madvise");
  EXPECT_EQ(selected_word("1300500000"), "1300500000");
  EXPECT_EQ(selected_word("[a] [b]"), "[a] [b]");
  EXPECT_EQ(selected_word("a] [b"), "a] [b");
  EXPECT_EQ(selected_word(""), "");
}

TEST(SettingText, ReadsNumbersAndFlags) {
  EXPECT_EQ(number_in("1300500000"), 1300500000);
  EXPECT_EQ(number_in("-2.5"), -2.5);
  EXPECT_EQ(number_in("Y"), 1);
  EXPECT_EQ(number_in("N"), 0);
  for (const char* text : {"", "<unsupported>", "12 MHz", "inf", "nan", " 1"}) EXPECT_FALSE(number_in(text)) << text;
}

TEST(SettingText, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(same_setting("0100", "100"));
  EXPECT_TRUE(same_setting("N", "0"));
  EXPECT_TRUE(same_setting("always [never]", "never"));
  EXPECT_FALSE(same_setting("always [never]", "always"));
  EXPECT_FALSE(same_setting("2901000", "2900000"));
  EXPECT_TRUE(same_setting("2901000", "2900000", 0.001));
  EXPECT_FALSE(same_setting("performance", "1"));
}

TEST(SettingText, ChangesUnitsWithoutRoundingErrors) {
  // 1.4283e9 * 0.001 is 1428300.0000000002 or 1428299.9999999998 for some frequencies.
  for (double khz = 100000; khz < 6000000; khz += 12345) {
    const double hz = from_file_units(khz, 0.001);
    EXPECT_EQ(hz, khz * 1000);
    EXPECT_EQ(to_file_text(hz, 0.001), std::to_string(static_cast<long>(khz)));
  }
  EXPECT_EQ(to_file_text(12.25, 1), "12.25");
  EXPECT_EQ(to_file_text(1300500000, 1), "1300500000");
}

}  // namespace
}  // namespace perfmodel
