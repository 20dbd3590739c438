#pragma once

#include "perfmodel/train/xgboost.h"

namespace perfmodel {

/// @throws Error kInvalidArgument: an option out of range; says its name, its value and what is allowed.
void check_options(const XGBoostOptions& options);

}  // namespace perfmodel
