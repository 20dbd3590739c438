#pragma once

#include "perfmodel/train/mlp.h"
#include "perfmodel/train/resperfnet.h"

namespace perfmodel {

/// @throws Error kInvalidArgument: an option out of range; says its name, its value and what is allowed.
void check_options(const ResPerfNetOptions& options);
void check_options(const MlpOptions& options);

}  // namespace perfmodel
