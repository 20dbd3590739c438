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

/// One row through sixteen trees at a time.
template <bool kMissing>
inline double sum_of_row(const ShallowTrees& trees, const RankedRows& rows, std::size_t row) noexcept {
  constexpr std::size_t kTrees = 64;  // whose decisions are made before any is followed: their stores have arrived then
  alignas(64) std::uint32_t low[kTrees], high[kTrees];
  alignas(64) double sums[kTreeLanes] = {};
  const __m512i first_leaves =
      _mm512_slli_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), kTreeDepth);
  for (std::size_t first = 0; first < trees.num_trees; first += kTrees) {
    const std::size_t left = trees.num_trees - first, count = left < kTrees ? left : kTrees;
    for (std::size_t i = 0; i < count; ++i) Decisions<kMissing>(trees, first + i).decide(rows, row, low[i], high[i]);
    for (std::size_t i = 0; i < count; i += kTreeLanes) {
      const __m512i leaves = _mm512_add_epi32(walk(low + i, high + i), first_leaves);
      add_to(sums, _mm512_i32gather_ps(leaves, trees.leaves + (first + i) * kTreeNodes, sizeof(float)));
    }
  }
  return sum_of(sums);
}

/// Sixteen rows at a time through one tree; each row adds up its leaves as if it came alone.
template <bool kMissing>
inline void sum_of_rows(const ShallowTrees& trees, const RankedRows& rows, std::size_t num_rows, double* out) noexcept {
  alignas(64) std::uint32_t low[kTreeRows], high[kTreeRows];
  alignas(64) double sums[kTreeLanes][kTreeRows] = {};
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
      add_to(sums[tree % kTreeLanes] + i, _mm512_mask_blend_ps(in_upper, lower, upper));
    }
  }
  for (std::size_t i = 0; i < num_rows; ++i) {
    double lanes[kTreeLanes];
    for (std::size_t lane = 0; lane < kTreeLanes; ++lane) lanes[lane] = sums[lane][i];
    out[i] = sum_of(lanes);
  }
}

inline double sum_leaves_of_row(const ShallowTrees& trees, const RankedRows& rows, std::size_t row) noexcept {
  return rows.right_ranks != nullptr ? sum_of_row<true>(trees, rows, row) : sum_of_row<false>(trees, rows, row);
}

inline void sum_leaves_of_rows(const ShallowTrees& trees, const RankedRows& rows, std::size_t num_rows,
                               double* out) noexcept {
  if (rows.right_ranks != nullptr) {
    sum_of_rows<true>(trees, rows, num_rows, out);
  } else {
    sum_of_rows<false>(trees, rows, num_rows, out);
  }
}

constexpr TreeLoops kTreeLoops = {sum_leaves_of_row, sum_leaves_of_rows};

#else

constexpr TreeLoops kTreeLoops = {nullptr, nullptr};

#endif

}  // namespace perfmodel::simd::PERFMODEL_SIMD
