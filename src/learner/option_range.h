#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "perfmodel/core/error.h"

namespace perfmodel {

/// Checks of a learner's numeric options.
/// @throws Error kInvalidArgument: the option's name, its value and what is allowed.
inline void require_between(const char* option, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("option '{}' is {}, allowed is {} to {}", option, value, low, high));
}

inline void require_at_least(const char* option, double value, double low) {
  if (value >= low && std::isfinite(value)) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("option '{}' is {}, at least {} is allowed", option, value, low));
}

inline void require_above_zero(const char* option, double value) {
  if (value > 0 && std::isfinite(value)) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("option '{}' is {}, more than 0 is allowed", option, value));
}

}  // namespace perfmodel
