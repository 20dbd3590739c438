#include <algorithm>
#include <unordered_map>
#include <utility>

#include "config/distinct_draws.h"
#include "config/feasible_set.h"
#include "perfmodel/config/sampling.h"

namespace perfmodel {
namespace {

std::uint64_t random_below(std::uint64_t end, Random& random) {
  return static_cast<std::uint64_t>(random.integer(0, static_cast<std::int64_t>(end - 1)));
}

/// `count` levels in random order. Each level comes floor or ceil of count / num_levels times; where levels are more
/// than samples, each sample has an equal stretch of them to itself.
std::vector<std::uint64_t> balanced_levels(std::uint64_t num_levels, std::size_t count, Random& random) {
  std::vector<std::uint64_t> levels;
  if (num_levels > count) {
    const auto begin_of = [&](std::uint64_t i) {  // floor(i * num_levels / count), without overflow
      return i * (num_levels / count) + i * (num_levels % count) / count;
    };
    for (std::size_t i = 0; i < count; ++i) {
      levels.push_back(begin_of(i) + random_below(begin_of(i + 1) - begin_of(i), random));
    }
  } else {
    std::vector<std::uint64_t> all(num_levels);
    for (std::uint64_t level = 0; level < num_levels; ++level) all[level] = level;
    while (levels.size() + num_levels <= count) levels.insert(levels.end(), all.begin(), all.end());
    random.shuffle(Span<std::uint64_t>(all));
    all.resize(count - levels.size());
    levels.insert(levels.end(), all.begin(), all.end());
  }
  random.shuffle(Span<std::uint64_t>(levels));
  return levels;
}

/// Rows whose levels are balanced, and how many of them are infeasible or repeat another.
class Design {
 public:
  Design(const ConfigSpace& space, std::size_t count, Random& random) : space_(space), rows_(count) {
    for (const Option& option : space.options()) {
      const std::vector<std::uint64_t> levels = balanced_levels(option.num_levels(), count, random);
      for (std::size_t i = 0; i < count; ++i) rows_[i].configuration.push_back(levels[i]);
    }
    for (Row& row : rows_) {
      describe(row);
      ++num_rows_at_[row.index];
    }
  }

  std::size_t num_rows() const noexcept { return rows_.size(); }
  const Configuration& configuration(std::size_t i) const noexcept { return rows_[i].configuration; }
  bool is_feasible(std::size_t i) const noexcept { return rows_[i].is_feasible; }
  bool is_bad(std::size_t i) const { return !rows_[i].is_feasible || num_rows_at_.at(rows_[i].index) > 1; }

  /// Swaps the levels of an option between two rows, which leaves it balanced, if that makes fewer rows bad.
  void swap_if_better(std::size_t i, std::size_t j, std::size_t option) {
    if (rows_[i].configuration[option] == rows_[j].configuration[option]) return;
    Row left = rows_[i], right = rows_[j];
    std::swap(left.configuration[option], right.configuration[option]);
    describe(left);
    describe(right);
    const int before = remove(rows_[i]) + remove(rows_[j]);
    const int after = add(left) + add(right);
    if (after < before) {
      rows_[i] = std::move(left);
      rows_[j] = std::move(right);
      return;
    }
    remove(left);
    remove(right);
    add(rows_[i]);
    add(rows_[j]);
  }

 private:
  struct Row {
    Configuration configuration;
    std::uint64_t index = 0;
    bool is_feasible = false;
  };

  void describe(Row& row) const {
    row.index = space_.index_of(row.configuration);
    row.is_feasible = space_.feasible_set().holds(row.configuration);
  }

  /// Both return how many faults the row brings.
  int add(const Row& row) {
    const bool repeats = num_rows_at_[row.index]++ > 0;
    return (repeats ? 1 : 0) + (row.is_feasible ? 0 : 1);
  }
  int remove(const Row& row) {
    const auto found = num_rows_at_.find(row.index);
    const bool repeats = --found->second > 0;
    if (!repeats) num_rows_at_.erase(found);
    return (repeats ? 1 : 0) + (row.is_feasible ? 0 : 1);
  }

  const ConfigSpace& space_;
  std::vector<Row> rows_;
  std::unordered_map<std::uint64_t, int> num_rows_at_;  ///< by index
};

void repair(Design& design, std::size_t num_options, Random& random) {
  constexpr int kMaxPasses = 20;
  constexpr int kTriesPerRow = 10;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    bool all_good = true;
    for (std::size_t i = 0; i < design.num_rows(); ++i) {
      for (int tries = 0; tries < kTriesPerRow && design.is_bad(i); ++tries) {
        all_good = false;
        design.swap_if_better(i, random_below(design.num_rows(), random), random_below(num_options, random));
      }
    }
    if (all_good) return;
  }
}

}  // namespace

std::vector<Configuration> sample_latin_hypercube(const ConfigSpace& space, std::size_t count, std::uint64_t seed) {
  const FeasibleSet& feasible = space.feasible_set();
  if (count == 0) return {};
  if (feasible.is_counted() && feasible.count(count) < count) count = feasible.count(count);
  check_num_samples(count);
  Random random(seed);
  Design design(space, count, random);
  repair(design, space.num_options(), random);

  DistinctDraws draws(space, random);
  std::vector<Configuration> samples;
  for (std::size_t i = 0; i < count; ++i) {
    if (design.is_feasible(i) && draws.take(design.configuration(i))) samples.push_back(design.configuration(i));
  }
  while (samples.size() < count) {  // in place of the rows that stayed bad
    auto drawn = draws.draw();
    if (!drawn) break;
    samples.push_back(std::move(*drawn));
  }
  return samples;
}

}  // namespace perfmodel
