#pragma once

// Solving with a lower triangle for many right-hand sides at once, and for one: see ProcessLoops.

#include "predict/simd/kernels.h"
#include "predict/simd/vector.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

constexpr int kSolveVectors = 2;  ///< of rows
constexpr int kSolveLines = PERFMODEL_SIMD_BYTES == 64 ? 8 : 6;
static_assert(kSolveLines * kSolveVectors + kSolveVectors + 1 <= kRegisters, "a tile must fit in registers");
static_assert(kProcessRows % (kSolveVectors * kDoubles) == 0, "rows in whole tiles");

/// kLines lines of the answer from line `first` on, for kSolveVectors vectors of rows: in registers, from the lines
/// above to the triangle on the diagonal, so that each line is written once.
template <int kLines>
void solve_lines(const LowerTriangle& triangle, std::size_t first, double* lines, Doubles* squares) noexcept {
  Doubles sums[kLines][kSolveVectors];
  for (int i = 0; i < kLines; ++i) {
    const double* const line = lines + (first + static_cast<std::size_t>(i)) * kProcessRows;
    for (int v = 0; v < kSolveVectors; ++v) sums[i][v] = load<Doubles>(line + v * kDoubles);
  }
  const double* column = triangle.packed + first;  // where it meets line `first`
  for (std::size_t j = 0; j < first; ++j, column += triangle.n - j) {
    Doubles solved[kSolveVectors];
    for (int v = 0; v < kSolveVectors; ++v) solved[v] = load<Doubles>(lines + j * kProcessRows + v * kDoubles);
#pragma GCC unroll 16
    for (int i = 0; i < kLines; ++i) {
      for (int v = 0; v < kSolveVectors; ++v) sums[i][v] -= column[i] * solved[v];
    }
  }
#pragma GCC unroll 16
  for (int j = 0; j < kLines; ++j) {
    const std::size_t line = first + static_cast<std::size_t>(j);
    for (int v = 0; v < kSolveVectors; ++v) {
      sums[j][v] *= triangle.inverse_diagonal[line];
      squares[v] += sums[j][v] * sums[j][v];
      store(lines + line * kProcessRows + v * kDoubles, sums[j][v]);
    }
#pragma GCC unroll 16
    for (int i = j + 1; i < kLines; ++i) {
      for (int v = 0; v < kSolveVectors; ++v) sums[i][v] -= column[i] * sums[j][v];
    }
    column += triangle.n - line - 1;
  }
}

/// Lines that make no full tile come first, where little is to be subtracted from each.
inline void solve_lower_of_rows(const LowerTriangle& triangle, double* lines, double* squares) noexcept {
  for (std::size_t row = 0; row < kProcessRows; row += kSolveVectors * kDoubles) {
    Doubles sums[kSolveVectors] = {};
    std::size_t line = 0;
    for (; line < triangle.n % kSolveLines; ++line) solve_lines<1>(triangle, line, lines + row, sums);
    for (; line < triangle.n; line += kSolveLines) solve_lines<kSolveLines>(triangle, line, lines + row, sums);
    for (int v = 0; v < kSolveVectors; ++v) store(squares + row + v * kDoubles, sums[v]);
  }
}

inline void solve_lower_of_row(const LowerTriangle& triangle, double* line, double* squares) noexcept {
  const double* column = triangle.packed;
  double sum = 0;
  for (std::size_t j = 0, n = triangle.n; j < n; column += n - j, ++j, ++line) {
    const double solved = line[0] * triangle.inverse_diagonal[j];
    line[0] = solved;
    sum += solved * solved;
    for (std::size_t i = 1; i < n - j; ++i) line[i] -= column[i] * solved;
  }
  *squares = sum;
}

template <std::size_t kLanes>
void subtract_products(const double* weights, std::size_t n, std::size_t num_out, const double* lines,
                       double* out) noexcept {
  for (std::size_t c = 0; c < num_out; ++c, out += kLanes) {
    double sums[kLanes];
    for (std::size_t b = 0; b < kLanes; ++b) sums[b] = out[b];
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t b = 0; b < kLanes; ++b) sums[b] -= weights[i * num_out + c] * lines[i * kLanes + b];
    }
    for (std::size_t b = 0; b < kLanes; ++b) out[b] = sums[b];
  }
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
