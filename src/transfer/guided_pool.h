#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/learner/regression.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel {

/// The candidates that sweep one term (a main effect or an interaction): for every combination of levels of its
/// options that a candidate has, the one whose other options are nearest to their defaults, counted in levels over
/// num_levels. Where a candidate has all others at their defaults, that is the paper's sweep; where constraints tie
/// options together (cores that can only be switched off in order), the option is swept all the same.
/// @param options  the term's, by index in the space
/// @return         candidates, ascending
std::vector<std::size_t> sweep_term(const ConfigSpace& space, const std::vector<Configuration>& candidates,
                                    const std::vector<std::size_t>& options);

/// What guided sampling takes from the source.
struct GuidedPool {
  std::vector<StepwiseTerm> terms;      ///< that matter, the most important first
  std::vector<std::size_t> candidates;  ///< the union of their sweeps, in the order of measuring: one of each term in
                                        ///< turn, each term's in random order
};
/// @throws what stepwise_regression() throws.
GuidedPool make_guided_pool(const TransferProblem& problem, const TransferOptions& options);

}  // namespace perfmodel
