#pragma once

#include <cstddef>
#include <cstdint>

#include "predict/simd/instruction_set.h"

namespace perfmodel::simd {

/// Activations lie in rows of a multiple of so many floats, filled up with zeros; so do the columns of packed weights.
constexpr std::size_t kFloatGroup = 16;
/// Rows that a Gaussian process is evaluated at together.
constexpr std::size_t kProcessRows = 16;

constexpr std::size_t round_up_to_group(std::size_t count) noexcept {
  return (count + kFloatGroup - 1) / kFloatGroup * kFloatGroup;
}

/// out = relu or not of (in x weights + bias), or out = relu(skip + relu(in x weights + bias)).
struct DenseProduct {
  const float* in;         ///< rows x depth, `in_stride` apart
  std::size_t in_stride;
  std::size_t rows, depth;
  const float* weights;    ///< as pack_weights() packs them
  const float* bias;       ///< `columns`
  std::size_t columns;     ///< a multiple of kFloatGroup
  const float* skip;       ///< laid out as `out`, may be it; or null
  bool relu;               ///< without skip
  float* out;              ///< rows x columns, dense; not `in`
};

/// What the loops of a Gaussian process need to know of it.
struct ProcessKernel {
  bool matern52;  ///< else squared exponential
  double signal_variance;
  const double* points;       ///< num_inputs x padded_points: input by input, times the inverse length scales
  std::size_t num_inputs, num_points;
  std::size_t padded_points;  ///< num_points rounded up to kProcessRows
};

/// Loops on `lanes` numbers per line, one for each row that is evaluated. Both kinds sum in the same order.
struct ProcessLoops {
  std::size_t lanes;

  /// Covariances of the rows with all points.
  /// @param inputs  num_inputs x lanes, times the inverse length scales
  /// @param lines   padded_points x lanes; of those beyond num_points nothing is known
  void (*covariances)(const ProcessKernel& kernel, const double* inputs, double* lines) noexcept;

  /// Solves L X = B in place: `lines` is B, n x lanes.
  /// @param packed  the triangle L, column by column from its diagonal element down, none of which is 0
  void (*solve_lower)(const double* packed, std::size_t n, double* lines) noexcept;

  /// out -= weights' x lines.
  /// @param weights  n x num_out
  /// @param lines    n x lanes
  /// @param out      num_out x lanes
  void (*subtract_products)(const double* weights, std::size_t n, std::size_t num_out, const double* lines,
                            double* out) noexcept;
};

/// Inner loops, compiled for one instruction set. Functions are pure, allocate nothing and may be called from any thread.
/// They equal those of another set within float rounding.
struct Kernels {
  InstructionSet set;

  /// Columns of a panel of packed weights: panel after panel, each depth x panel columns, the last one narrower.
  std::size_t panel_columns;
  void (*multiply)(const DenseProduct& product) noexcept;

  /// Of each of `count` values, within 1e-7; `count` is a multiple of kFloatGroup.
  void (*hyperbolic_tangent)(float* values, std::size_t count) noexcept;

  ProcessLoops process_of_rows;  ///< on kProcessRows rows at a time
  ProcessLoops process_of_row;   ///< on one
};

const Kernels& kernels_of(InstructionSet set) noexcept;  ///< REQUIRES: an available one
const Kernels& chosen_kernels() noexcept;                ///< of chosen_instruction_set()

}  // namespace perfmodel::simd
