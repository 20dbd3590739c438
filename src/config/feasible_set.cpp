#include "config/feasible_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "config/option_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMaxConstraints = 1000;
constexpr std::size_t kMaxAllConstraintsBytes = std::size_t{1} << 18;
constexpr std::uint64_t kMaxProofSteps = 20000000;  // some tenths of a second
constexpr std::uint64_t kMaxPairSteps = 100000;

std::vector<Constraint> parse_all(const std::vector<std::string>& texts, const std::vector<Option>& options) {
  std::size_t num_bytes = 0;
  for (const std::string& text : texts) num_bytes += text.size();
  if (texts.size() > kMaxConstraints || num_bytes > kMaxAllConstraintsBytes) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} constraints of {} bytes, at most {} of {} bytes are taken", texts.size(), num_bytes,
                            kMaxConstraints, kMaxAllConstraintsBytes));
  }
  std::vector<Constraint> constraints;
  for (const std::string& text : texts) constraints.emplace_back(text, options);
  return constraints;
}

[[noreturn]] void throw_contradiction(const std::vector<const Constraint*>& constraints) {
  constexpr std::size_t kMaxListed = 5;
  std::string list;
  for (std::size_t i = 0; i < std::min(constraints.size(), kMaxListed); ++i) {
    list += fmt::format("{}'{}'", i == 0 ? "" : ", ", shown_text(constraints[i]->text()));
  }
  if (constraints.size() > kMaxListed) list += fmt::format(", ... {} in all", constraints.size());
  throw Error(ErrorCode::kInvalidArgument, fmt::format("no configuration satisfies the constraint{} {}",
                                                       constraints.size() == 1 ? "" : "s together:", list));
}

/// The representative of `option`'s group.
std::size_t root_of(std::vector<std::size_t>& parents, std::size_t option) {
  while (parents[option] != option) option = parents[option] = parents[parents[option]];
  return option;
}

}  // namespace

FeasibleSet::FeasibleSet(const std::vector<Option>& options, const std::vector<std::string>& constraints)
    : options_(options) {
  for (const Option& option : options) {
    whole_.low.push_back(0);
    whole_.high.push_back(option.num_levels() - 1);
  }
  std::vector<Constraint> parsed = parse_all(constraints, options);
  for (const Constraint& constraint : parsed) {
    if (constraint.truth(options_, whole_.low, whole_.high) == Truth::kNever) throw_contradiction({&constraint});
  }
  add_groups(std::move(parsed));
  for (OptionGroup& group : groups_) require_feasible(group);
}

void FeasibleSet::add_groups(std::vector<Constraint> constraints) {
  std::vector<std::size_t> parents(options_.size());
  std::iota(parents.begin(), parents.end(), std::size_t{0});
  for (const Constraint& constraint : constraints) {
    for (const std::size_t option : constraint.options()) {
      parents[root_of(parents, option)] = root_of(parents, constraint.options().front());
    }
  }
  std::vector<std::vector<std::size_t>> members(options_.size());  // by representative
  std::vector<std::vector<Constraint>> constraints_of(options_.size());
  for (std::size_t i = 0; i < options_.size(); ++i) members[root_of(parents, i)].push_back(i);
  for (Constraint& constraint : constraints) {
    if (constraint.options().empty()) continue;  // true whatever is chosen
    constraints_of[root_of(parents, constraint.options().front())].push_back(std::move(constraint));
  }
  group_of_.resize(options_.size());
  for (std::size_t root = 0; root < options_.size(); ++root) {
    if (members[root].empty()) continue;
    for (const std::size_t member : members[root]) group_of_[member] = groups_.size();
    groups_.emplace_back(options_, std::move(members[root]), std::move(constraints_of[root]));
  }
}

void FeasibleSet::require_feasible(OptionGroup& group) {
  WalkEnd end = group.list_boxes(whole_);
  if (end == WalkEnd::kDone && group.listed_count() > 0) return;
  if (end == WalkEnd::kGaveUp) {
    BoxWalk walk;
    walk.steps_left = kMaxProofSteps;
    walk.take = [](const LevelBox&) { return false; };
    end = group.walk(whole_, walk);
  }
  if (end != WalkEnd::kDone) return;
  std::vector<const Constraint*> all;
  for (const Constraint& constraint : group.constraints()) all.push_back(&constraint);
  throw_contradiction(all);
}

const Constraint* FeasibleSet::broken_by(const Configuration& configuration) const noexcept {
  for (const OptionGroup& group : groups_) {
    for (const Constraint& constraint : group.constraints()) {
      if (constraint.truth(options_, configuration, configuration) != Truth::kAlways) return &constraint;
    }
  }
  return nullptr;
}

bool FeasibleSet::is_counted() const noexcept {
  return std::all_of(groups_.begin(), groups_.end(), [](const OptionGroup& group) { return group.is_listed(); });
}

std::uint64_t FeasibleSet::count(std::uint64_t limit) const {
  LevelBox box = whole_;
  std::uint64_t total = 1;
  for (const OptionGroup& group : groups_) {
    const std::uint64_t here = group.count(box, limit);
    total = here != 0 && total > limit / here ? limit : total * here;
  }
  return std::min(total, limit);
}

Configuration FeasibleSet::at_rank(std::uint64_t rank) const {
  Configuration configuration(options_.size());
  for (std::size_t i = groups_.size(); i-- > 0;) {
    const OptionGroup& group = groups_[i];
    const std::uint64_t count = group.listed_count();
    group.at_rank(rank % count, configuration);
    rank /= count;
  }
  return configuration;
}

std::optional<Configuration> FeasibleSet::first_in(LevelBox box, std::uint64_t max_steps) const {
  Configuration first(options_.size());
  for (const OptionGroup& group : groups_) {
    if (!group.first_in(box, max_steps, first)) return std::nullopt;
  }
  return first;
}

bool FeasibleSet::may_hold(LevelBox& box, std::size_t option) const {
  BoxWalk walk;
  walk.steps_left = kMaxPairSteps;
  walk.take = [](const LevelBox&) { return false; };
  return groups_[group_of_[option]].walk(box, walk) == WalkEnd::kStopped;
}

std::optional<Configuration> FeasibleSet::next(const Configuration& from, std::uint64_t max_steps) const {
  if (holds(from)) return from;
  // The next point agrees with `from` up to some option and has a higher level there; the later, the nearer.
  LevelBox box = whole_;
  box.low = box.high = from;
  for (std::size_t i = options_.size(); i-- > 0;) {
    box.high[i] = whole_.high[i];
    if (from[i] < whole_.high[i]) {
      box.low[i] = from[i] + 1;
      if (auto found = first_in(box, max_steps)) return found;
    }
    box.low[i] = 0;
  }
  return std::nullopt;
}

std::optional<Configuration> FeasibleSet::nearest(Configuration to) const {
  for (const OptionGroup& group : groups_) {
    if (!group.holds(to) && !group.move_to_nearest(whole_, to)) return std::nullopt;
  }
  return to;
}

std::optional<Configuration> FeasibleSet::draw(Random& random) const {
  LevelBox box = whole_;
  Configuration configuration(options_.size());
  for (const OptionGroup& group : groups_) {
    if (!group.draw(box, random, configuration)) return std::nullopt;
  }
  return configuration;
}

}  // namespace perfmodel
