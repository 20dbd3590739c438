#include "predict/matrix_product.h"

#include <Eigen/Core>
#include <algorithm>

namespace perfmodel {
namespace {

/// Sides of the panels that a product is cut into. Eigen copies each operand's panel into a buffer: on the stack while
/// that takes at most EIGEN_STACK_ALLOCATION_LIMIT bytes, on the heap beyond.
constexpr std::size_t kPanel = 128;
static_assert(kPanel * kPanel * sizeof(float) <= EIGEN_STACK_ALLOCATION_LIMIT, "a panel must fit Eigen's stack buffer");

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Panel = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using ConstPanel = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

/// out += in * weights for one panel of each; the strides are those of the whole matrices.
void add_panel_product(const float* in, std::size_t depth_stride, const float* weights, float* out,
                       std::size_t col_stride, std::size_t rows, std::size_t depth, std::size_t cols) noexcept {
  const auto index = [](std::size_t size) { return static_cast<Eigen::Index>(size); };
  const ConstPanel a(in, index(rows), index(depth), Eigen::OuterStride<>(index(depth_stride)));
  const ConstPanel b(weights, index(depth), index(cols), Eigen::OuterStride<>(index(col_stride)));
  Panel c(out, index(rows), index(cols), Eigen::OuterStride<>(index(col_stride)));
  c.noalias() += a * b;
}

}  // namespace

void multiply(const float* in, std::size_t rows, std::size_t depth, const float* weights, std::size_t cols,
              const float* bias, float* out) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    if (bias != nullptr) {
      std::copy(bias, bias + cols, out + i * cols);
    } else {
      std::fill(out + i * cols, out + (i + 1) * cols, 0.0F);
    }
  }
  for (std::size_t i = 0; i < rows; i += kPanel) {
    for (std::size_t j = 0; j < cols; j += kPanel) {
      for (std::size_t k = 0; k < depth; k += kPanel) {
        add_panel_product(in + i * depth + k, depth, weights + k * cols + j, out + i * cols + j, cols,
                          std::min(kPanel, rows - i), std::min(kPanel, depth - k), std::min(kPanel, cols - j));
      }
    }
  }
}

void relu(float* values, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) values[i] = values[i] < 0.0F ? 0.0F : values[i];
}

void hyperbolic_tangent(float* values, std::size_t count) noexcept {
  Eigen::Map<Eigen::ArrayXf> array(values, static_cast<Eigen::Index>(count));
  array = array.tanh();
}

}  // namespace perfmodel
