#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Rows that tell enough about a model's errors; more cost time only.
constexpr std::size_t kEnoughLeftOutRows = 2000;

/// Rows to leave out in turn (cross-validation): `num_folds` parts of 0..num_rows-1, drawn at random, equal in size but
/// for one row, each ascending. Of many rows the parts are smaller, kEnoughLeftOutRows about, and no more of them are
/// given than hold that many together. Fewer than `num_folds` rows are left out one by one; a lone row never is.
PERFMODEL_EXPORT std::vector<std::vector<std::size_t>> left_out_rows(std::size_t num_rows, std::size_t num_folds,
                                                                     std::uint64_t seed);

}  // namespace perfmodel
