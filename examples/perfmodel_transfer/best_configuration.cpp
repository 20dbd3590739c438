#include "best_configuration.h"

#include <limits>

#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

constexpr int kMaxMoves = 1000;

/// Looks for the configuration of the least value.
class Search {
 public:
  Search(const Model& model, const ConfigSpace& space, const Outcomes& outcomes)
      : model_(model), space_(space), outcomes_(outcomes), workspace_(model.workspace_bytes(1)) {
    best_.prediction.mean = std::numeric_limits<double>::infinity();
  }

  /// @return whether one of these is better than what was looked at before
  bool look_at(const std::vector<Configuration>& configurations) {
    bool found = false;
    for (const Configuration& configuration : configurations) {
      const auto known = outcomes_.find(space_.index_of(configuration));
      const bool is_measured = known != outcomes_.end();
      if (is_measured && !known->second.failure.empty()) continue;
      const Prediction prediction = is_measured ? exactly(known->second.value) : predict(configuration);
      if (!(prediction.mean < best_.prediction.mean)) continue;
      best_ = {configuration, is_measured, prediction};
      found = true;
    }
    return found;
  }

  const BestConfiguration& best() const noexcept { return best_; }

 private:
  static Prediction exactly(double value) { return {value, value, value, true}; }

  Prediction predict(const Configuration& configuration) {
    const std::vector<double> row = space_.values(configuration);
    Prediction prediction;
    model_.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace_).throw_if_error();
    return prediction;
  }

  const Model& model_;
  const ConfigSpace& space_;
  const Outcomes& outcomes_;
  Workspace workspace_;
  BestConfiguration best_;
};

}  // namespace

BestConfiguration best_configuration(const Model& model, const ConfigSpace& space, const Candidates& candidates,
                                     const Outcomes& outcomes) {
  Search search(model, space, outcomes);
  if (!search.look_at(candidates.configurations)) {
    throw Error(ErrorCode::kInvalidArgument, "no configuration is the best: all of them failed");
  }
  for (int i = 0; !candidates.is_whole_space && i < kMaxMoves; ++i) {
    if (!search.look_at(space.neighbours(search.best().configuration))) break;
  }
  return search.best();
}

}  // namespace perfmodel::tools
