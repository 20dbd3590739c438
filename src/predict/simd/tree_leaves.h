#pragma once

// Leaves of trees of at most kTreeDepth decisions, all decisions of a tree compared at once: see ShallowTrees.

#include "predict/simd/kernels.h"

#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

namespace perfmodel::simd::PERFMODEL_SIMD {

#if defined(__AVX512BW__)

/// The decisions of one tree: node n's are bit n % 32 of the low half, which ends before the deepest ones, or of the
/// high. Where no value is missing, a feature's last five bits tell which value is looked at.
template <bool kMissing>
struct Decisions {
  __m512i features_low, features_high, ranks_low, ranks_high;

  Decisions(const ShallowTrees& trees, std::size_t tree) noexcept {
    const std::uint8_t* const features = trees.features + tree * kTreeNodes;
    const std::uint16_t* const ranks = trees.ranks + tree * kTreeNodes;
    features_low = _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(features)));
    features_high = _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(features + 32)));
    ranks_low = _mm512_load_si512(ranks);
    ranks_high = _mm512_load_si512(ranks + 32);
  }

  void decide(const RankedRows& rows, std::size_t row, std::uint32_t& low, std::uint32_t& high) const noexcept {
    const __m512i ranks = _mm512_load_si512(rows.ranks + row * kTreeFeatures);
    __m512i at_low, at_high;
    if constexpr (kMissing) {
      const __m512i right_ranks = _mm512_load_si512(rows.right_ranks + row * kTreeFeatures);
      at_low = _mm512_permutex2var_epi16(ranks, features_low, right_ranks);
      at_high = _mm512_permutex2var_epi16(ranks, features_high, right_ranks);
    } else {
      at_low = _mm512_permutexvar_epi16(features_low, ranks);
      at_high = _mm512_permutexvar_epi16(features_high, ranks);
    }
    low = _mm512_cmpgt_epu16_mask(at_low, ranks_low);
    high = _mm512_cmpgt_epu16_mask(at_high, ranks_high);
  }
};

/// Leaves that sixteen walks reach, from 0 on.
inline __m512i walk(const std::uint32_t* low, const std::uint32_t* high) noexcept {
  const __m512i bits = _mm512_load_si512(low), one = _mm512_set1_epi32(1);
  __m512i node = one;
  for (int level = 1; level < kTreeDepth; ++level) {
    const __m512i right = _mm512_and_si512(_mm512_srlv_epi32(bits, node), one);
    node = _mm512_add_epi32(_mm512_add_epi32(node, node), right);
  }
  node = _mm512_sub_epi32(node, _mm512_set1_epi32(kTreeNodes / 2));
  const __m512i right = _mm512_and_si512(_mm512_srlv_epi32(_mm512_load_si512(high), node), one);
  return _mm512_add_epi32(_mm512_add_epi32(node, node), right);
}

/// Adds sixteen leaves to as many sums.
inline void add_to(double* sums, __m512 leaves) noexcept {
  const __m256 low = _mm512_castps512_ps256(leaves), high = _mm512_extractf32x8_ps(leaves, 1);
  _mm512_store_pd(sums, _mm512_add_pd(_mm512_load_pd(sums), _mm512_cvtps_pd(low)));
  _mm512_store_pd(sums + 8, _mm512_add_pd(_mm512_load_pd(sums + 8), _mm512_cvtps_pd(high)));
}

