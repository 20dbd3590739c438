#pragma once

#include <cstddef>
#include <cstdint>

#include "predict/simd/instruction_set.h"

namespace perfmodel::simd {

/// Activations lie in rows of a multiple of so many floats, filled up with zeros; so do the columns of packed weights.
constexpr std::size_t kFloatGroup = 16;
/// Rows that a Gaussian process is evaluated at together.
constexpr std::size_t kProcessRows = 16;
/// Points of a Gaussian process are filled up to a multiple of so many, with points of weight 0.
constexpr std::size_t kPointGroup = 32;

constexpr std::size_t round_up_to_group(std::size_t count) noexcept {
  return (count + kFloatGroup - 1) / kFloatGroup * kFloatGroup;
}

/// out = relu or not of (in x weights + bias), or out = relu(skip + relu(in x weights + bias)).
struct DenseProduct {
  const float* in;  ///< rows x depth, `in_stride` apart
  std::size_t in_stride;
  std::size_t rows, depth;
  const float* weights;  ///< as PackedWeights holds them
  const float* bias;     ///< `columns`
  std::size_t columns;   ///< a multiple of kFloatGroup
  const float* skip;     ///< laid out as `out`, may be it; or null
  bool relu;             ///< without skip
  float* out;            ///< rows x columns, dense; not `in`
};

/// What the loops of a Gaussian process need to know of it.
struct ProcessKernel {
  bool matern52;  ///< else squared exponential
  double signal_variance;
  const double* points;  ///< num_inputs x padded_points: input by input, times the inverse length scales
  std::size_t num_inputs, num_points;
  std::size_t padded_points;  ///< num_points rounded up to kPointGroup
  const double* weights;      ///< padded_points
};

/// A lower triangle of n rows, none of whose diagonal elements is 0.
struct LowerTriangle {
  std::size_t n;
  const double* packed;            ///< column by column, each from its diagonal element down
  const double* inverse_diagonal;  ///< n
};

/// Loops on `lanes` numbers per line, one for each row that is evaluated. Both kinds sum in the same order and
/// answer alike within rounding.
struct ProcessLoops {
  std::size_t lanes;

  /// Covariances of the rows with all points, and means += weights' x covariances.
  /// @param inputs  num_inputs x lanes, times the inverse length scales
  /// @param lines   padded_points x lanes; of those beyond num_points nothing is known
  /// @param means   lanes
  void (*covariances)(const ProcessKernel& kernel, const double* inputs, double* lines, double* means) noexcept;

  /// Solves L X = B in place: `lines` is B, n x lanes.
  /// @param squares  lanes: sum of squares of each column of X
  void (*solve_lower)(const LowerTriangle& triangle, double* lines, double* squares) noexcept;

  /// out -= weights' x lines.
  /// @param weights  n x num_out
  /// @param lines    n x lanes
  /// @param out      num_out x lanes
  void (*subtract_products)(const double* weights, std::size_t n, std::size_t num_out, const double* lines,
                            double* out) noexcept;
};

constexpr int kTreeDepth = 6;
constexpr std::size_t kTreeNodes = 64;     ///< of a full tree: decisions 1 to 63, or leaves
constexpr std::size_t kTreeFeatures = 32;  ///< values of a row
constexpr std::size_t kTreeLanes = 16;     ///< walks at a time, and double sums that trees are added to in turn
constexpr std::size_t kTreeRows = 64;      ///< rows that pass through a tree together, at most

/// Full trees of kTreeDepth decisions on ranks: value j of a row has as rank the number of thresholds of feature j, in
/// all trees, that are not above it, less than 65535. The children of node n are 2 n and 2 n + 1, the root is node 1.
struct ShallowTrees {
  const std::uint16_t* ranks;    ///< trees x kTreeNodes: a row goes right at a node where its rank is greater
  const std::uint8_t* features;  ///< trees x kTreeNodes; plus kTreeFeatures where a missing value goes right
  const float* leaves;           ///< trees x kTreeNodes
  std::size_t num_trees;         ///< followed in the tables by trees of zeros, up to a multiple of kTreeLanes
  double base;
  bool float32_sums;  ///< from the base on, one tree after another, in float32; else in double precision
};

/// Ranks of the values of rows, rows x kTreeFeatures.
struct RankedRows {
  const std::uint16_t* ranks;        ///< of a missing value 0
  const std::uint16_t* right_ranks;  ///< of a missing value 65535, else the same; null where no value is missing
};

/// Base plus the leaves that rows reach. Both null where the processor has not the instructions that make this quicker
/// than walking. Tables and ranks are aligned to 64 bytes.
struct TreeLoops {
  double (*sum_leaves_of_row)(const ShallowTrees& trees, const RankedRows& rows, std::size_t row) noexcept;
  /// @param num_rows  a multiple of kTreeLanes, at most kTreeRows
  void (*sum_leaves_of_rows)(const ShallowTrees& trees, const RankedRows& rows, std::size_t num_rows,
                             double* out) noexcept;
};

/// Inner loops, compiled for one instruction set. Functions are pure, allocate nothing and may be called from any
/// thread. They equal those of another set within float rounding.
struct Kernels {
  InstructionSet set;

  /// Columns of a panel of packed weights: panel after panel, each depth x panel columns, the last one narrower.
  std::size_t panel_columns;
  void (*multiply)(const DenseProduct& product) noexcept;

  /// Of each of `count` values, within 2e-7; `count` is a multiple of kFloatGroup.
  void (*hyperbolic_tangent)(float* values, std::size_t count) noexcept;

  ProcessLoops process_of_rows;  ///< on kProcessRows rows at a time
  ProcessLoops process_of_row;   ///< on one
  TreeLoops trees;
};

const Kernels& kernels_of(InstructionSet set) noexcept;  ///< REQUIRES: an available one
const Kernels& chosen_kernels() noexcept;                ///< of chosen_instruction_set()

}  // namespace perfmodel::simd
