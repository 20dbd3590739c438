#include "config/constraint.h"

#include <functional>

#include "expect_error.h"
#include "perfmodel/config/config_space.h"

namespace perfmodel {
namespace {

std::vector<Option> options() {
  return {Option::boolean("flag"),
          Option::integer("x", -3, 3),
          Option::integer("y", -2, 2),
          Option::categorical("layout", {"nchw", "nhwc", "odd name"}),
          Option::categorical("other", {"nhwc", "nchw"}),
          Option::ordinal("big", {1e300, 1.5e308}),
          Option::boolean("not")};
}

/// A configuration by its numbers.
struct Point {
  bool flag;
  double x, y;
  std::string layout, other;
  double big;
};

/// Whether `constraint` holds exactly where `expected` says, over all configurations.
void expect_holds_where(const std::string& constraint, const std::function<bool(const Point&)>& expected) {
  SCOPED_TRACE(constraint);
  const ConfigSpace space(options());
  const Constraint parsed(constraint, space.options());
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    const Configuration levels = space.at(index);
    const auto text = [&](std::size_t i) { return space.options()[i].text(levels[i]); };
    const std::vector<double> values = space.values(levels);
    const Point point{values[0] == 1, values[1], values[2], text(3), text(4), values[5]};
    const Truth truth = parsed.truth(space.options(), levels, levels);
    ASSERT_NE(truth, Truth::kSometimes) << index;
    ASSERT_EQ(truth == Truth::kAlways, expected(point)) << "configuration " << index;
  }
}

TEST(Constraint, ArithmeticHasTheUsualPrecedence) {
  expect_holds_where("1 + x * 2 == y - 1", [](const Point& p) { return 1 + p.x * 2 == p.y - 1; });
  expect_holds_where("(1 + x) * 2 > y", [](const Point& p) { return (1 + p.x) * 2 > p.y; });
  expect_holds_where("x - y - 1 >= 0", [](const Point& p) { return p.x - p.y - 1 >= 0; });
  expect_holds_where("-x * --y < -1.5e0", [](const Point& p) { return -p.x * p.y < -1.5; });
  expect_holds_where("x % 2 == 1 or x % 2 == -1", [](const Point& p) { return static_cast<int>(p.x) % 2 != 0; });
}

TEST(Constraint, AndBindsCloserThanOrAndNotTakesAComparison) {
  expect_holds_where("x == 1 or x == 2 and y == 0", [](const Point& p) { return p.x == 1 || (p.x == 2 && p.y == 0); });
  expect_holds_where("not x == 1 and y != 0", [](const Point& p) { return p.x != 1 && p.y != 0; });
  expect_holds_where("not not (x <= 1)", [](const Point& p) { return p.x <= 1; });
}

TEST(Constraint, FlagsAreConditionsAndNumbers) {
  expect_holds_where("flag", [](const Point& p) { return p.flag; });
  expect_holds_where("not flag or x > 0", [](const Point& p) { return !p.flag || p.x > 0; });
  expect_holds_where("flag + flag == 2", [](const Point& p) { return p.flag; });
  expect_holds_where("flag == (x > 0)", [](const Point& p) { return p.flag == (p.x > 0); });
  expect_holds_where("flag != true", [](const Point& p) { return !p.flag; });
}

TEST(Constraint, CategoricalOptionsAreComparedByName) {
  expect_holds_where("layout == 'nhwc'", [](const Point& p) { return p.layout == "nhwc"; });
  expect_holds_where("\"odd name\" != layout", [](const Point& p) { return p.layout != "odd name"; });
  expect_holds_where("layout == other", [](const Point& p) { return p.layout == p.other; });
  expect_holds_where("other != layout", [](const Point& p) { return p.layout != p.other; });
}

TEST(Constraint, DivisionsByZeroAreNotTrue) {
  expect_holds_where("x / y > 1", [](const Point& p) { return p.y != 0 && p.x / p.y > 1; });
  expect_holds_where("not x / y > 1", [](const Point& p) { return p.y != 0 && !(p.x / p.y > 1); });
  expect_holds_where("x % y != 5", [](const Point& p) { return p.y != 0; });
  expect_holds_where("x / 0 == x / 0", [](const Point&) { return false; });
  expect_holds_where("y == 0 or x / y > 1", [](const Point& p) { return p.y == 0 || p.x / p.y > 1; });
  expect_holds_where("not (y != 0 and x / y > 1)", [](const Point& p) { return p.y == 0 || !(p.x / p.y > 1); });
}

TEST(Constraint, WhatOverflowsIsNotTrue) {
  expect_holds_where("big * 10 > 0", [](const Point& p) { return p.big == 1e300; });
  expect_holds_where("big + big > 0", [](const Point& p) { return p.big == 1e300; });
  expect_holds_where("-big - big < 0", [](const Point& p) { return p.big == 1e300; });
}

TEST(Constraint, NamesInBackquotesMayBeAnything) {
  const std::vector<Option> odd = {Option::integer("batch size (n)", 1, 4), Option::boolean("and")};
  const ConfigSpace space(odd, {"`batch size (n)` >= 3 and `and`"});
  EXPECT_EQ(space.num_feasible(), 2u);
}

/// Whatever is said of a box must agree with each of its points.
TEST(Constraint, WhatHoldsOfABoxHoldsOfItsPoints) {
  const ConfigSpace space({Option::integer("x", -3, 3), Option::integer("y", -3, 3)});
  const char* const constraints[] = {"x + y > 1",        "x * y == 2",       "x - y <= -2",      "x / y >= 1.5",
                                     "x % y == 1",       "y % x == -1",      "-x * x < y",       "not (x / y < 1)",
                                     "x == y or x < -1", "x / (y + 1) == 1", "x != y and y > x", "x % 2 == 0"};
  for (const char* text : constraints) {
    SCOPED_TRACE(text);
    const Constraint constraint(text, space.options());
    for (std::uint64_t low_index = 0; low_index < space.num_points(); ++low_index) {
      for (std::uint64_t high_index = low_index; high_index < space.num_points(); ++high_index) {
        const Configuration low = space.at(low_index), high = space.at(high_index);
        if (high[1] < low[1]) continue;
        const Truth box = constraint.truth(space.options(), low, high);
        for (std::uint64_t x = low[0]; x <= high[0]; ++x) {
          for (std::uint64_t y = low[1]; y <= high[1]; ++y) {
            const Configuration point = {x, y};
            const Truth here = constraint.truth(space.options(), point, point);
            ASSERT_TRUE(box == Truth::kSometimes || here == box) << x << ' ' << y;
          }
        }
      }
    }
  }
}

void expect_refused(const std::string& constraint, const std::string& says) {
  SCOPED_TRACE(constraint);
  EXPECT_PM_ERROR(Constraint(constraint, options()), ErrorCode::kParse, says);
}

TEST(Constraint, SaysWhereATextIsNoExpression) {
  expect_refused("", "constraint '', position 1: empty");
  expect_refused("  ", "empty");
  expect_refused("x = 2", "constraint 'x = 2', position 3: '=' has no place here (allowed: + - * / % == !=");
  expect_refused("x > 1 && flag", "position 7: '&' has no place here");
  expect_refused("x >", "position 4: the end where a number, an option, a text in quotes or '(' belongs");
  expect_refused("x > > 1", "position 5: '>' where a number");
  expect_refused("x > 1 y", "position 7: 'y' where an operator or the end belongs");
  expect_refused("(x > 1", "position 7: the end where ')' belongs");
  expect_refused("x > 1)", "position 6: ')' where an operator or the end belongs");
  expect_refused("0 < x < 2", "position 7: comparisons do not chain");
  expect_refused("layout == 'nhwc", "position 11: a quote that never ends");
  expect_refused("x > 1e999", "position 5: a number outside the range of a double");
  expect_refused("x > 1.2.3", "position 5: a number that goes on in letters");
  expect_refused("x > 12monkeys", "position 5: a number that goes on in letters");
  expect_refused("x > .", "position 5: '.' begins no number");
  expect_refused("not", "position 4: the end where");
  expect_refused("x == not flag", "position 6: 'not' where a number");
}

TEST(Constraint, NamesOptionsAndLevelsThatThereAre) {
  expect_refused("x > 1 and gpu == 2", "position 11: no option 'gpu' (there are: flag, x, y, layout, other, big, not)");
  expect_refused("layout == 'nwhc'",
                 "position 11: 'nwhc' is not a level of option 'layout' ('nchw', 'nhwc', 'odd name')");
}

TEST(Constraint, SaysWhichOperandIsOfTheWrongKind) {
  expect_refused("x", "position 1: a number where a condition belongs");
  expect_refused("x + 1", "position 1: a number where a condition belongs");
  expect_refused("flag and y", "position 10: a number where a condition belongs");
  expect_refused("not x", "position 5: a number where a condition belongs");
  expect_refused("(x > 1) + 1 > 2", "position 2: a condition where a number belongs");
  expect_refused("-(x > 1) == 2", "a condition where a number belongs");
  expect_refused("(x > 1) > (y > 1)", "a condition where a number belongs");
  expect_refused("layout",
                 "position 1: option 'layout' is categorical, it can only be compared, by == or !=, with one of");
  expect_refused("layout < 'nhwc'", "option 'layout' is categorical");
  expect_refused("layout == 1", "option 'layout' is categorical");
  expect_refused("layout + 1 == 1", "option 'layout' is categorical");
  expect_refused("x == '1'", "position 6: a text can only be compared, by == or !=, with a categorical option");
  expect_refused("'a' == 'a'", "position 1: a text can only be compared");
}

TEST(Constraint, BoundsDepthAndLength) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "x > 1 or flag and x == 2 + 3 * y" + std::string(depth, ')');
  };
  EXPECT_NO_THROW(Constraint(nested(20), options()));
  expect_refused(nested(21), "position 21: more than 20 parentheses in each other");
  expect_refused(nested(2000), "more than 20 parentheses");
  expect_refused(std::string(4097, ' '), "4097 bytes long, at most 4096 are read");
  std::string many_signs = "x > " + std::string(4000, '-') + "1";
  EXPECT_EQ(ConfigSpace(options(), {many_signs}).num_feasible(), 2u * 2 * 5 * 3 * 2 * 2 * 2);  // x is 2 or 3
  std::string long_sum = "x > 1";
  while (long_sum.size() < 4000) long_sum += " or x > 1";
  EXPECT_NO_THROW(Constraint(long_sum, options()));
}

TEST(Constraint, DeepestNestingsFit) {
  const std::vector<Option> flags = {Option::boolean("a")};
  std::string condition = "a", number = "a";
  for (int i = 0; i < 20; ++i) {
    condition = "false or true and true == (" + condition + ")";
    number = "0 + 1 * (" + number + ")";
  }
  EXPECT_EQ(ConfigSpace(flags, {condition}).num_feasible(), 1u);
  EXPECT_EQ(ConfigSpace(flags, {"false or true and 0 < " + number}).num_feasible(), 1u);
}

}  // namespace
}  // namespace perfmodel
