#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/option_group.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/core/random.h"

namespace perfmodel {

/// The feasible configurations of a space, in groups of options that constraints tie together. Immutable.
class FeasibleSet {
 public:
  /// @param options  must outlive it
  /// @throws Error as ConfigSpace's constructor.
  FeasibleSet(const std::vector<Option>& options, const std::vector<std::string>& constraints);

  /// The first constraint that a configuration breaks; null: it is feasible.
  const Constraint* broken_by(const Configuration& configuration) const noexcept;
  bool holds(const Configuration& configuration) const noexcept { return broken_by(configuration) == nullptr; }

  /// All levels of all options.
  const LevelBox& whole() const noexcept { return whole_; }

  /// Points, at most `limit`. Quick where is_counted(), else it walks through them in boxes.
  std::uint64_t count(std::uint64_t limit = kNoLimit) const;
  bool is_counted() const noexcept;
  /// A feasible point by number, in an order of its own.  REQUIRES: is_counted(), rank < count().
  Configuration at_rank(std::uint64_t rank) const;

  /// The lowest feasible point of `box`; nullopt when there is none, or none was found in `max_steps` steps.
  std::optional<Configuration> first_in(LevelBox box, std::uint64_t max_steps = kNoLimit) const;
  /// Whether some point of `box` satisfies the constraints that `option` is tied to, as far as a bounded search can
  /// tell. `box` comes back as it was.
  bool may_hold(LevelBox& box, std::size_t option) const;
  /// The first feasible point at or after `from`; nullopt at the end. With few `max_steps` some may be passed over.
  std::optional<Configuration> next(const Configuration& from, std::uint64_t max_steps = kNoLimit) const;
  /// The feasible point nearest to `to`, in levels over num_levels; nullopt when a bounded search found none.
  std::optional<Configuration> nearest(Configuration to) const;
  /// A random feasible point (OptionGroup::draw); nullopt when a bounded search found none.
  std::optional<Configuration> draw(Random& random) const;

 private:
  void add_groups(std::vector<Constraint> constraints);
  void require_feasible(OptionGroup& group);

  const std::vector<Option>& options_;
  std::vector<OptionGroup> groups_;
  std::vector<std::size_t> group_of_;  ///< per option
  LevelBox whole_;
};

}  // namespace perfmodel
