#pragma once

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// @param what  what the two belong to, e.g. "predictors"
/// @throws Error kMismatch: they differ; says in what.
void require_same_environment(const Environment& first, const Environment& other, const char* what);

}  // namespace perfmodel
