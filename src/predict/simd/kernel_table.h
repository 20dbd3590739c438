#pragma once

#include "predict/simd/dense_product.h"
#include "predict/simd/exponential.h"
#include "predict/simd/kernels.h"
#include "predict/simd/lower_triangle.h"
#include "predict/simd/process.h"
#include "predict/simd/tree_leaves.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

/// To be defined by the one file that is compiled for the set.
constexpr Kernels table_of(InstructionSet set) noexcept {
  return {set,
          kPanelVectors * kFloats,
          multiply,
          hyperbolic_tangent,
          {kProcessRows, covariances_of_rows, solve_lower_of_rows, subtract_products<kProcessRows>},
          {1, covariances_of_row, solve_lower_of_row, subtract_products<1>},
          kTreeLoops};
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
