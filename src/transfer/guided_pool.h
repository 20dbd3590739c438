#pragma once

#include <cstddef>
#include <string>
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

/// What guided sampling takes from the source. Terms are of OptionColumns: one that names a label of an option sweeps
/// the option, once.
struct GuidedPool {
  std::vector<StepwiseTerm> terms;      ///< that matter, the most important first; features are columns
  std::vector<std::string> columns;     ///< their names
  std::vector<std::size_t> candidates;  ///< the union of their sweeps, in the order of measuring: one of each term in
                                        ///< turn, each term's in random order
};
/// A term in words: "gpu (coefficient -3.2 time_ms per standard deviation, p 0.001)", "gpu and cores act together
/// (...)".
/// @param columns  names of the term's features
/// @param target   what the coefficient is in
std::string describe_term(const StepwiseTerm& term, const std::vector<std::string>& columns, const std::string& target);

/// @throws what stepwise_regression() and OptionColumns throw.
GuidedPool make_guided_pool(const TransferProblem& problem, const TransferOptions& options);

}  // namespace perfmodel
