#pragma once

#include <cstddef>
#include <cstdint>

#include "perfmodel/core/random.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// What the drawing of layers of all kinds shares.

constexpr std::int64_t kMaxBatchDrawn = 64;
constexpr std::int64_t kMaxSideDrawn = 512;

struct Weighted {
  std::int64_t value;
  double weight;  // the weights of a table add up to 1
};

template <std::size_t n>
std::int64_t pick(const Weighted (&table)[n], Random& random) {
  double rest = random.uniform();
  for (const Weighted& entry : table) {
    rest -= entry.weight;
    if (rest < 0) return entry.value;
  }
  return table[n - 1].value;
}

std::int64_t round_to_multiple(std::int64_t value, std::int64_t unit);
std::int64_t scale(std::int64_t value, double factor);
Pads equal_pads(std::int64_t pad);

/// Log-uniform up to `high`, mostly a multiple of 8. REQUIRES: `high` is a multiple of 8.
std::int64_t draw_channels(std::int64_t high, Random& random);

/// A square in four of five cases, sides up to kMaxSideDrawn.
Size2 draw_size(Random& random);

}  // namespace perfmodel
