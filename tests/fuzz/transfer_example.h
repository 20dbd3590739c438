#pragma once

#include <memory>

#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel {

/// What a saved transfer of the corpus belongs to: 12 configurations, the same on both sides.
struct TransferExample {
  TransferProblem problem;
  Model source_model;
  std::shared_ptr<const Learner> target_learner;
  TransferOptions options;
};

inline TransferExample transfer_example() {
  const ConfigSpace space({Option::integer("cores", 1, 4), Option::ordinal("clock_mhz", {100, 200, 400})});
  Dataset source({"cores", "clock_mhz"}, "time_ms");
  std::vector<Configuration> candidates;
  for (std::uint64_t index = 0; index < space.num_points(); ++index) {
    candidates.push_back(space.at(index));
    const std::vector<double> row = space.values(candidates.back());
    source.add_row(row, 1000 / row[1] + 20 / row[0]);
  }
  FitOptions all_rows;
  all_rows.validation_fraction = 0;
  Model model = make_tree_learner()->fit(source, all_rows);
  return {{space, space, std::move(source), std::move(candidates)}, std::move(model), make_tree_learner(), {}};
}

}  // namespace perfmodel
