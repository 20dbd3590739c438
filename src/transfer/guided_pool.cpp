#include "transfer/guided_pool.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace perfmodel {
namespace {

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

}  // namespace perfmodel
