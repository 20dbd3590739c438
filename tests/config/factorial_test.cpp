#include "expect_error.h"
#include "perfmodel/config/sampling.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr auto kBad = ErrorCode::kInvalidArgument;

/// Defaults: 1, 2 (of 0..2), 0, 1 (of 2).
ConfigSpace space_of(std::vector<std::string> constraints = {}) {
  return ConfigSpace({Option::boolean("a"), Option::integer("b", 0, 2), Option::categorical("c", {"x", "y"}),
                      Option::ordinal("d", {10, 20})},
                     std::move(constraints));
}

TEST(FullFactorial, SweepsTheOptionsItIsGivenInTheOrderOfTheSpace) {
  EXPECT_THAT(full_factorial(space_of(), {2, 1}),
              ElementsAre(Configuration{1, 0, 0, 1}, Configuration{1, 0, 1, 1}, Configuration{1, 1, 0, 1},
                          Configuration{1, 1, 1, 1}, Configuration{1, 2, 0, 1}, Configuration{1, 2, 1, 1}));
  EXPECT_THAT(full_factorial(space_of(), {}), ElementsAre(Configuration{1, 2, 0, 1}));
  EXPECT_EQ(full_factorial(space_of(), {0, 1, 2, 3}).size(), 24u);
}

TEST(FullFactorial, LeavesInfeasibleCombinationsOut) {
  EXPECT_THAT(full_factorial(space_of({"b != 1 or c == 'y'"}), {1, 2}),
              ElementsAre(Configuration{1, 0, 0, 1}, Configuration{1, 0, 1, 1}, Configuration{1, 1, 1, 1},
                          Configuration{1, 2, 0, 1}, Configuration{1, 2, 1, 1}));
}

TEST(FullFactorial, SaysWhatItCannotSweep) {
  EXPECT_PM_ERROR(full_factorial(space_of(), {4}), kBad, "option number 4 to sweep, there are 4");
  EXPECT_PM_ERROR(full_factorial(space_of(), {1, 1}), kBad, "option 'b' is to be swept twice");
  EXPECT_PM_ERROR(full_factorial(space_of(), {0, 1}, 5), kBad, "a full factorial of 6 combinations, at most 5");
  EXPECT_PM_ERROR(full_factorial(space_of({"d == 10"}), {0}), kBad,
                  "no feasible configuration was found in the full factorial");
}

TEST(OneAtATime, TakesTheDefaultAndEachOtherLevel) {
  EXPECT_THAT(one_at_a_time(space_of()),
              ElementsAre(Configuration{1, 2, 0, 1}, Configuration{0, 2, 0, 1}, Configuration{1, 0, 0, 1},
                          Configuration{1, 1, 0, 1}, Configuration{1, 2, 1, 1}, Configuration{1, 2, 0, 0}));
}

TEST(OneAtATime, LeavesInfeasibleOnesOutTheDefaultToo) {
  EXPECT_THAT(one_at_a_time(space_of({"b != 2"})), ElementsAre(Configuration{1, 0, 0, 1}, Configuration{1, 1, 0, 1}));
  EXPECT_PM_ERROR(one_at_a_time(space_of({"b == 0 and c == 'y'"})), kBad,
                  "no feasible configuration was found with at most one option away from its default");
  EXPECT_PM_ERROR(one_at_a_time(ConfigSpace({Option::integer("i", 0, 1000000000)})), kBad, "at most 10000000 are made");
}

}  // namespace
}  // namespace perfmodel
