#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/transfer/transfer.h"

namespace perfmodel::bench {

/// A strategy as the study runs it: by its own name, or "gs_aic", guided sampling whose terms go in and out by AIC.
struct StudyMethod {
  std::string name;
  std::string strategy;
  StepwiseOptions guided_terms;
};

/// @param names  of methods, or "all"
/// @throws Error kUnsupported: an unknown name.
std::vector<StudyMethod> study_methods(const std::vector<std::string>& names);

/// How many configurations of a target are measured: a number, or with "pool" as many as guided sampling sweeps there.
struct StudyBudget {
  std::string name;       ///< "19", "pool"
  std::size_t count = 0;  ///< 0: the pool
};

/// @throws Error kInvalidArgument: neither a positive number nor "pool".
StudyBudget study_budget(const std::string& name);

/// The number that the budget is for this method; methods without a pool of their own take that of "gs".
std::size_t measurements_of(const StudyBudget& budget, const StudyMethod& method, const TransferProblem& problem);

}  // namespace perfmodel::bench
