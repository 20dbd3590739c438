#pragma once

#include <cstddef>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel {

/// How a transfer went on a target whose every candidate has been measured already. Errors are on candidates that the
/// session was not told.
struct ReplayResult {
  std::vector<std::size_t> measured;  ///< candidates, in the order of asking
  double measured_sum = 0;            ///< of the measured values: what measuring cost, where the objective is a time
  std::size_t num_compared = 0;       ///< candidates that were not measured
  double mape_pct = 0;
  double coverage_pct = 0;         ///< share of the compared candidates within their interval; NaN without intervals
  double interval_width_pct = 0;   ///< mean of (upper - lower) / mean; NaN without intervals
  std::size_t predicted_best = 0;  ///< candidate of the least value: the predicted one, or the measured one if measured
  double regret_pct = 0;           ///< by how much its true value is above the least of all
};

/// Lets `session` ask for up to `budget` candidates, tells it their values, and compares its model with all others.
/// @param values  one per candidate of the session's problem, > 0
/// @throws what the session throws; Error kMismatch (number of values), kInvalidArgument (a value that is not > 0, or
///         nothing left to compare with).
PERFMODEL_EXPORT ReplayResult replay_transfer(TransferSession& session, const TransferProblem& problem,
                                              Span<const double> values, std::size_t budget);

}  // namespace perfmodel
