#include "predict/triangle.h"

namespace perfmodel {

std::vector<double> pack_lower(const std::vector<double>& square, std::size_t n) {
  std::vector<double> packed;
  packed.reserve(packed_size(n));
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) packed.push_back(square[i * n + j]);
  }
  return packed;
}

std::vector<double> unpack_lower(const std::vector<double>& packed, std::size_t n) {
  std::vector<double> square(n * n, 0.0);
  const double* element = packed.data();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) square[i * n + j] = *element++;
  }
  return square;
}

void solve_lower(const std::vector<double>& packed, std::size_t n, double* lines, std::size_t count) noexcept {
  const double* column = packed.data();  // from the diagonal down
  for (std::size_t j = 0; j < n; column += n - j, ++j) {
    double* const line = lines + j * count;
    for (std::size_t b = 0; b < count; ++b) line[b] /= column[0];
    for (std::size_t i = 1; i < n - j; ++i) {
      double* const below = line + i * count;
      for (std::size_t b = 0; b < count; ++b) below[b] -= column[i] * line[b];
    }
  }
}

}  // namespace perfmodel
