#include "perfmodel/core/random.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perfmodel {
namespace {

/// splitmix64 (Steele, Lea and Flood, 2014; Vigna's public-domain form): advances `state`, returns its next number.
std::uint64_t splitmix64(std::uint64_t& state) noexcept {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

constexpr std::uint64_t rotate_left(std::uint64_t x, int bits) noexcept {
  return (x << bits) | (x >> (64 - bits));
}

/// Keeps `x` in [low, high) where rounding carried it out.
double clamp_below(double x, double low, double high) noexcept {
  return std::max(low, x < high ? x : std::nextafter(high, low));
}

}  // namespace

Random::Random(std::uint64_t seed) noexcept {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

Random Random::fork(std::uint64_t stream) const noexcept {
  std::uint64_t mixed = stream;
  for (const std::uint64_t word : state_) {
    mixed ^= word;
    mixed = splitmix64(mixed);
  }
  return Random(mixed);
}

std::uint64_t Random::bits() noexcept {
  const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

double Random::uniform() noexcept {
  return static_cast<double>(bits() >> 11) * 0x1.0p-53;
}

double Random::uniform(double low, double high) noexcept {
  return clamp_below(low + (high - low) * uniform(), low, high);
}

double Random::log_uniform(double low, double high) noexcept {
  return clamp_below(std::exp(uniform(std::log(low), std::log(high))), low, high);
}

std::int64_t Random::integer(std::int64_t low, std::int64_t high) noexcept {
  const std::uint64_t last = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  std::uint64_t offset = bits();
  if (last != std::numeric_limits<std::uint64_t>::max()) {
    // Numbers past the last whole multiple of `count` would favour small offsets: draw again.
    const std::uint64_t count = last + 1;
    const std::uint64_t excess = (0 - count) % count;
    while (offset > std::numeric_limits<std::uint64_t>::max() - excess) offset = bits();
    offset %= count;
  }
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

std::int64_t Random::log_integer(std::int64_t low, std::int64_t high) noexcept {
  const double drawn = log_uniform(static_cast<double>(low), static_cast<double>(high) + 1);
  return drawn >= static_cast<double>(high) ? high : static_cast<std::int64_t>(drawn);
}

double Random::normal() noexcept {
  // Marsaglia's polar method; the second number is dropped so that copies continue alike.
  for (;;) {
    const double x = uniform(-1, 1), y = uniform(-1, 1);
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

}  // namespace perfmodel
