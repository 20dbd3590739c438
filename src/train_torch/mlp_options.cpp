#include <fmt/format.h>

#include "learner/option_range.h"
#include "perfmodel/core/error.h"
#include "perfmodel/train/mlp.h"
#include "train_torch/check_options.h"

namespace perfmodel {

void check_options(const MlpOptions& options) {
  constexpr std::size_t kMaxLayers = 16;
  if (options.hidden_units.empty() || options.hidden_units.size() > kMaxLayers) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("option 'hidden_units' holds {} layers, allowed is 1 to {}",
                                                         options.hidden_units.size(), kMaxLayers));
  }
  for (const int units : options.hidden_units) require_between("hidden_units", units, 1, 4096);
  require_at_least("l2", options.l2, 0);
  require_between("max_iterations", options.max_iterations, 1, 100000);
  require_between("members", options.members, 1, 100);
}

}  // namespace perfmodel
