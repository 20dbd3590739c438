#include "core/crc32c.h"

#include <array>
#include <cstring>

namespace perfmodel {
namespace {

constexpr std::uint32_t kReversedPolynomial = 0x82F63B78;
constexpr std::size_t kSlices = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, kSlices>;

/// tables[k][b]: the checksum of byte b followed by k zero bytes ("slicing by 8", Kounavis and Berry, 2005).
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReversedPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[slice - 1][byte];
      tables[slice][byte] = (crc >> 8) ^ tables[0][crc & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t with_tables(const unsigned char* bytes, std::size_t size, std::uint32_t crc) noexcept {
  for (; size >= kSlices; size -= kSlices, bytes += kSlices) {
    std::uint32_t low, high;
    std::memcpy(&low, bytes, sizeof low);
    std::memcpy(&high, bytes + sizeof low, sizeof high);
    low ^= crc;
    crc = kTables[7][low & 0xFF] ^ kTables[6][(low >> 8) & 0xFF] ^ kTables[5][(low >> 16) & 0xFF] ^
          kTables[4][low >> 24] ^ kTables[3][high & 0xFF] ^ kTables[2][(high >> 8) & 0xFF] ^
          kTables[1][(high >> 16) & 0xFF] ^ kTables[0][high >> 24];
  }
  for (; size > 0; --size, ++bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
/// Product of two polynomials modulo the checksum's. The highest bit of a number is x^0, as in a checksum.
std::uint32_t multiply(std::uint32_t a, std::uint32_t b) noexcept {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    product ^= b & (0 - (a >> 31));
    b = (b >> 1) ^ (kReversedPolynomial & (0 - (b & 1)));
  }
  return product;
}

/// x^(8 size): times it, a checksum is that of the same bytes followed by `size` zero bytes.
std::uint32_t shift_by(std::size_t size) noexcept {
  std::uint32_t shift = 0x80000000, square = 0x80000000 >> 8;
  for (; size > 0; size >>= 1) {
    if ((size & 1) != 0) shift = multiply(shift, square);
    square = multiply(square, square);
  }
  return shift;
}

[[gnu::target("sse4.2")]] std::uint32_t in_one_stream(const unsigned char* bytes, std::size_t size,
                                                      std::uint32_t crc) noexcept {
  std::uint64_t word, wide = crc;
  for (; size >= sizeof word; size -= sizeof word, bytes += sizeof word) {
    std::memcpy(&word, bytes, sizeof word);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; size > 0; --size, ++bytes) crc = __builtin_ia32_crc32qi(crc, *bytes);
  return crc;
}

/// The processor begins an instruction in every cycle and takes three for each: thirds that are summed up at once, and
/// put together as if one followed the other.
[[gnu::target("sse4.2")]] std::uint32_t with_instructions(const unsigned char* bytes, std::size_t size,
                                                          std::uint32_t crc) noexcept {
  constexpr std::size_t kLong = 65536;  // for less it is not worth putting together
  if (size < kLong) return in_one_stream(bytes, size, crc);
  const std::size_t third = size / 3 / sizeof(std::uint64_t) * sizeof(std::uint64_t);
  std::uint64_t words[3], sums[3] = {crc, 0, 0};
  for (std::size_t at = 0; at < third; at += sizeof(std::uint64_t)) {
    for (std::size_t i = 0; i < 3; ++i) {
      std::memcpy(&words[i], bytes + i * third + at, sizeof words[i]);
      sums[i] = __builtin_ia32_crc32di(sums[i], words[i]);
    }
  }
  const std::uint32_t shift = shift_by(third);
  crc = static_cast<std::uint32_t>(sums[0]);
  for (std::size_t i = 1; i < 3; ++i) crc = multiply(shift, crc) ^ static_cast<std::uint32_t>(sums[i]);
  return in_one_stream(bytes + 3 * third, size - 3 * third, crc);
}

bool has_instructions() noexcept {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}
#endif

}  // namespace

std::uint32_t crc32c(const void* data, std::size_t size, std::uint32_t previous) noexcept {
  const auto* bytes = static_cast<const unsigned char*>(data);
#if defined(__x86_64__)
  if (has_instructions()) return ~with_instructions(bytes, size, ~previous);
#endif
  return ~with_tables(bytes, size, ~previous);
}

}  // namespace perfmodel
