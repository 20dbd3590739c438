#include <algorithm>
#include <cstdint>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "config/option_group.h"

namespace perfmodel {
namespace {

constexpr std::uint64_t kMaxNearestSteps = 1000000;  // some tens of milliseconds

/// A box of a group's levels and how far its nearest point is at least.
struct Candidate {
  double distance;
  std::uint64_t order;  ///< of coming up: of equals the latest, which is the smallest, is looked at first
  std::vector<std::uint64_t> low, high;

  bool operator<(const Candidate& other) const noexcept {  // of two, the greater one leaves the queue first
    return std::tie(other.distance, order) < std::tie(distance, other.order);
  }
};

/// Best-first search: the box that may hold the nearest point is looked at next, and halved unless all of it is
/// feasible.
class NearestSearch {
 public:
  NearestSearch(const std::vector<Option>& options, const std::vector<std::size_t>& members, const Configuration& to)
      : options_(options), members_(members), to_(to) {}

  bool empty() const noexcept { return queue_.empty(); }

  Candidate pop() {
    Candidate candidate = queue_.top();
    queue_.pop();
    return candidate;
  }

  void push(std::vector<std::uint64_t> low, std::vector<std::uint64_t> high) {
    double distance = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const std::uint64_t level = to_[members_[i]];
      const std::uint64_t nearest = std::clamp(level, low[i], high[i]);
      const std::uint64_t levels = nearest > level ? nearest - level : level - nearest;
      distance += static_cast<double>(levels) / num_levels(i);
    }
    queue_.push({distance, next_order_++, std::move(low), std::move(high)});
  }

  /// Halves the range that is widest for its option. REQUIRES: not a single point.
  void push_halves(const Candidate& candidate) {
    std::size_t widest = 0;
    double width = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const double width_here = static_cast<double>(candidate.high[i] - candidate.low[i]) / num_levels(i);
      if (width_here > width) {
        widest = i;
        width = width_here;
      }
    }
    const std::uint64_t middle = candidate.low[widest] + (candidate.high[widest] - candidate.low[widest]) / 2;
    std::vector<std::uint64_t> lower_end = candidate.high, upper_begin = candidate.low;
    lower_end[widest] = middle;
    upper_begin[widest] = middle + 1;
    push(std::move(upper_begin), candidate.high);
    push(candidate.low, std::move(lower_end));
  }

 private:
  double num_levels(std::size_t i) const noexcept { return static_cast<double>(options_[members_[i]].num_levels()); }

  const std::vector<Option>& options_;
  const std::vector<std::size_t>& members_;
  const Configuration& to_;
  std::uint64_t next_order_ = 0;
  std::priority_queue<Candidate> queue_;
};

}  // namespace

bool OptionGroup::move_to_nearest(const LevelBox& whole, Configuration& configuration) const {
  NearestSearch search(options_, members_, configuration);
  LevelBox box = whole;
  std::vector<std::uint64_t> low, high;
  for (const std::size_t member : members_) {
    low.push_back(whole.low[member]);
    high.push_back(whole.high[member]);
  }
  search.push(std::move(low), std::move(high));
  for (std::uint64_t steps = 0; !search.empty() && steps < kMaxNearestSteps; steps += steps_per_test_) {
    const Candidate candidate = search.pop();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      box.low[members_[i]] = candidate.low[i];
      box.high[members_[i]] = candidate.high[i];
    }
    const Truth here = truth(box);
    if (here == Truth::kSometimes) search.push_halves(candidate);
    if (here != Truth::kAlways) continue;
    move_into(box, configuration);
    return true;
  }
  return !search.empty() && move_near(whole, configuration);
}

bool OptionGroup::move_near(LevelBox whole, Configuration& configuration) const {
  const Configuration from = configuration;
  BoxWalk walk;
  walk.steps_left = kMaxNearestSteps;
  walk.toward = &from;
  walk.take = [&](const LevelBox& box) {
    move_into(box, configuration);
    return false;
  };
  return this->walk(whole, walk) == WalkEnd::kStopped;
}

void OptionGroup::move_into(const LevelBox& box, Configuration& configuration) const {
  for (const std::size_t member : members_) {
    configuration[member] = std::clamp(configuration[member], box.low[member], box.high[member]);
  }
}

}  // namespace perfmodel
