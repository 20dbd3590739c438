#pragma once

#include <cstdint>
#include <cstring>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Whether a value is neither infinite nor not a number; by its bits, so that compilers look at several at a time.
inline bool is_finite(const float& value) noexcept {
  constexpr std::uint32_t kExponent = 0x7F800000;
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits & kExponent) != kExponent;
}

/// Whether all values are; looks at all of them without a branch.
inline bool all_finite(Span<const float> values) noexcept {
  std::uint32_t num_bad = 0;
  for (const float& value : values) num_bad += is_finite(value) ? 0U : 1U;
  return num_bad == 0;
}

}  // namespace perfmodel
