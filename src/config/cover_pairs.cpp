#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "config/distinct_draws.h"
#include "config/feasible_set.h"
#include "config/pair_table.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::uint64_t kMaxLevels = 10000;
constexpr std::uint64_t kMaxCompletionSteps = 1000000;

/// The lowest feasible configuration with an option's level in [low, high].
std::optional<Configuration> find_with(const FeasibleSet& feasible, std::size_t option, std::uint64_t low,
                                       std::uint64_t high) {
  LevelBox box = feasible.whole();
  box.low[option] = low;
  box.high[option] = high;
  return feasible.first_in(std::move(box), kMaxCompletionSteps);
}

/// floor(i * whole / parts).  REQUIRES: i <= parts <= kMaxLevels, so nothing overflows.
std::uint64_t part_of(std::uint64_t i, std::uint64_t whole, std::uint64_t parts) {
  return i * (whole / parts) + i * (whole % parts) / parts;
}

/// The levels of an option that are to be covered, ascending: all, or of a long integer range `max_levels` from end to
/// end, each moved to a feasible one near.
std::vector<std::uint64_t> levels_to_cover(const ConfigSpace& space, std::size_t option, std::uint64_t max_levels) {
  const std::uint64_t num_levels = space.options()[option].num_levels();
  std::vector<std::uint64_t> levels;
  if (space.options()[option].kind() != OptionKind::kInteger || num_levels <= max_levels) {
    levels.resize(num_levels);
    std::iota(levels.begin(), levels.end(), std::uint64_t{0});
    return levels;
  }
  const FeasibleSet& feasible = space.feasible_set();
  for (std::uint64_t i = 0; i < max_levels; ++i) {
    const std::uint64_t level = part_of(i, num_levels - 1, max_levels - 1);
    const std::uint64_t begin = part_of(i, num_levels, max_levels), end = part_of(i + 1, num_levels, max_levels);
    auto found = find_with(feasible, option, level, level);
    if (!found) found = find_with(feasible, option, begin, end - 1);
    if (found) levels.push_back((*found)[option]);
  }
  return levels;
}

/// Fills up a configuration around a pair, option by option in random order, each time with the level that makes most
/// open pairs and can still be completed (after AETG: Cohen, Dalal, Fredman and Patton, 1997).
class RowBuilder {
 public:
  RowBuilder(const FeasibleSet& feasible, const PairTable& table, Random& random)
      : feasible_(feasible), table_(table), random_(random) {
    constexpr std::uint64_t kManyPairs = 100000;  // then one try per row has to do
    constexpr int kTries = 8;
    num_tries_ = table.num_pairs() > kManyPairs ? 1 : kTries;
  }

  /// The best of some tries.
  /// @param first  a feasible configuration with the pair: what comes back if no try does better
  /// @param box    all levels but those of the pair
  Configuration build(Configuration first, const LevelBox& box) {
    std::size_t best_gain = table_.gain(table_.positions_of(first));
    for (int i = 0; i < num_tries_; ++i) {
      auto row = feasible_.first_in(filled(box), kMaxCompletionSteps);
      const std::size_t gain = row ? table_.gain(table_.positions_of(*row)) : 0;
      if (gain <= best_gain) continue;
      first = std::move(*row);
      best_gain = gain;
    }
    return first;
  }

 private:
  LevelBox filled(LevelBox box) {
    std::vector<std::size_t> positions(table_.num_options(), PairTable::kNoPosition), open;
    for (std::size_t i = 0; i < table_.num_options(); ++i) {
      if (box.low[i] == box.high[i]) {
        positions[i] = table_.position_of(i, box.low[i]);
      } else {
        open.push_back(i);
      }
    }
    random_.shuffle(Span<std::size_t>(open));
    for (const std::size_t option : open) positions[option] = choose(option, positions, box);
    return box;
  }

  /// Fixes `option` in `box` at its best level.  @return its position; kNoPosition: none can be completed, left open
  std::size_t choose(std::size_t option, const std::vector<std::size_t>& positions, LevelBox& box) {
    const std::vector<std::uint64_t>& levels = table_.levels(option);
    if (levels.empty()) return PairTable::kNoPosition;
    std::vector<std::ptrdiff_t> gains;  // -1: cannot be completed
    for (std::size_t a = 0; a < levels.size(); ++a) {
      gains.push_back(static_cast<std::ptrdiff_t>(table_.gain(option, a, positions)));
    }
    // Among equals, the first after a random one.
    const std::ptrdiff_t start = random_.integer(0, static_cast<std::int64_t>(levels.size()) - 1);
    const std::uint64_t low = box.low[option], high = box.high[option];
    for (;;) {
      auto best = std::max_element(gains.begin() + start, gains.end());
      const auto before = std::max_element(gains.begin(), gains.begin() + start);
      if (before != gains.begin() + start && *before > *best) best = before;
      if (*best < 0) break;
      const auto position = static_cast<std::size_t>(best - gains.begin());
      box.low[option] = box.high[option] = levels[position];
      if (feasible_.may_hold(box, option)) return position;
      *best = -1;
    }
    box.low[option] = low;
    box.high[option] = high;
    return PairTable::kNoPosition;
  }

  const FeasibleSet& feasible_;
  const PairTable& table_;
  Random& random_;
  int num_tries_;
};

/// A configuration for each level of the only option.
std::vector<Configuration> cover_levels(const FeasibleSet& feasible, const PairTable& table) {
  std::vector<Configuration> rows;
  for (const std::uint64_t level : table.levels(0)) {
    if (feasible.holds({level})) rows.push_back({level});
  }
  return rows;
}

}  // namespace

std::vector<Configuration> cover_pairs(const ConfigSpace& space, std::uint64_t seed, std::uint64_t max_levels) {
  if (max_levels < 2 || max_levels > kMaxLevels) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("max_levels is {}, allowed are 2 to {}", max_levels, kMaxLevels));
  }
  const FeasibleSet& feasible = space.feasible_set();
  std::vector<std::vector<std::uint64_t>> levels;
  for (std::size_t i = 0; i < space.num_options(); ++i) levels.push_back(levels_to_cover(space, i, max_levels));
  PairTable table(std::move(levels));
  std::vector<Configuration> rows;
  if (space.num_options() == 1) rows = cover_levels(feasible, table);

  Random random(seed);
  RowBuilder builder(feasible, table, random);
  const auto cover = [&](std::size_t i, std::size_t a, std::size_t j, std::size_t b) {
    if (!table.is_open(i, a, j, b)) return;
    LevelBox box = feasible.whole();
    box.low[i] = box.high[i] = table.levels(i)[a];
    box.low[j] = box.high[j] = table.levels(j)[b];
    auto found = feasible.first_in(box, kMaxCompletionSteps);
    if (found) {
      rows.push_back(builder.build(std::move(*found), box));
      table.close_all(table.positions_of(rows.back()));
    } else {
      table.close(i, a, j, b);
    }
  };
  for (std::size_t i = 0; i < table.num_options(); ++i) {
    for (std::size_t j = i + 1; j < table.num_options(); ++j) {
      for (std::size_t a = 0; a < table.levels(i).size(); ++a) {
        for (std::size_t b = 0; b < table.levels(j).size(); ++b) cover(i, a, j, b);
      }
    }
  }
  if (rows.empty()) throw_nothing_feasible("for any pair of levels");
  return rows;
}

}  // namespace perfmodel
