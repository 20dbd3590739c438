#pragma once

#include <vector>

#include "setting_choice.h"

namespace perfmodel::bench {

/// What the study tries of learners whose settings the papers leave open.

std::vector<Setting> polynomial_settings();  ///< degrees, the time itself as target
/// Depths and rates, as many trees as validation rows want, up to 4 000.
/// @param log_target  the logarithm of the time as target, else the time itself
std::vector<Setting> xgboost_settings(bool log_target);
std::vector<Setting> mlp_settings();  ///< hidden layers, the logarithm of the time as target

}  // namespace perfmodel::bench
