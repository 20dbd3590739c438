#include "predict/triangle.h"

#include <algorithm>

namespace perfmodel {

std::vector<double> pack_lower(const std::vector<double>& square, std::size_t n) {
  std::vector<double> packed;
  packed.reserve(packed_size(n));
  for (std::size_t i = 0; i < n; ++i) {
    packed.insert(packed.end(), square.data() + i * n, square.data() + i * n + i + 1);
  }
  return packed;
}

std::vector<double> unpack_lower(const std::vector<double>& packed, std::size_t n) {
  std::vector<double> square(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    std::copy_n(packed.data() + packed_size(i), i + 1, square.data() + i * n);
  }
  return square;
}

void solve_lower(const std::vector<double>& packed, std::size_t n, double* lines, std::size_t count) noexcept {
  const double* row = packed.data();
  for (std::size_t i = 0; i < n; ++i, row += i) {
    double* const line = lines + i * count;
    for (std::size_t j = 0; j < i; ++j) {
      const double* const other = lines + j * count;
      for (std::size_t b = 0; b < count; ++b) line[b] -= row[j] * other[b];
    }
    for (std::size_t b = 0; b < count; ++b) line[b] /= row[i];
  }
}

}  // namespace perfmodel
