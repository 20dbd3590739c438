#include <cmath>

#include "expect_error.h"
#include "perfmodel/config/config_space.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

ConfigSpace mixed_space() {
  return ConfigSpace({Option::boolean("flag"), Option::ordinal("decades", {1, 10, 100}),
                      Option::ordinal("one_decade", {10, 50, 100}), Option::ordinal("with_zero", {0, 1, 1000}),
                      Option::categorical("two", {"a", "b"}), Option::categorical("three", {"x", "y", "z"}),
                      Option::ordinal("constant", {7})});
}

std::vector<double> encoded(const ConfigSpace& space, const Configuration& configuration,
                            const EncodingOptions& encoding) {
  std::vector<double> out(space.feature_names(encoding).size());
  space.encode(configuration, encoding, out);
  return out;
}

TEST(Encoding, SpreadsLabelsOfCategoricalOptionsWithMoreThanTwo) {
  EXPECT_THAT(mixed_space().feature_names(), ElementsAre("flag", "decades", "one_decade", "with_zero", "two", "three=x",
                                                         "three=y", "three=z", "constant"));
}

TEST(Encoding, TakesLogarithmsWhereLevelsSpanDecades) {
  const ConfigSpace space = mixed_space();
  EXPECT_THAT(encoded(space, {1, 1, 1, 2, 1, 1, 0}, {}), ElementsAre(1, std::log(10.0), 50, 1000, 1, 0, 1, 0, 7));
  EncodingOptions plain;
  plain.log_decades = false;
  EXPECT_THAT(encoded(space, {0, 2, 2, 1, 0, 2, 0}, plain), ElementsAre(0, 100, 100, 1, 0, 0, 0, 1, 7));
}

TEST(Encoding, RanksRunFromZeroToOne) {
  EncodingOptions rank;
  rank.rank = true;
  EXPECT_THAT(encoded(mixed_space(), {1, 2, 1, 0, 1, 0, 0}, rank), ElementsAre(1, 1, 0.5, 0, 1, 1, 0, 0, 0));
}

TEST(Encoding, RefusesWrongSizes) {
  const ConfigSpace space = mixed_space();
  std::vector<double> out(8);
  EXPECT_PM_ERROR(space.encode({1, 1, 1, 1, 1, 1, 0}, {}, out), ErrorCode::kMismatch,
                  "room for 8 features, the space has 9");
  EXPECT_PM_ERROR(space.encode({1, 3, 1, 1, 1, 1, 0}, {}, out), ErrorCode::kInvalidArgument, "option 'decades'");
}

}  // namespace
}  // namespace perfmodel
