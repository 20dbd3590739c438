#include "perfmodel/config/option.h"

#include <cmath>
#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Option, BooleanIsFalseThenTrue) {
  const Option option = Option::boolean("core1_status");
  EXPECT_EQ(option.kind(), OptionKind::kBoolean);
  EXPECT_EQ(option.num_levels(), 2u);
  EXPECT_EQ(option.default_level(), 1u);
  EXPECT_EQ(option.value(0), 0);
  EXPECT_EQ(option.text(1), "1");
  EXPECT_EQ(option.level_of("true"), 1u);
  EXPECT_EQ(option.level_of("0"), 0u);
  EXPECT_EQ(Option::boolean("b", 0).default_level(), 0u);
}

TEST(Option, IntegerRangeEndsOnTheLastStep) {
  const Option option = Option::integer("tile", -3, 8, 4);  // -3 1 5
  EXPECT_EQ(option.num_levels(), 3u);
  EXPECT_EQ(option.value(2), 5);
  EXPECT_EQ(option.default_level(), 2u);
  EXPECT_EQ(option.level_of(1.0), 1u);
  EXPECT_EQ(option.level_of("1.0"), 1u);
  EXPECT_EQ(option.find_level(2.0), std::nullopt);
}

TEST(Option, OrdinalLevelsAreFoundByTheirNumber) {
  const Option option = Option::ordinal("gpu_freq_hz", {140250000, 497250000, 1300500000}, -1, "hz");
  EXPECT_EQ(option.unit(), "hz");
  EXPECT_EQ(option.default_level(), 2u);
  EXPECT_EQ(option.text(2), "1300500000");
  EXPECT_EQ(option.level_of(497250000), 1u);
  EXPECT_EQ(option.level_of("1.3005e9"), 2u);
}

TEST(Option, CategoricalLevelsAreNamesWithTheirIndexAsNumber) {
  const Option option = Option::categorical("layout", {"nchw", "nhwc"});
  EXPECT_EQ(option.default_level(), 0u);
  EXPECT_EQ(option.value(1), 1);
  EXPECT_EQ(option.text(1), "nhwc");
  EXPECT_EQ(option.level_of("nhwc"), 1u);
  EXPECT_EQ(option.level_of(1.0), 1u);
}

TEST(Option, NearestLevelIsTheLowerOfTwoEquallyNear) {
  const Option ordinal = Option::ordinal("o", {1, 2, 10});
  EXPECT_EQ(ordinal.nearest_level(1.4), 0u);
  EXPECT_EQ(ordinal.nearest_level(1.5), 0u);
  EXPECT_EQ(ordinal.nearest_level(6.1), 2u);
  EXPECT_EQ(ordinal.nearest_level(-kInfinity), 0u);
  EXPECT_EQ(ordinal.nearest_level(kInfinity), 2u);
  const Option integer = Option::integer("i", 10, 20, 5);
  EXPECT_EQ(integer.nearest_level(12.5), 0u);
  EXPECT_EQ(integer.nearest_level(12.6), 1u);
  EXPECT_EQ(integer.nearest_level(99), 2u);
}

TEST(Option, LongRangesFindEachLevel) {
  const std::int64_t last = std::int64_t{1} << 53;
  const Option option = Option::integer("seed", -last, last);
  EXPECT_EQ(option.num_levels(), (std::uint64_t{1} << 54) + 1);
  for (const std::uint64_t level : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 53,
                                    (std::uint64_t{1} << 54) - 3, std::uint64_t{1} << 54}) {
    EXPECT_EQ(option.level_of(option.value(level)), level);
  }
}

TEST(Option, NegativeZeroIsZero) {
  const Option option = Option::ordinal("o", {-1, -0.0});
  EXPECT_FALSE(std::signbit(option.value(1)));
  EXPECT_EQ(option.level_of(-0.0), 1u);
}

TEST(Option, RefusesWhatIsNoListOfLevels) {
  const auto kBad = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(Option::boolean(""), kBad, "an option has no name");
  EXPECT_PM_ERROR(Option::boolean("b", 2), kBad, "option 'b': default level 2, there are 2 levels");
  EXPECT_PM_ERROR(Option::integer("i", 4, 1), kBad, "option 'i': low 4 is above high 1");
  EXPECT_PM_ERROR(Option::integer("i", 1, 4, 0), kBad, "option 'i': step 0, at least 1");
  EXPECT_PM_ERROR(Option::integer("i", INT64_MIN, INT64_MAX), kBad, "allowed are -9007199254740992 to 90071992547409");
  EXPECT_PM_ERROR(Option::integer("i", 1, 4, 1, 4), kBad, "option 'i': default level 4, there are 4 levels");
  EXPECT_PM_ERROR(Option::ordinal("o", {}), kBad, "option 'o': no levels");
  EXPECT_PM_ERROR(Option::ordinal("o", {1, kNan}), kBad, "option 'o': level 1 is nan, not a finite number");
  EXPECT_PM_ERROR(Option::ordinal("o", {1, kInfinity}), kBad, "level 1 is inf");
  EXPECT_PM_ERROR(Option::ordinal("o", {1, 1}), kBad, "option 'o': level 1 after 1: levels must ascend");
  EXPECT_PM_ERROR(Option::ordinal("o", {2, 1}), kBad, "level 1 after 2");
  EXPECT_PM_ERROR(Option::categorical("c", {}), kBad, "option 'c': no levels");
  EXPECT_PM_ERROR(Option::categorical("c", {"a", ""}), kBad, "option 'c': a level without a name");
  EXPECT_PM_ERROR(Option::categorical("c", {"a", "a"}), kBad, "option 'c': level 'a' appears twice");
}

TEST(Option, NamesTheLevelsThatAreAllowed) {
  const auto kBad = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(Option::ordinal("gpu_freq_hz", {140250000, 497250000}).level_of(1300), kBad,
                  "option 'gpu_freq_hz': 1300 is not an allowed level (140250000, 497250000)");
  EXPECT_PM_ERROR(Option::integer("i", 1, 9, 2).level_of(2), kBad, "2 is not an allowed level (1 to 9 in steps of 2)");
  EXPECT_PM_ERROR(Option::integer("i", 1, 9).level_of(kNan), kBad, "nan is not an allowed level (1 to 9)");
  EXPECT_PM_ERROR(Option::categorical("c", {"a", "b"}).level_of("z"), kBad, "'z' is not an allowed level ('a', 'b')");
  EXPECT_PM_ERROR(Option::boolean("b").level_of("on"), kBad, "option 'b': 'on' is not an allowed level (0, 1)");
  EXPECT_PM_ERROR(Option::boolean("b").nearest_level(kNan), kBad, "option 'b': NaN where a number belongs");
}

TEST(Option, CutsLongListsInMessages) {
  std::vector<double> levels;
  for (int i = 0; i < 1000; ++i) levels.push_back(i);
  EXPECT_PM_ERROR(Option::ordinal("o", levels).level_of(-1), ErrorCode::kInvalidArgument, "18, 19, ... 1000 in all)");
}

}  // namespace
}  // namespace perfmodel
