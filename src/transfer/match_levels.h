#pragma once

#include <string>

#include "perfmodel/config/option.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Whether every level of `other` is one of `option`, as a number. Neither is categorical. Takes no longer for ranges
/// of any length: of two integer options only the ends and the steps are compared.
bool holds_all_of(const Option& option, const Option& other);

/// What the levels of an option on the target are on the source.
struct LevelMatch {
  bool by_rank = false;
  InputMap map;  ///< from the target's numbers to the source's; empty: they are kept
};

/// Labels by their text. Numbers are kept where all of one side are among the other's; else by rank among all levels,
/// from 0 to 1, with straight lines between the source's levels.
/// @throws Error kMismatch: one is categorical and the other is not; a label that the source does not know.
LevelMatch match_levels(const Option& source, const Option& target);

/// "option 'x' matched by rank: 110 -> 100, 150 -> 150, ...", the first levels and the last.
std::string describe_ranks(const Option& target, const InputMap& map);

}  // namespace perfmodel
