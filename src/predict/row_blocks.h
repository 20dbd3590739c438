#pragma once

#include <algorithm>
#include <cstddef>

#include "perfmodel/core/span.h"

namespace perfmodel {

/// Rows that evaluators work on at a time, so that scratch memory does not grow with the number of rows.
constexpr std::size_t kBlockRows = 256;

/// `count` rows of a view from `first` on.  REQUIRES: first + count <= rows.rows().
inline MatrixView<const double> row_slice(MatrixView<const double> rows, std::size_t first,
                                          std::size_t count) noexcept {
  return {rows.data() + first * rows.stride(), count, rows.cols(), rows.stride()};
}

/// `count` answers from `first` on, none of none: for a deviation that nobody asked for.
inline Span<double> answer_slice(Span<double> answers, std::size_t first, std::size_t count) noexcept {
  return answers.empty() ? answers : answers.subspan(first, count);
}

/// Calls `work(first, count)` for consecutive blocks of at most `block_rows` rows.
template <typename Work>
void for_each_block(std::size_t num_rows, std::size_t block_rows, const Work& work) noexcept {
  for (std::size_t first = 0; first < num_rows; first += block_rows)
    work(first, std::min(block_rows, num_rows - first));
}

}  // namespace perfmodel
