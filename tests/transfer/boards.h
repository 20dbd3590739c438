#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "perfmodel/config/sampling.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/transfer.h"

namespace perfmodel {

/// Two imaginary boards whose times are known. Cores are switched off in order, as on a Jetson TX2.
inline ConfigSpace board_space(std::vector<double> gpu_levels = {100, 200, 400, 800}) {
  return ConfigSpace(
      {Option::boolean("core1"), Option::boolean("core2"), Option::ordinal("core_freq_mhz", {500, 1000, 1500, 2000}),
       Option::ordinal("gpu_freq_mhz", std::move(gpu_levels)), Option::ordinal("unused", {1, 2})},
      {"core1 >= core2"});
}

/// Time on the source: compute on the GPU, copies by the cores.
inline double source_ms(const std::vector<double>& values) {
  const double cores = 1 + values[0] + values[1];
  return 4000 / values[3] + 10000 / (values[2] * cores);
}

/// 1, give or take up to 5 %.
inline double wobble(std::uint64_t chance) {
  return 1 + 0.05 * (static_cast<double>(chance * 7919 % 101) / 50 - 1);
}

/// The target does the same, some of it slower, and 5 % by chance.
inline double target_ms(const std::vector<double>& values, std::uint64_t chance) {
  return (3 + 2.5 * source_ms(values)) * wobble(chance);
}

/// A target whose GPU throttles: what is the fastest level on the source is the slowest here, by as much.
inline double throttling_target_ms(const std::vector<double>& values, std::uint64_t chance) {
  std::vector<double> mirrored = values;
  mirrored[3] = 80000 / values[3];
  return target_ms(mirrored, chance);
}

struct Boards {
  TransferProblem problem;
  std::vector<double> target_values;  ///< one per candidate
};

using BoardTime = double (*)(const std::vector<double>& values, std::uint64_t chance);

inline std::vector<Configuration> all_configurations(const ConfigSpace& space) {
  std::vector<Configuration> all;
  for (auto index = space.next_feasible(0); index; index = space.next_feasible(*index + 1)) {
    all.push_back(space.at(*index));
  }
  return all;
}

/// @param gpu_levels  of the target; those of the source are {100, 200, 400, 800}, and times go by rank
/// @param time_ms     of the target, on the source's levels
inline Boards make_boards(std::vector<double> gpu_levels = {100, 200, 400, 800}, BoardTime time_ms = target_ms) {
  const ConfigSpace source = board_space(), target = board_space(std::move(gpu_levels));
  std::vector<std::string> names;
  for (const Option& option : source.options()) names.push_back(option.name());
  Dataset rows(names, "time_ms");
  for (const Configuration& configuration : all_configurations(source)) {
    const std::vector<double> values = source.values(configuration);
    rows.add_row(values, source_ms(values));
  }
  Boards boards{{source, target, std::move(rows), all_configurations(target)}, {}};
  for (std::size_t i = 0; i < boards.problem.candidates.size(); ++i) {
    std::vector<double> values = target.values(boards.problem.candidates[i]);
    values[3] = source.options()[3].value(boards.problem.candidates[i][3]);
    boards.target_values.push_back(time_ms(values, i));
  }
  return boards;
}

/// A tree that knows the source by heart.
inline Model source_model(const Boards& boards) {
  FitOptions options;
  options.validation_fraction = 0;
  return make_tree_learner()->fit(boards.problem.source, options);
}

/// Two boards on which the most important option acts the opposite way.
inline Boards make_contrary_boards() {
  return make_boards({100, 200, 400, 800}, throttling_target_ms);
}

inline std::unique_ptr<TransferSession> start(const std::string& strategy, const Boards& boards,
                                              std::uint64_t seed = 0) {
  TransferOptions options;
  options.seed = seed;
  options.budget = 12;
  return start_transfer(strategy, boards.problem, source_model(boards), make_tree_learner(), options);
}

}  // namespace perfmodel
