#include "predict/packed_weights.h"

#include <algorithm>

namespace perfmodel {

PackedWeights::PackedWeights(const simd::Kernels& kernels, const float* weights, std::size_t num_groups,
                             std::size_t group, std::size_t group_stride, std::size_t columns, const float* bias)
    : panel_columns_(kernels.panel_columns),
      num_groups_(num_groups),
      group_(group),
      group_stride_(group_stride),
      columns_(columns),
      weights_(depth() * this->columns()),
      bias_(this->columns()) {
  if (bias != nullptr) std::copy(bias, bias + columns, bias_.begin());
  for (std::size_t input = 0; input < num_groups * group; ++input) {
    for (std::size_t first = 0; first < columns; first += panel_columns_) {
      const std::size_t count = std::min(panel_columns_, columns - first);
      std::copy_n(weights + input * columns + first, count, weights_.data() + place(input, first));
    }
  }
}

std::size_t PackedWeights::place(std::size_t input, std::size_t column) const noexcept {
  const std::size_t panel = column / panel_columns_ * panel_columns_;  // its first column
  const std::size_t row = input / group_ * group_stride_ + input % group_;
  return panel * depth() + row * std::min(panel_columns_, columns() - panel) + (column - panel);
}

std::vector<float> PackedWeights::unpack() const {
  std::vector<float> weights(num_groups_ * group_ * columns_);
  for (std::size_t input = 0; input < num_groups_ * group_; ++input) {
    for (std::size_t first = 0; first < columns_; first += panel_columns_) {
      const std::size_t count = std::min(panel_columns_, columns_ - first);
      std::copy_n(weights_.data() + place(input, first), count, weights.data() + input * columns_ + first);
    }
  }
  return weights;
}

}  // namespace perfmodel
