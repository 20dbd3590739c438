#pragma once

#include <cstddef>
#include <vector>

namespace perfmodel {

/// Elements of a packed lower triangle with n rows. It is packed column by column, each from its diagonal element down,
/// so that solving for a single right-hand side reads it in order.
constexpr std::size_t packed_size(std::size_t n) noexcept {
  return n * (n + 1) / 2;
}

/// The lower triangle of an n x n matrix, which is row-major.
std::vector<double> pack_lower(const std::vector<double>& square, std::size_t n);
/// The n x n matrix of a packed triangle, zeros above the diagonal.
std::vector<double> unpack_lower(const std::vector<double>& packed, std::size_t n);

/// Solves L X = B in place, without allocating: `lines` is B, n x count, row-major. Each column's answer does not
/// depend on the others.
/// @param packed  L, of n rows, no zero on its diagonal
void solve_lower(const std::vector<double>& packed, std::size_t n, double* lines, std::size_t count) noexcept;

}  // namespace perfmodel
