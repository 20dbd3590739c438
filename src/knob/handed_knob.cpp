#include <fmt/format.h>

#include <algorithm>

#include "knob/knob_kinds.h"
#include "knob/knob_levels.h"
#include "knob/lowest_nice.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Nice values that a program could not be given.
void remove_forbidden_nice(std::vector<double>& levels) {
  const int lowest = lowest_nice();
  levels.erase(std::remove_if(levels.begin(), levels.end(), [&](double level) { return level < lowest; }),
               levels.end());
  if (!levels.empty()) return;
  throw Error(ErrorCode::kPermission, fmt::format("this process may give no nice value below {}", lowest));
}

}  // namespace

Option HandedKnob::levels(std::int64_t default_level) const {
  const LevelSource& source = table().levels;
  std::vector<double> numbers = source.up_to_num_cpus ? levels_up_to_num_cpus() : source.numbers;
  if (table().handed == HandedEffect::kNice && !numbers.empty()) remove_forbidden_nice(numbers);
  return option_of(table(), numbers, default_level);
}

}  // namespace perfmodel
