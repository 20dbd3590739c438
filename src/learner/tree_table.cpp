#include "learner/tree_table.h"

#include <algorithm>
#include <array>
#include <limits>

namespace perfmodel {
namespace {

constexpr std::uint32_t kSignBit = 0x80000000;

/// Unsigned numbers in the order of the floats they stand for.
std::uint32_t key_of(double value) noexcept {
  constexpr double kLargest = std::numeric_limits<float>::max();
  const float rounded = static_cast<float>(std::clamp(value, -kLargest, kLargest)) + 0.0F;  // -0 becomes 0
  std::uint32_t bits = 0;
  std::memcpy(&bits, &rounded, sizeof(bits));
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

float value_of(std::uint32_t key) noexcept {
  const std::uint32_t bits = (key & kSignBit) != 0 ? key & ~kSignBit : ~key;
  float value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// A key above the row it belongs to: one number to sort by both.
using KeyedRow = std::uint64_t;
constexpr int kRowBits = 32;

/// Sorts by key from the lowest digit to the highest; rows of equal key keep their order.
void radix_sort(std::vector<KeyedRow>& rows, std::vector<KeyedRow>& buffer) {
  constexpr int kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  for (int shift = kRowBits; shift < 2 * kRowBits; shift += kDigitBits) {
    const auto digit = [shift](KeyedRow row) { return static_cast<std::size_t>(row >> shift) & (kDigits - 1); };
    std::array<std::uint32_t, kDigits> place = {};
    for (const KeyedRow row : rows) ++place[digit(row)];
    if (place[digit(rows.front())] == rows.size()) continue;  // all alike
    std::uint32_t before = 0;
    for (std::uint32_t& slot : place) {
      const std::uint32_t count = slot;
      slot = before;
      before += count;
    }
    for (const KeyedRow row : rows) buffer[place[digit(row)]++] = row;
    rows.swap(buffer);
  }
}

}  // namespace

SortedValue::SortedValue(float value, std::uint32_t row) noexcept : word_(row) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  word_ |= std::uint64_t{bits} << 32;
}

TreeTable::TreeTable(MatrixView<const double> rows) : rows_(rows), values_(rows.rows() * rows.cols()) {
  if (num_rows() == 0) return;
  constexpr std::size_t kFewRows = 1000;  // where comparing is faster than counting digits
  std::vector<KeyedRow> keyed(num_rows()), buffer(num_rows());
  for (std::size_t j = 0; j < num_features(); ++j) {
    for (std::size_t i = 0; i < num_rows(); ++i) keyed[i] = KeyedRow{key_of(rows(i, j))} << kRowBits | i;
    if (num_rows() < kFewRows) {
      std::sort(keyed.begin(), keyed.end());
    } else {
      radix_sort(keyed, buffer);
    }
    SortedValue* const out = values_.data() + j * num_rows();
    for (std::size_t i = 0; i < num_rows(); ++i) {
      out[i] = {value_of(static_cast<std::uint32_t>(keyed[i] >> kRowBits)), static_cast<std::uint32_t>(keyed[i])};
    }
  }
}

}  // namespace perfmodel
