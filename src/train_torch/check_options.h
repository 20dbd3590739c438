#pragma once

#include "perfmodel/train/resperfnet.h"

namespace perfmodel {

/// @throws Error kInvalidArgument: an option out of range; says its name, its value and what is allowed.
void check_options(const ResPerfNetOptions& options);

}  // namespace perfmodel
