#pragma once

#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// What any learner says of a model fitted on `data`: features with units (from their names) and ranges, `used` unless
/// a feature does not vary, target, number of rows and hash. No calibration, no held-out report.
/// @param data  the rows that the fit saw.  REQUIRES: not empty.
PERFMODEL_EXPORT ModelInfo training_info(const std::string& kind, const Dataset& data);

/// Checks what any learner is given.
/// @throws Error kInvalidArgument: no rows, options out of range; kCancelled: the caller's callback says so.
PERFMODEL_EXPORT void check_fit(const Dataset& data, const FitOptions& options);

/// @param who  the learner, for messages
/// @throws Error kInvalidArgument: fewer than `least` rows.
PERFMODEL_EXPORT void require_rows(const Dataset& data, std::size_t least, const std::string& who);
/// @param who  the learner, and with which option, for messages
/// @throws Error kInvalidArgument: a target <= 0; names its row.
PERFMODEL_EXPORT void require_positive_targets(const Dataset& data, const std::string& who);

}  // namespace perfmodel
