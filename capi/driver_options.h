#pragma once

#include <string>

#include "measure_handles.h"

namespace perfmodel::capi {

perfmodel_driver_options default_driver_options() noexcept;

/// @param given  NULL: all defaults
/// @throws Error kInvalidArgument.
KnobDriverOptions driver_options_from_c(const perfmodel_driver_options* given);

}  // namespace perfmodel::capi
