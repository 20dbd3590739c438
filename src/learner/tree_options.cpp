#include "learner/tree_options.h"

#include <limits>

#include "learner/option_range.h"

namespace perfmodel {

void check_options(const TreeOptions& options) {
  constexpr double kMost = std::numeric_limits<int>::max();
  require_between("max_depth", options.max_depth, 0, kMost);
  require_between("min_samples_split", options.min_samples_split, 2, kMost);
  require_between("min_samples_leaf", options.min_samples_leaf, 1, kMost);
  require_above_zero("max_features", options.max_features);
  require_between("max_features", options.max_features, 0, 1);
}

void read_options(const OptionReader& reader, TreeOptions& options) {
  reader.read("max_depth", options.max_depth);
  reader.read("min_samples_split", options.min_samples_split);
  reader.read("min_samples_leaf", options.min_samples_leaf);
  reader.read("max_features", options.max_features);
  reader.read("log_target", options.log_target);
}

}  // namespace perfmodel
