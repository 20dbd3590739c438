#include "board/board_units.h"

#include <gtest/gtest.h>

namespace perfmodel {
namespace {

TEST(BoardUnits, ConvertWhatTheKernelsFilesHold) {
  EXPECT_EQ(file_units_per_unit("hz", "khz"), 0.001);
  EXPECT_EQ(file_units_per_unit("hz", "mhz"), 1e-6);
  EXPECT_EQ(file_units_per_unit("watts", "milliwatts"), 1000);
  EXPECT_EQ(file_units_per_unit("watts", "microwatts"), 1e6);
  EXPECT_EQ(file_units_per_unit("joules", "microjoules"), 1e6);
  EXPECT_EQ(file_units_per_unit("celsius", "millicelsius"), 1000);
  EXPECT_EQ(file_units_per_unit("bytes", "kib"), 1.0 / 1024);
  EXPECT_EQ(file_units_per_unit("s", "ms"), 1000);
  EXPECT_EQ(file_units_per_unit("ms", "us"), 1000);
  EXPECT_EQ(file_units_per_unit("", "percent"), 100);
}

TEST(BoardUnits, AreTheFilesOwnWithoutMore) {
  for (const char* unit : {"hz", "watts", "joules", "celsius", "bytes", "s", "ms", ""}) {
    EXPECT_TRUE(is_unit(unit)) << unit;
    EXPECT_EQ(file_units_per_unit(unit, unit), 1) << unit;
    EXPECT_EQ(file_unit_name(unit, 1), unit);
  }
}

TEST(BoardUnits, DoNotMixQuantities) {
  EXPECT_FALSE(is_unit("khz"));
  EXPECT_FALSE(is_unit("Hz"));
  EXPECT_EQ(file_units_per_unit("hz", "milliwatts"), std::nullopt);
  EXPECT_EQ(file_units_per_unit("volts", "volts"), std::nullopt);
  EXPECT_EQ(file_unit_name("hz", 12), "");
}

TEST(BoardUnits, AreNamedInMessages) {
  EXPECT_EQ(allowed_file_units_text("hz"), "'hz', 'khz', 'mhz'");
  EXPECT_EQ(allowed_units_text(), "'hz', 'watts', 'joules', 'celsius', 'bytes', 's', 'ms', ''");
}

}  // namespace
}  // namespace perfmodel
