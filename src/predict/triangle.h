#pragma once

#include <cstddef>
#include <vector>

namespace perfmodel {

/// Elements of a packed lower triangle with n rows: row i, of i + 1 elements, begins at packed_size(i).
constexpr std::size_t packed_size(std::size_t n) noexcept {
  return n * (n + 1) / 2;
}

/// The lower triangle of an n x n matrix, row by row.
std::vector<double> pack_lower(const std::vector<double>& square, std::size_t n);
/// The n x n matrix of a packed triangle, zeros above the diagonal.
std::vector<double> unpack_lower(const std::vector<double>& packed, std::size_t n);

/// Solves L X = B in place, without allocating: `lines` is B, n x count, row-major. Each column's answer does not
/// depend on the others.
/// @param packed  L, of n rows, no zero on its diagonal
void solve_lower(const std::vector<double>& packed, std::size_t n, double* lines, std::size_t count) noexcept;

}  // namespace perfmodel
