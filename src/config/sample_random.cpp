#include <fmt/format.h>

#include <algorithm>

#include "config/distinct_draws.h"
#include "config/feasible_set.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// `count` of the numbers below `end`, all choices equally likely, in random order (Floyd's algorithm: Bentley and
/// Floyd, 1987).
std::vector<std::uint64_t> distinct_numbers(std::uint64_t end, std::uint64_t count, Random& random) {
  std::unordered_set<std::uint64_t> seen;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t last = end - count; last < end; ++last) {
    const auto number = static_cast<std::uint64_t>(random.integer(0, static_cast<std::int64_t>(last)));
    numbers.push_back(seen.insert(number).second ? number : last);
    if (numbers.back() == last) seen.insert(last);
  }
  random.shuffle(Span<std::uint64_t>(numbers));
  return numbers;
}

}  // namespace

std::optional<Configuration> DistinctDraws::draw() {
  const int max_repeats = space_.feasible_set().is_counted() ? 100 : 10;  // draws take long where points are rare
  constexpr std::uint64_t kMaxFillSteps = 1000000;
  for (int i = 0; i < max_repeats; ++i) {
    const auto drawn = space_.feasible_set().draw(random_);
    if (!drawn && taken_.empty()) throw_nothing_feasible("in a random search of the config space");
    if (!drawn) return std::nullopt;
    if (take(*drawn)) return drawn;
  }
  // Nearly all are taken: the next one that is not.
  while (walked_to_ < space_.num_points()) {
    const auto next = space_.feasible_set().next(space_.at(walked_to_), kMaxFillSteps);
    walked_to_ = next ? space_.index_of(*next) + 1 : space_.num_points();
    if (next && take(*next)) return next;
  }
  return std::nullopt;
}

void check_num_samples(std::uint64_t count) {
  if (count <= kMaxSamples) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{} samples, at most {} are made", count, kMaxSamples));
}

void throw_nothing_feasible(const char* where) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("no feasible configuration was found {}", where));
}

std::vector<Configuration> sample_random(const ConfigSpace& space, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  const FeasibleSet& feasible = space.feasible_set();
  std::vector<Configuration> samples;
  if (feasible.is_counted()) {
    const std::uint64_t num_feasible = feasible.count();
    const std::uint64_t num_samples = std::min<std::uint64_t>(count, num_feasible);
    check_num_samples(num_samples);
    for (const std::uint64_t rank : distinct_numbers(num_feasible, num_samples, random)) {
      samples.push_back(feasible.at_rank(rank));
    }
    return samples;
  }
  check_num_samples(count);
  DistinctDraws draws(space, random);
  while (samples.size() < count) {
    auto drawn = draws.draw();
    if (!drawn) break;
    samples.push_back(std::move(*drawn));
  }
  return samples;
}

}  // namespace perfmodel
