#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/config/config_space.h"

namespace perfmodel {

/// The candidates that sweep one term (a main effect or an interaction): for every combination of levels of its
/// options that a candidate has, the one whose other options are nearest to their defaults, counted in levels over
/// num_levels. Where a candidate has all others at their defaults, that is the paper's sweep; where constraints tie
/// options together (cores that can only be switched off in order), the option is swept all the same.
/// @param options  the term's, by index in the space
/// @return         candidates, ascending
std::vector<std::size_t> sweep_term(const ConfigSpace& space, const std::vector<Configuration>& candidates,
                                    const std::vector<std::size_t>& options);

}  // namespace perfmodel
