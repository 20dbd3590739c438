#include "candidates.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"

namespace perfmodel::tools {
namespace {

constexpr std::uint64_t kMaxSweep = 1024;              // configurations of one sweep
constexpr std::size_t kMaxSwept = kMaxCandidates / 2;  // of all sweeps; the others are drawn at random
constexpr int kMaxMoved = 500;                         // each search for a near feasible one may take some milliseconds

/// At most `count` levels, evenly spread from the first to the last.
std::vector<std::uint64_t> spread_levels(const Option& option, std::uint64_t count) {
  const std::uint64_t last = option.num_levels() - 1;
  std::vector<std::uint64_t> levels;
  if (option.num_levels() <= count) {
    for (std::uint64_t level = 0; level <= last; ++level) levels.push_back(level);
    return levels;
  }
  const double step = static_cast<double>(last) / static_cast<double>(count - 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    levels.push_back(std::min(last, static_cast<std::uint64_t>(step * static_cast<double>(i))));
  }
  return levels;
}

/// Configurations around the default, none twice.
class Sweeps {
 public:
  explicit Sweeps(const ConfigSpace& space) : space_(space) { add(space.default_configuration()); }

  /// Every combination of the levels of `options`, the others at their defaults.
  void sweep(const std::vector<std::size_t>& options) {
    const std::uint64_t most_levels = levels_each(options);
    std::vector<Configuration> combinations = {space_.default_configuration()};
    for (const std::size_t option : options) {
      std::vector<Configuration> longer;
      for (const std::uint64_t level : spread_levels(space_.options()[option], most_levels)) {
        for (Configuration combination : combinations) {
          combination[option] = level;
          longer.push_back(std::move(combination));
        }
      }
      combinations = std::move(longer);
    }
    for (const Configuration& combination : combinations) add(combination);
  }

  bool is_full() const noexcept { return configurations_.size() >= kMaxSwept; }
  std::vector<Configuration> take() { return std::move(configurations_); }

 private:
  /// How many levels of each option a sweep can have.
  std::uint64_t levels_each(const std::vector<std::size_t>& options) const {
    std::uint64_t most = kMaxSweep;
    const auto is_too_large = [&] {
      double combinations = 1;
      for (const std::size_t option : options) {
        combinations *= static_cast<double>(std::min(most, space_.options()[option].num_levels()));
      }
      return combinations > static_cast<double>(kMaxSweep);
    };
    while (most > 2 && is_too_large()) --most;
    return most;
  }

  void add(const Configuration& configuration) {
    if (is_full()) return;
    const auto feasible = space_.is_feasible(configuration) ? configuration : moved(configuration);
    if (feasible && seen_.insert(space_.index_of(*feasible)).second) configurations_.push_back(*feasible);
  }

  std::optional<Configuration> moved(const Configuration& configuration) {
    if (num_moved_++ >= kMaxMoved) return std::nullopt;
    try {
      return space_.nearest(space_.values(configuration));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kInvalidArgument) throw;  // other than that nothing feasible is near
      return std::nullopt;
    }
  }

  const ConfigSpace& space_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<Configuration> configurations_;
  int num_moved_ = 0;
};

/// The source's rows, with a feature per label of an option that has more than two.
Dataset labels_spread(const TransferProblem& problem, std::vector<std::string>& option_names) {
  const ConfigSpace& space = problem.source_space;
  EncodingOptions encoding;
  encoding.log_decades = false;
  const std::vector<std::string> names = space.feature_names(encoding);
  for (const Option& option : space.options()) {
    const bool is_spread = option.kind() == OptionKind::kCategorical && option.num_levels() > 2;
    option_names.insert(option_names.end(), is_spread ? option.num_levels() : 1, option.name());
  }
  Dataset rows(names, problem.source.target_name());
  std::vector<double> features(names.size());
  for (std::size_t i = 0; i < problem.source.num_rows(); ++i) {
    space.encode(space.from_values(problem.source.features().row(i)), encoding, features);
    rows.add_row(features, problem.source.targets()[i]);
  }
  return rows;
}

}  // namespace

Candidates candidates_of(const ConfigSpace& space, const std::vector<std::vector<std::size_t>>& swept,
                         std::uint64_t seed) {
  std::vector<Configuration> drawn = sample_random(space, kMaxCandidates, seed);
  if (drawn.size() < kMaxCandidates) return {std::move(drawn), true};
  Sweeps sweeps(space);
  for (const std::vector<std::size_t>& options : swept) sweeps.sweep(options);
  for (std::size_t option = 0; option < space.num_options() && !sweeps.is_full(); ++option) sweeps.sweep({option});

  Candidates candidates{sweeps.take(), false};
  std::unordered_set<std::uint64_t> seen;
  for (const Configuration& configuration : candidates.configurations) seen.insert(space.index_of(configuration));
  for (Configuration& configuration : drawn) {
    if (candidates.configurations.size() == kMaxCandidates) break;
    if (seen.insert(space.index_of(configuration)).second) {
      candidates.configurations.push_back(std::move(configuration));
    }
  }
  return candidates;
}

std::vector<std::vector<std::size_t>> guided_options(const TransferProblem& problem, const TransferOptions& options) {
  std::vector<std::string> option_names;  // of each feature
  const Dataset rows = labels_spread(problem, option_names);
  std::vector<std::vector<std::size_t>> swept;
  for (const StepwiseTerm& term : stepwise_regression(rows, options.guided_terms, options.callbacks).terms) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < problem.target_space.num_options(); ++i) {
      const bool is_named = std::any_of(term.features.begin(), term.features.end(), [&](std::size_t feature) {
        return option_names[feature] == problem.target_space.options()[i].name();
      });
      if (is_named) found.push_back(i);
    }
    swept.push_back(std::move(found));
  }
  return swept;
}

}  // namespace perfmodel::tools
