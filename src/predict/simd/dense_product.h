#pragma once

// The matrix product of small networks: weights in panels as wide as a tile of sums in registers (Goto and van de
// Geijn, 2008, without blocking of the depth: it is a few hundred at most).

#include "predict/simd/kernels.h"
#include "predict/simd/vector.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

constexpr int kPanelVectors = PERFMODEL_SIMD_BYTES == 64 ? 4 : 2;
constexpr int kTileRows = 6;
static_assert(kTileRows * kPanelVectors + kPanelVectors + 1 <= kRegisters, "a tile must fit in registers");

/// Sums of a tile of kRows x kVectors: in registers, as all loops over it are unrolled.
template <int kRows, int kVectors>
struct Tile {
  Floats sums[kRows][kVectors];

  void start(const float* bias) noexcept {
    for (int v = 0; v < kVectors; ++v) {
      const Floats column = load<Floats>(bias + v * kFloats);
      for (int r = 0; r < kRows; ++r) sums[r][v] = column;
    }
  }

  void add(const float* in, std::size_t in_stride, std::size_t depth, const float* panel) noexcept {
    for (std::size_t k = 0; k < depth; ++k, panel += kVectors * kFloats) {
      Floats weights[kVectors];
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) weights[v] = load<Floats>(panel + v * kFloats);
#pragma GCC unroll 8
      for (int r = 0; r < kRows; ++r) {
        const Floats value = all(in[static_cast<std::size_t>(r) * in_stride + k]);
#pragma GCC unroll 8
        for (int v = 0; v < kVectors; ++v) sums[r][v] += value * weights[v];
      }
    }
  }

  void finish(const DenseProduct& product, std::size_t row, std::size_t column) const noexcept {
    for (int r = 0; r < kRows; ++r) {
      const std::size_t first = (row + static_cast<std::size_t>(r)) * product.columns + column;
      for (int v = 0; v < kVectors; ++v) {
        const std::size_t place = first + static_cast<std::size_t>(v * kFloats);
        Floats value = sums[r][v];
        if (product.relu || product.skip != nullptr) value = rectify(value);
        if (product.skip != nullptr) value = rectify(load<Floats>(product.skip + place) + value);
        store(product.out + place, value);
      }
    }
  }
};

template <int kRows, int kVectors>
void multiply_tile(const DenseProduct& product, std::size_t row, std::size_t column, const float* panel) noexcept {
  Tile<kRows, kVectors> tile;
  tile.start(product.bias + column);
  tile.add(product.in + row * product.in_stride, product.in_stride, product.depth, panel);
  tile.finish(product, row, column);
}

/// All rows of a panel, in tiles of about the same height.
template <int kVectors>
void multiply_panel(const DenseProduct& product, std::size_t column, const float* panel) noexcept {
  using Multiply = void (*)(const DenseProduct&, std::size_t, std::size_t, const float*) noexcept;
  constexpr Multiply kOfRows[kTileRows] = {multiply_tile<1, kVectors>, multiply_tile<2, kVectors>,
                                           multiply_tile<3, kVectors>, multiply_tile<4, kVectors>,
                                           multiply_tile<5, kVectors>, multiply_tile<6, kVectors>};
  std::size_t num_tiles = (product.rows + kTileRows - 1) / kTileRows;
  for (std::size_t row = 0; num_tiles > 0; --num_tiles) {
    const std::size_t rows = (product.rows - row + num_tiles - 1) / num_tiles;
    kOfRows[rows - 1](product, row, column, panel);
    row += rows;
  }
}

inline void multiply(const DenseProduct& product) noexcept {
  constexpr std::size_t kPanelColumns = kPanelVectors * kFloats;
  const float* panel = product.weights;
  std::size_t column = 0;
  for (; column + kPanelColumns <= product.columns; column += kPanelColumns) {
    multiply_panel<kPanelVectors>(product, column, panel);
    panel += product.depth * kPanelColumns;
  }
  const std::size_t vectors_left = (product.columns - column) / kFloats;
  if (vectors_left == 1) multiply_panel<1>(product, column, panel);
  if constexpr (kPanelVectors > 2) {
    if (vectors_left == 2) multiply_panel<2>(product, column, panel);
    if (vectors_left == 3) multiply_panel<3>(product, column, panel);
  }
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
