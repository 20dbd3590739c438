#pragma once

#include <cstdint>
#include <utility>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// Seeded pseudo-random numbers, the same on every platform and compiler (those made from reals or logarithms: to
/// within the rounding of the machine's arithmetic and libm).
///
/// xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. The distributions are our own because the
/// standard's differ between libraries. Not for cryptography. One object per thread; copies continue alike.
class PERFMODEL_EXPORT Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;

  /// An independent generator for sub-task `stream`; does not advance this one.
  Random fork(std::uint64_t stream) const noexcept;

  std::uint64_t bits() noexcept;                                           ///< 64 uniform bits
  double uniform() noexcept;                                               ///< in [0, 1), 53 bits
  double uniform(double low, double high) noexcept;                        ///< in [low, high)
  double log_uniform(double low, double high) noexcept;                    ///< log in [log low, log high); 0 < low
  std::int64_t integer(std::int64_t low, std::int64_t high) noexcept;      ///< in [low, high], unbiased
  std::int64_t log_integer(std::int64_t low, std::int64_t high) noexcept;  ///< log-uniform in [low, high]; 1 <= low
  double normal() noexcept;                                                ///< mean 0, variance 1
  bool chance(double probability) noexcept { return uniform() < probability; }

  /// Puts `items` in random order (Fisher-Yates).
  template <typename T>
  void shuffle(Span<T> items) noexcept {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(integer(0, static_cast<std::int64_t>(i) - 1))]);
    }
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace perfmodel
