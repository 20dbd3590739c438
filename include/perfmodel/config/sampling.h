#pragma once

#include <cstdint>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// The most configurations that a sampling makes.
inline constexpr std::size_t kMaxSamples = 10000000;

/// Designs over a config space. All give feasible configurations without repeats; those with a seed give the same for
/// the same seed. Fewer than asked for come back only when the space holds no more, as far as a bounded search can
/// tell.
/// @throws Error kInvalidArgument: nothing feasible was found; more than kMaxSamples.

/// Uniform over the feasible points; where these fall into too many blocks to count and are rarer than one in some
/// thousands, all can occur, but not equally often.
PERFMODEL_EXPORT std::vector<Configuration> sample_random(const ConfigSpace& space, std::size_t count,
                                                          std::uint64_t seed);
/// Latin hypercube: each option's levels are hit equally often, as far as constraints and repeats let them (McKay,
/// Beckman and Conover, 1979).
PERFMODEL_EXPORT std::vector<Configuration> sample_latin_hypercube(const ConfigSpace& space, std::size_t count,
                                                                   std::uint64_t seed);
/// All combinations of the levels of `swept` options (by index), the others at their defaults; in the space's order.
/// @throws Error also kInvalidArgument: more than `limit` combinations; no such option, an option twice.
PERFMODEL_EXPORT std::vector<Configuration> full_factorial(const ConfigSpace& space,
                                                           const std::vector<std::size_t>& swept,
                                                           std::uint64_t limit = 1000000);
/// The default, and every other level of each option with all others at their defaults.
PERFMODEL_EXPORT std::vector<Configuration> one_at_a_time(const ConfigSpace& space);
/// A small set in which every feasible pair of levels of every two options occurs together (greedy; integer options
/// with more than `max_levels` levels are covered at that many spread over their range, and a pair for which a bounded
/// search finds no feasible configuration counts as infeasible). With one option, each of its levels.
/// @throws Error also kInvalidArgument: max_levels not in 2 to 10000; more than 10^6 pairs.
PERFMODEL_EXPORT std::vector<Configuration> cover_pairs(const ConfigSpace& space, std::uint64_t seed,
                                                        std::uint64_t max_levels = 16);

}  // namespace perfmodel