inline double sum_of(double* lanes) noexcept {
  for (std::size_t half = kTreeLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

/// Trees whose decisions are made before any is followed: their stores have arrived then.
constexpr std::size_t kTreesAhead = 64;

/// Leaves of one row, added up in a lane for each of sixteen trees.
struct DoubleSumOfRow {
  alignas(64) double lanes[kTreeLanes] = {};

  explicit DoubleSumOfRow(double) noexcept {}
  void take(std::size_t, __m512 leaves) noexcept { add_to(lanes, leaves); }
  void add_waiting(std::size_t, std::size_t) noexcept {}
  double result(double base) noexcept { return sum_of(lanes) + base; }
};

/// The same in float32, one tree after another. As each addition waits for the one before, leaves wait until the next
/// trees' decisions are made and are added between these.
struct FloatSumOfRow {
  alignas(64) float waiting[kTreesAhead];
  std::size_t num_waiting = 0;
  float sum;

  explicit FloatSumOfRow(double base) noexcept : sum(static_cast<float>(base)) {}
  /// Leaves of sixteen trees, from the `first` of those ahead on.
  void take(std::size_t first, __m512 leaves) noexcept {
    _mm512_store_ps(waiting + first, leaves);
    num_waiting = first + kTreeLanes;
  }
  void add_waiting(std::size_t first, std::size_t end) noexcept {
    for (std::size_t i = first; i < end && i < num_waiting; ++i) sum += waiting[i];
  }
  double result(double) noexcept {
    add_waiting(0, num_waiting);
    return static_cast<double>(sum);
  }
};

/// Leaves of sixteen rows at a time in one tree: each row adds them up as if it came alone.
struct DoubleSumsOfRows {
  alignas(64) double lanes[kTreeLanes][kTreeRows] = {};

  explicit DoubleSumsOfRows(double) noexcept {}
  void add(std::size_t tree, std::size_t row, __m512 leaves) noexcept {
    add_to(lanes[tree % kTreeLanes] + row, leaves);
  }
  double result(std::size_t row, double base) const noexcept {
    double of_row[kTreeLanes];
    for (std::size_t lane = 0; lane < kTreeLanes; ++lane) of_row[lane] = lanes[lane][row];
    return sum_of(of_row) + base;
  }
};

struct FloatSumsOfRows {
  alignas(64) float sums[kTreeRows];

  explicit FloatSumsOfRows(double base) noexcept {
    for (float& sum : sums) sum = static_cast<float>(base);
  }
  void add(std::size_t, std::size_t row, __m512 leaves) noexcept {
    _mm512_store_ps(sums + row, _mm512_add_ps(_mm512_load_ps(sums + row), leaves));
  }
  double result(std::size_t row, double) const noexcept { return static_cast<double>(sums[row]); }
};

/// One row through sixteen trees at a time.
template <bool kMissing, typename RowSum>
inline double sum_of_row(const ShallowTrees& trees, const RankedRows& rows, std::size_t row) noexcept {
  alignas(64) std::uint32_t low[kTreesAhead], high[kTreesAhead];
  RowSum sum(trees.base);
  const __m512i first_leaves =
      _mm512_slli_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), kTreeDepth);
  const std::size_t end = (trees.num_trees + kTreeLanes - 1) / kTreeLanes * kTreeLanes;
  for (std::size_t first = 0; first < end; first += kTreesAhead) {
    const std::size_t left = end - first, count = left < kTreesAhead ? left : kTreesAhead;
    for (std::size_t i = 0; i < count; ++i) {
      Decisions<kMissing>(trees, first + i).decide(rows, row, low[i], high[i]);
      sum.add_waiting(i, i + 1);
    }
    sum.add_waiting(count, kTreesAhead);
    for (std::size_t i = 0; i < count; i += kTreeLanes) {
      const __m512i leaves = _mm512_add_epi32(walk(low + i, high + i), first_leaves);
      sum.take(i, _mm512_i32gather_ps(leaves, trees.leaves + (first + i) * kTreeNodes, sizeof(float)));
    }
  }
  return sum.result(trees.base);
}

/// Sixteen rows at a time through one tree.
template <bool kMissing, typename RowSums>
inline void sum_of_rows(const ShallowTrees& trees, const RankedRows& rows, std::size_t num_rows, double* out) noexcept {
  alignas(64) std::uint32_t low[kTreeRows], high[kTreeRows];
  RowSums sums(trees.base);
  for (std::size_t tree = 0; tree < trees.num_trees; ++tree) {
    const Decisions<kMissing> decisions(trees, tree);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < num_rows; ++i) decisions.decide(rows, i, low[i], high[i]);
    const float* const table = trees.leaves + tree * kTreeNodes;
    const __m512 a = _mm512_load_ps(table), b = _mm512_load_ps(table + 16);
    const __m512 c = _mm512_load_ps(table + 32), d = _mm512_load_ps(table + 48);
    for (std::size_t i = 0; i < num_rows; i += kTreeLanes) {
      const __m512i leaf = walk(low + i, high + i);
      const __mmask16 in_upper = _mm512_cmpgt_epi32_mask(leaf, _mm512_set1_epi32(31));
      const __m512 lower = _mm512_permutex2var_ps(a, leaf, b), upper = _mm512_permutex2var_ps(c, leaf, d);
      sums.add(tree, i, _mm512_mask_blend_ps(in_upper, lower, upper));
    }
  }
  for (std::size_t i = 0; i < num_rows; ++i) out[i] = sums.result(i, trees.base);
}

inline double sum_leaves_of_row(const ShallowTrees& trees, const RankedRows& rows, std::size_t row) noexcept {
  if (rows.right_ranks != nullptr) {
    return trees.float32_sums ? sum_of_row<true, FloatSumOfRow>(trees, rows, row)
                              : sum_of_row<true, DoubleSumOfRow>(trees, rows, row);
  }
  return trees.float32_sums ? sum_of_row<false, FloatSumOfRow>(trees, rows, row)
                            : sum_of_row<false, DoubleSumOfRow>(trees, rows, row);
}

inline void sum_leaves_of_rows(const ShallowTrees& trees, const RankedRows& rows, std::size_t num_rows,
                               double* out) noexcept {
  const bool is_missing = rows.right_ranks != nullptr;
  if (is_missing && trees.float32_sums) sum_of_rows<true, FloatSumsOfRows>(trees, rows, num_rows, out);
  if (is_missing && !trees.float32_sums) sum_of_rows<true, DoubleSumsOfRows>(trees, rows, num_rows, out);
  if (!is_missing && trees.float32_sums) sum_of_rows<false, FloatSumsOfRows>(trees, rows, num_rows, out);
  if (!is_missing && !trees.float32_sums) sum_of_rows<false, DoubleSumsOfRows>(trees, rows, num_rows, out);
}

constexpr TreeLoops kTreeLoops = {sum_leaves_of_row, sum_leaves_of_rows};

#else

constexpr TreeLoops kTreeLoops = {nullptr, nullptr};

#endif

}  // namespace perfmodel::simd::PERFMODEL_SIMD
