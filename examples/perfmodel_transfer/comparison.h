#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "options.h"
#include "perfmodel/core/span.h"
#include "perfmodel/transfer/replay.h"
#include "tables.h"

namespace perfmodel::tools {

/// How one strategy did with one learner on one target: means over repeats from different seeds.
struct Comparison {
  std::string target, strategy, learner;
  std::size_t budget = 0, measured = 0;
  int repeats = 0;
  double mape_pct = 0, mape_pct_std = 0;  ///< on what was not measured; standard deviation over the repeats
  double coverage_pct = 0, interval_width_pct = 0;
  double regret_pct = 0;           ///< by how much the configuration predicted best is worse than the best
  std::string best_configuration;  ///< which that was in the first repeat, a JSON object of options
  double best_regret_pct = 0;      ///< of that one
  double measuring_sum = 0;        ///< of the costs of what was measured
  std::vector<std::string> words;  ///< what the first repeat's session explains
};

struct ComparisonOptions {
  TransferOptions transfer;  ///< its seed is that of the first repeat
  int repeats = 10;
  Span<const double> costs;            ///< one per configuration of the target; empty: its values
  std::function<void()> after_repeat;  ///< may be empty
};

/// @param source  fitted on the problem's source by the learner
Comparison compare(const std::string& strategy, const LearnerPair& learner, const Model& source,
                   const TransferProblem& problem, const MeasuredTable& target, const ComparisonOptions& options);

}  // namespace perfmodel::tools
