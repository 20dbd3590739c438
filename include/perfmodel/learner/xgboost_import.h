#pragma once

#include <cstddef>
#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// A model that XGBoost itself wrote, to predict without XGBoost: a file of XGBoosterSaveModel(), or save_model() in
/// Python, in JSON or UBJSON, told apart by its first bytes. Read are boosted trees (gbtree) of one output and numeric
/// splits under the objectives reg:squarederror, reg:squaredlogerror, reg:absoluteerror, reg:pseudohubererror,
/// reg:gamma, reg:tweedie and count:poisson. All trees count, also those after the best round of early stopping.
///
/// Sums of leaves are XGBoost's bit for bit, in float32 in the order of the trees; where an objective takes their
/// exponential (reg:gamma, reg:tweedie, count:poisson), ours is in double precision. Missing values are taken, and go
/// XGBoost's ways. Features have the file's names, or f0, f1 and so on; their ranges are unknown, so every finite row
/// counts as in domain. There is no interval; feature_importance() is XGBoost's total gain.
///
/// @param target  name of what the model predicts; its ending is the unit, e.g. "time_ms"
/// @throws Error kNotFound, kPermission, kIo (file); kCorrupt (neither JSON nor UBJSON, truncated, inconsistent, a tree
///         that does not end); kUnsupported (another booster, objective or kind of split, several outputs; says which).
PERFMODEL_EXPORT Model import_xgboost(const std::string& path, const std::string& target = "prediction");
/// The same from memory; nothing of it is referred to afterwards.
PERFMODEL_EXPORT Model import_xgboost(Span<const std::byte> file, const std::string& target = "prediction");

}  // namespace perfmodel
