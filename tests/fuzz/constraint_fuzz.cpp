// Constraint expressions over options of every kind: the walk through the feasible points finds those, and only those,
// that are feasible one by one.

#include "fuzz_target.h"
#include "perfmodel/config/config_space.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const ConfigSpace space(
        {Option::boolean("flag"), Option::integer("cores", -1, 3), Option::ordinal("f", {0.5, 2, 8}),
         Option::categorical("mode", {"fast", "slow"}), Option::categorical("next", {"off", "fast"})},
        {std::string(text_of(data, size))});
    std::uint64_t num_feasible = 0;
    for (std::uint64_t index = 0; index < space.num_points(); ++index) {
      const bool is_feasible = space.is_feasible(space.at(index));
      num_feasible += is_feasible ? 1 : 0;
      require(is_feasible == (space.next_feasible(index) == index), "point " + std::to_string(index));
    }
    require(num_feasible > 0, "a space without points");
    require(num_feasible == space.num_feasible(), "another number of points than was counted");
  });
  return 0;
}
