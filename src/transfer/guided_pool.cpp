#include "transfer/guided_pool.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "learner/stepwise_selection.h"
#include "perfmodel/core/random.h"
#include "transfer/option_columns.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kSweepStream = 100 };

constexpr double kSmallestShown = 1e-300;  // below it a p-value has too few digits left, or none

/// How far the options that are not swept are from their defaults.
double distance_from_default(const ConfigSpace& space, const Configuration& candidate,
                             const std::vector<std::size_t>& swept) {
  double distance = 0;
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    const Option& option = space.options()[i];
    if (option.num_levels() < 2 || std::find(swept.begin(), swept.end(), i) != swept.end()) continue;
    const double steps = static_cast<double>(candidate[i]) - static_cast<double>(option.default_level());
    const double range = static_cast<double>(option.num_levels() - 1);
    distance += option.kind() == OptionKind::kCategorical ? (steps == 0 ? 0 : 1) : std::abs(steps) / range;
  }
  return distance;
}

/// One of each sweep in turn, none twice.
std::vector<std::size_t> take_in_turn(const std::vector<std::vector<std::size_t>>& sweeps, std::size_t num_candidates) {
  std::vector<std::size_t> taken;
  std::vector<bool> is_taken(num_candidates, false);
  std::vector<std::size_t> next(sweeps.size(), 0);
  for (bool found = true; found;) {
    found = false;
    for (std::size_t i = 0; i < sweeps.size(); ++i) {
      while (next[i] < sweeps[i].size() && is_taken[sweeps[i][next[i]]]) ++next[i];
      if (next[i] == sweeps[i].size()) continue;
      is_taken[sweeps[i][next[i]]] = true;
      taken.push_back(sweeps[i][next[i]]);
      found = true;
    }
  }
  return taken;
}

std::string p_value_text(double p_value) {
  return p_value < kSmallestShown ? fmt::format("< {:g}", kSmallestShown) : fmt::format("{:.2g}", p_value);
}

}  // namespace

std::vector<std::size_t> sweep_term(const ConfigSpace& space, const std::vector<Configuration>& candidates,
                                    const std::vector<std::size_t>& options) {
  struct Nearest {
    std::size_t candidate;
    double distance;
  };
  std::map<std::vector<std::uint64_t>, Nearest> by_levels;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    std::vector<std::uint64_t> levels;
    for (const std::size_t option : options) levels.push_back(candidates[i][option]);
    const double distance = distance_from_default(space, candidates[i], options);
    const auto [found, is_new] = by_levels.emplace(std::move(levels), Nearest{i, distance});
    if (!is_new && distance < found->second.distance) found->second = {i, distance};
  }
  std::vector<std::size_t> swept;
  for (const auto& [levels, nearest] : by_levels) swept.push_back(nearest.candidate);
  std::sort(swept.begin(), swept.end());
  return swept;
}

GuidedPool make_guided_pool(const TransferProblem& problem, const TransferOptions& options) {
  const OptionColumns columns(problem.source_space);
  GuidedPool pool;
  pool.terms = stepwise_regression_in_groups(columns.spread(problem.source), options.guided_terms,
                                             {columns.inputs().begin(), columns.inputs().end()}, options.callbacks)
                   .terms;
  pool.columns = columns.names();
  std::set<std::vector<std::size_t>> known;
  std::vector<std::vector<std::size_t>> sweeps;
  for (const StepwiseTerm& term : pool.terms) {
    std::vector<std::size_t> swept_options;
    for (const std::size_t column : term.features) {
      const Option& option = problem.source_space.options()[static_cast<std::size_t>(columns.inputs()[column])];
      swept_options.push_back(problem.target_space.option_index(option.name()));
    }
    if (!known.insert(swept_options).second) continue;
    sweeps.push_back(sweep_term(problem.target_space, problem.candidates, swept_options));
    Random random = Random(options.seed).fork(kSweepStream + sweeps.size());
    random.shuffle(Span<std::size_t>(sweeps.back()));
  }
  pool.candidates = take_in_turn(sweeps, problem.candidates.size());
  return pool;
}

std::string describe_term(const StepwiseTerm& term, const std::vector<std::string>& columns,
                          const std::string& target) {
  std::vector<std::string> names;
  for (const std::size_t column : term.features) names.push_back(columns[column]);
  const bool is_alone = names.size() == 1;
  return fmt::format("{}{} (coefficient {:+.3g} {} per standard deviation{}, p {})", fmt::join(names, " and "),
                     is_alone ? "" : " act together", term.coefficient, target, is_alone ? "" : " of each",
                     p_value_text(term.p_value));
}

std::vector<std::size_t> guided_sampling_pool(const TransferProblem& problem, const TransferOptions& options) {
  return make_guided_pool(problem, options).candidates;
}

}  // namespace perfmodel
