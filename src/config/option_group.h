#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "config/constraint.h"
#include "perfmodel/config/config_space.h"
#include "perfmodel/core/random.h"

namespace perfmodel {

constexpr std::uint64_t kNoLimit = UINT64_MAX;

/// How a walk through the feasible part of a box goes on and ends.
struct BoxWalk {
  std::function<bool(const LevelBox&)> take;  ///< gets each box; false: stop
  std::uint64_t steps_left = kNoLimit;        ///< steps of constraints it may run
  Random* random = nullptr;                   ///< walks in random order, not from the lowest on
  const Configuration* toward = nullptr;      ///< takes the half nearer to it first
};

enum class WalkEnd {
  kDone,     ///< there are no more
  kStopped,  ///< by take()
  kGaveUp,   ///< no steps left
};

/// Options that constraints tie together, directly or through others, and these constraints. What is feasible in one
/// group does not depend on the other groups, so a space of 10^12 points falls into parts that can be searched.
///
/// A search halves boxes of levels and drops those where a constraint is never true. Boxes span all options of the
/// space; a group reads and changes the ranges of its own.
class OptionGroup {
 public:
  /// @param options  of the space; must outlive the group
  /// @param members  the group's options, ascending
  OptionGroup(const std::vector<Option>& options, std::vector<std::size_t> members,
              std::vector<Constraint> constraints);

  const std::vector<std::size_t>& members() const noexcept { return members_; }
  const std::vector<Constraint>& constraints() const noexcept { return constraints_; }
  bool holds(const Configuration& configuration) const noexcept;

  /// Gives take() boxes without a common point that hold exactly the feasible points of `box`, in ascending order of
  /// their points. `box` comes back as it was.
  WalkEnd walk(LevelBox& box, BoxWalk& walk) const { return this->walk(box, 0, walk); }

  /// Lists the feasible boxes of `whole`, if they are few, for at_rank() and quick counts.
  /// @return kStopped: there are feasible points, but too many boxes or steps; kGaveUp: none was found in as many.
  WalkEnd list_boxes(LevelBox& whole);
  bool is_listed() const noexcept { return is_listed_; }
  std::uint64_t listed_count() const noexcept { return box_end_.empty() ? 0 : box_end_.back(); }

  /// Feasible points, at most `limit`. Counts box by box unless is_listed().
  std::uint64_t count(LevelBox& whole, std::uint64_t limit) const;

  /// Sets the members' levels to those of the feasible point number `rank`, in ascending order.
  /// REQUIRES: is_listed(), rank < listed_count().
  void at_rank(std::uint64_t rank, Configuration& configuration) const;

  /// Sets the members' levels to the lowest feasible point of `box`.
  /// @return false: there is none, or none was found in `max_steps`.
  bool first_in(LevelBox& box, std::uint64_t max_steps, Configuration& configuration) const;

  /// Moves the members' levels to the feasible point that is nearest, in levels over num_levels; to one that is near
  /// where a bounded search does not find the nearest.
  /// @return false: it found none.
  bool move_to_nearest(const LevelBox& whole, Configuration& configuration) const;

  /// Sets the members' levels to a random feasible point, all equally likely where is_listed() or where they are not
  /// rarer than one in some thousands; to the lowest where a bounded search finds none at random.
  /// @return false: it found none at all.
  bool draw(LevelBox& whole, Random& random, Configuration& configuration) const;

 private:
  WalkEnd walk(LevelBox& box, std::size_t first_open, BoxWalk& walk) const;
  Truth truth(const LevelBox& box) const noexcept;
  std::uint64_t num_points(const LevelBox& box) const noexcept;
  void move_into(const LevelBox& box, Configuration& configuration) const;
  bool move_near(LevelBox whole, Configuration& configuration) const;
  void draw_levels(const LevelBox& box, Random& random, Configuration& configuration) const;

  const std::vector<Option>& options_;
  std::vector<std::size_t> members_;
  std::vector<Constraint> constraints_;
  std::uint64_t steps_per_test_ = 1;

  bool is_listed_ = false;
  std::vector<std::uint64_t> box_low_, box_high_;  ///< num_boxes x num_members
  std::vector<std::uint64_t> box_end_;             ///< points up to the end of each box
};

}  // namespace perfmodel
