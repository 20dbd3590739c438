#include "config/option_group.h"

#include <algorithm>
#include <utility>

namespace perfmodel {
namespace {

constexpr std::size_t kMaxBoxes = 50000;
constexpr std::uint64_t kMaxListSteps = 10000000;  // some tens of milliseconds
constexpr std::uint64_t kMaxDrawSteps = 5000000;
constexpr int kMaxTries = 5000;

}  // namespace

OptionGroup::OptionGroup(const std::vector<Option>& options, std::vector<std::size_t> members,
                         std::vector<Constraint> constraints)
    : options_(options), members_(std::move(members)), constraints_(std::move(constraints)) {
  for (const Constraint& constraint : constraints_) steps_per_test_ += constraint.num_steps();
}

bool OptionGroup::holds(const Configuration& configuration) const noexcept {
  return std::all_of(constraints_.begin(), constraints_.end(), [&](const Constraint& constraint) {
    return constraint.truth(options_, configuration, configuration) == Truth::kAlways;
  });
}

Truth OptionGroup::truth(const LevelBox& box) const noexcept {
  Truth all = Truth::kAlways;
  for (const Constraint& constraint : constraints_) {
    const Truth one = constraint.truth(options_, box.low, box.high);
    if (one == Truth::kNever) return one;
    if (one == Truth::kSometimes) all = one;
  }
  return all;
}

// The depth is bounded: each level halves a range, and all ranges together hold at most 2^63 points.
WalkEnd OptionGroup::walk(LevelBox& box, std::size_t first_open, BoxWalk& walk) const {
  if (walk.steps_left < steps_per_test_) return WalkEnd::kGaveUp;
  if (walk.steps_left != kNoLimit) walk.steps_left -= steps_per_test_;
  const Truth here = truth(box);
  if (here == Truth::kNever) return WalkEnd::kDone;
  if (here == Truth::kAlways) return walk.take(box) ? WalkEnd::kDone : WalkEnd::kStopped;

  while (box.low[members_[first_open]] == box.high[members_[first_open]]) ++first_open;
  const std::size_t option = members_[first_open];
  const std::uint64_t low = box.low[option], high = box.high[option], middle = low + (high - low) / 2;
  const bool upper_first = (walk.random != nullptr && walk.random->chance(0.5)) ||
                           (walk.toward != nullptr && (*walk.toward)[option] > middle);
  WalkEnd end = WalkEnd::kDone;
  for (int half = 0; half < 2 && end == WalkEnd::kDone; ++half) {
    const bool upper = (half == 1) != upper_first;
    box.low[option] = upper ? middle + 1 : low;
    box.high[option] = upper ? high : middle;
    end = this->walk(box, first_open, walk);
  }
  box.low[option] = low;
  box.high[option] = high;
  return end;
}

std::uint64_t OptionGroup::num_points(const LevelBox& box) const noexcept {
  std::uint64_t points = 1;
  for (const std::size_t member : members_) points *= box.high[member] - box.low[member] + 1;
  return points;
}

WalkEnd OptionGroup::list_boxes(LevelBox& whole) {
  std::uint64_t total = 0;
  BoxWalk walk;
  walk.steps_left = kMaxListSteps;
  walk.take = [&](const LevelBox& box) {
    if (box_end_.size() == kMaxBoxes) return false;
    for (const std::size_t member : members_) {
      box_low_.push_back(box.low[member]);
      box_high_.push_back(box.high[member]);
    }
    box_end_.push_back(total += num_points(box));
    return true;
  };
  is_listed_ = this->walk(whole, walk) == WalkEnd::kDone;
  if (is_listed_) return WalkEnd::kDone;
  const bool found_any = !box_end_.empty();
  box_low_ = box_high_ = box_end_ = {};
  return found_any ? WalkEnd::kStopped : WalkEnd::kGaveUp;
}

std::uint64_t OptionGroup::count(LevelBox& whole, std::uint64_t limit) const {
  if (is_listed_) return std::min(listed_count(), limit);
  std::uint64_t total = 0;
  BoxWalk walk;
  walk.take = [&](const LevelBox& box) { return (total += num_points(box)) < limit; };
  this->walk(whole, walk);
  return std::min(total, limit);
}

void OptionGroup::at_rank(std::uint64_t rank, Configuration& configuration) const {
  const auto box =
      static_cast<std::size_t>(std::upper_bound(box_end_.begin(), box_end_.end(), rank) - box_end_.begin());
  std::uint64_t rest = box == 0 ? rank : rank - box_end_[box - 1];
  for (std::size_t i = members_.size(); i-- > 0;) {
    const std::uint64_t low = box_low_[box * members_.size() + i];
    const std::uint64_t num_levels = box_high_[box * members_.size() + i] - low + 1;
    configuration[members_[i]] = low + rest % num_levels;
    rest /= num_levels;
  }
}

bool OptionGroup::first_in(LevelBox& box, std::uint64_t max_steps, Configuration& configuration) const {
  BoxWalk walk;
  walk.steps_left = max_steps;
  walk.take = [&](const LevelBox& feasible) {
    for (const std::size_t member : members_) configuration[member] = feasible.low[member];
    return false;
  };
  return this->walk(box, walk) == WalkEnd::kStopped;
}

void OptionGroup::draw_levels(const LevelBox& box, Random& random, Configuration& configuration) const {
  for (const std::size_t member : members_) {
    const auto last = static_cast<std::int64_t>(box.high[member] - box.low[member]);
    configuration[member] = box.low[member] + static_cast<std::uint64_t>(random.integer(0, last));
  }
}

bool OptionGroup::draw(LevelBox& whole, Random& random, Configuration& configuration) const {
  if (is_listed_) {
    if (box_end_.empty()) return false;
    const auto last = static_cast<std::int64_t>(box_end_.back() - 1);
    at_rank(static_cast<std::uint64_t>(random.integer(0, last)), configuration);
    return true;
  }
  for (int i = 0; i < kMaxTries; ++i) {
    draw_levels(whole, random, configuration);
    if (holds(configuration)) return true;
  }
  BoxWalk walk;
  walk.steps_left = kMaxDrawSteps;
  walk.random = &random;
  walk.take = [&](const LevelBox& box) {
    draw_levels(box, random, configuration);
    return false;
  };
  return this->walk(whole, walk) == WalkEnd::kStopped || first_in(whole, kMaxDrawSteps, configuration);
}

}  // namespace perfmodel
