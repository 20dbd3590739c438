#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace perfmodel {

/// Whether no value is infinite or not a number. Looks at all of them without a branch, several at a time.
inline bool all_finite(const std::vector<float>& values) noexcept {
  constexpr std::uint32_t kExponent = 0x7F800000;
  std::uint32_t num_bad = 0;
  for (const float& value : values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    num_bad += (bits & kExponent) == kExponent ? 1U : 0U;
  }
  return num_bad == 0;
}

}  // namespace perfmodel
