#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/learner/regression.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel::tools {

/// A larger space is represented by that many of its configurations.
inline constexpr std::size_t kMaxCandidates = 20000;

/// What may be measured of a target, and predicted.
struct Candidates {
  std::vector<Configuration> configurations;  ///< without repeats
  bool is_whole_space = true;
};

/// All of a space, or kMaxCandidates of it: the default, each option and each of `swept` varied alone around it, and
/// the rest at random. Options of many levels are varied over some that are evenly spread. Where a constraint forbids a
/// configuration, the nearest one takes its place.
/// @param swept  sets of options by index, the most important first: what a strategy wants to vary together
Candidates candidates_of(const ConfigSpace& space, const std::vector<std::vector<std::size_t>>& swept,
                         std::uint64_t seed);

/// The options of the terms that guided sampling finds in the source, by index in the target's space, the most
/// important term first; those that the target has not are left out.
/// @param problem  its candidates do not matter
/// @throws Error as stepwise_regression().
std::vector<std::vector<std::size_t>> guided_options(const TransferProblem& problem, const TransferOptions& options);

}  // namespace perfmodel::tools
