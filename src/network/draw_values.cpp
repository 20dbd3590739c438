#include "network/draw_values.h"

#include <algorithm>
#include <cmath>

namespace perfmodel {

std::int64_t round_to_multiple(std::int64_t value, std::int64_t unit) {
  return (value + unit / 2) / unit * unit;
}

std::int64_t scale(std::int64_t value, double factor) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(value) * factor));
}

Pads equal_pads(std::int64_t pad) {
  return {pad, pad, pad, pad};
}

std::int64_t draw_channels(std::int64_t high, Random& random) {
  const std::int64_t channels = random.log_integer(1, high);
  const std::int64_t rounded = round_to_multiple(channels, 8);
  return random.chance(0.6) && rounded > 0 ? rounded : channels;
}

Size2 draw_size(Random& random) {
  const std::int64_t height = random.log_integer(1, kMaxSideDrawn);
  if (random.chance(0.8)) return {height, height};
  return {height, std::min(scale(height, random.log_uniform(0.25, 4.0)), kMaxSideDrawn)};
}

}  // namespace perfmodel
