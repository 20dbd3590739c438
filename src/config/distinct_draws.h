#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/random.h"

namespace perfmodel {

/// Random feasible configurations, none twice.
class DistinctDraws {
 public:
  /// Both must outlive it.
  DistinctDraws(const ConfigSpace& space, Random& random) : space_(space), random_(random) {}

  /// Takes a configuration out of what may be drawn.  @return false: it was out already.
  bool take(const Configuration& configuration) { return taken_.insert(space_.index_of(configuration)).second; }

  /// nullopt when there are no more, as far as a bounded search can tell.
  /// @throws Error kInvalidArgument: a bounded search found nothing feasible, and none was taken before.
  std::optional<Configuration> draw();

 private:
  const ConfigSpace& space_;
  Random& random_;
  std::unordered_set<std::uint64_t> taken_;  ///< by number
  std::uint64_t walked_to_ = 0;              ///< the feasible points before this number are taken
};

/// At most kMaxSamples.  @throws Error kInvalidArgument: more; names what the caller asked for.
void check_num_samples(std::uint64_t count);

/// Throws kInvalidArgument: nothing feasible was found. `where` says in what, e.g. "among 12 combinations".
[[noreturn]] void throw_nothing_feasible(const char* where);

}  // namespace perfmodel
