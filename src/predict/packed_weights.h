#pragma once

#include <cstddef>
#include <vector>

#include "predict/aligned.h"
#include "predict/simd/kernels.h"

namespace perfmodel {

/// The weights of one matrix product, laid out for the kernels of one instruction set: in panels of columns, the input
/// in groups of `group` values each of which lies `group_stride` apart (activations are filled up with zeros, and so
/// are the weights that meet these).
class PackedWeights {
 public:
  PackedWeights() = default;

  /// @param weights  num_groups x group x columns, row-major
  /// @param bias     `columns`, or null: none
  PackedWeights(const simd::Kernels& kernels, const float* weights, std::size_t num_groups, std::size_t group,
                std::size_t group_stride, std::size_t columns, const float* bias);

  std::size_t depth() const noexcept { return num_groups_ * group_stride_; }          ///< of the product, with zeros
  std::size_t columns() const noexcept { return simd::round_up_to_group(columns_); }  ///< likewise
  const float* data() const noexcept { return weights_.data(); }
  const float* bias() const noexcept { return bias_.data(); }

  /// The weights as they were given.
  std::vector<float> unpack() const;
  std::vector<float> unpack_bias() const {
    return {bias_.begin(), bias_.begin() + static_cast<std::ptrdiff_t>(columns_)};
  }

 private:
  /// Where the weight of an input and a column lies.
  std::size_t place(std::size_t input, std::size_t column) const noexcept;

  std::size_t panel_columns_ = 0, num_groups_ = 0, group_ = 0, group_stride_ = 0, columns_ = 0;
  AlignedVector<float> weights_, bias_;
};

}  // namespace perfmodel
