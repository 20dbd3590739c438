#pragma once

#include <string>

#include "options.h"
#include "perfmodel/core/callbacks.h"
#include "perfmodel/learner/model.h"
#include "tables.h"

namespace perfmodel::tools {

/// The table of the source. Its options are those of `--source-space`; without that, the columns that `--space` names;
/// without that, all columns but the objective and the ignored ones. Rows that repeat a configuration, and
/// values that are not above 0, are said on standard error.
/// @throws Error as space_of(), space_like() and measured_table().
MeasuredTable read_source(const TransferToolOptions& options);

/// The same of a table that stands for the target.
MeasuredTable read_target(const TransferToolOptions& options, const std::string& path);

/// The model of the source. Strategies use its answers alone, so that it has no interval and learns from all rows.
/// @throws Error as make_indicator_learner() and Learner::fit().
Model fit_source(const LearnerPair& learner, const TransferProblem& problem, const TransferToolOptions& options,
                 const Callbacks& callbacks = {});

}  // namespace perfmodel::tools
