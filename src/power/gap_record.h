#pragma once

#include <cstddef>
#include <vector>

namespace perfmodel {

/// Remembers the longest times between two samples, so that a window can be asked for the longest within it. Bounded
/// memory, for which a gap may count for longer than it should, never for less.
class GapRecord {
 public:
  /// Takes a gap that ended at `end_s`, no earlier than those before.
  void add(double end_s, double gap_s);
  /// The longest of those that ended after `begin_s`; 0: none.
  double longest_since(double begin_s) const noexcept;
  std::size_t size() const noexcept { return gaps_.size(); }

 private:
  struct Gap {
    double end_s, length_s;
  };
  std::vector<Gap> gaps_;  ///< later ones are shorter: a longer one makes those before it irrelevant
};

}  // namespace perfmodel
