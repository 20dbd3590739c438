#include <fmt/format.h>

#include <algorithm>

#include "config/distinct_draws.h"
#include "config/feasible_set.h"
#include "config/option_text.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Ascending.  @throws Error kInvalidArgument: no such option, one twice.
std::vector<std::size_t> checked_options(const ConfigSpace& space, std::vector<std::size_t> swept) {
  std::sort(swept.begin(), swept.end());
  for (std::size_t i = 0; i < swept.size(); ++i) {
    if (swept[i] >= space.num_options()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("option number {} to sweep, there are {}, counted from 0 ({})", swept[i],
                              space.num_options(), names_text(space.options())));
    }
    if (i > 0 && swept[i] == swept[i - 1]) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("option '{}' is to be swept twice", shown_text(space.options()[swept[i]].name())));
    }
  }
  return swept;
}

/// Goes to the next combination of the levels of `swept`, the last running fastest.  @return false: it was the last.
bool advance(Configuration& configuration, const std::vector<std::size_t>& swept, const ConfigSpace& space) {
  for (std::size_t i = swept.size(); i-- > 0;) {
    if (++configuration[swept[i]] < space.options()[swept[i]].num_levels()) return true;
    configuration[swept[i]] = 0;
  }
  return false;
}

}  // namespace

std::vector<Configuration> full_factorial(const ConfigSpace& space, const std::vector<std::size_t>& swept,
                                          std::uint64_t limit) {
  const std::vector<std::size_t> options = checked_options(space, swept);
  Configuration configuration = space.default_configuration();
  std::uint64_t num_combinations = 1;
  for (const std::size_t option : options) {
    configuration[option] = 0;
    num_combinations *= space.options()[option].num_levels();  // at most 2^63, the size of the space
  }
  if (num_combinations > limit) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a full factorial of {} combinations, at most {} are allowed", num_combinations, limit));
  }
  std::vector<Configuration> found;
  do {
    if (space.feasible_set().holds(configuration)) found.push_back(configuration);
  } while (advance(configuration, options, space));
  if (found.empty()) throw_nothing_feasible("in the full factorial with the other options at their defaults");
  return found;
}

std::vector<Configuration> one_at_a_time(const ConfigSpace& space) {
  std::uint64_t num_levels = 0;
  for (const Option& option : space.options()) {
    check_num_samples(option.num_levels());  // before the sum, which could overflow
    num_levels += option.num_levels();
  }
  check_num_samples(num_levels);
  std::vector<Configuration> found;
  Configuration configuration = space.default_configuration();
  if (space.feasible_set().holds(configuration)) found.push_back(configuration);
  for (std::size_t i = 0; i < space.num_options(); ++i) {
    const Option& option = space.options()[i];
    for (std::uint64_t level = 0; level < option.num_levels(); ++level) {
      configuration[i] = level;
      if (level != option.default_level() && space.feasible_set().holds(configuration)) found.push_back(configuration);
    }
    configuration[i] = option.default_level();
  }
  if (found.empty()) throw_nothing_feasible("with at most one option away from its default");
  return found;
}

}  // namespace perfmodel
