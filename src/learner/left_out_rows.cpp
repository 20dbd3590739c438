#include "learner/left_out_rows.h"

#include <algorithm>
#include <numeric>

#include "perfmodel/core/random.h"

namespace perfmodel {

std::vector<std::vector<std::size_t>> left_out_rows(std::size_t num_rows, std::size_t num_folds, std::uint64_t seed) {
  if (num_rows < 2) return {};
  std::vector<std::size_t> order(num_rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(seed).shuffle(Span<std::size_t>(order));

  std::vector<std::vector<std::size_t>> folds;
  const std::size_t parts = std::min(std::max(num_folds, num_rows / kEnoughLeftOutRows), num_rows);
  for (std::size_t k = 0; k < parts; ++k) {
    const std::size_t begin = num_rows * k / parts, end = num_rows * (k + 1) / parts;
    if (begin >= kEnoughLeftOutRows) break;
    std::vector<std::size_t> fold(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                  order.begin() + static_cast<std::ptrdiff_t>(end));
    std::sort(fold.begin(), fold.end());
    folds.push_back(std::move(fold));
  }
  return folds;
}

}  // namespace perfmodel
