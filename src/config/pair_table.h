#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/config/config_space.h"

namespace perfmodel {

/// Which pairs of levels of two options are still to occur together. Levels are named by their position among those to
/// cover.
class PairTable {
 public:
  static constexpr std::uint64_t kMaxPairs = 1000000;
  static constexpr std::size_t kNoPosition = SIZE_MAX;

  /// @param levels  those to cover, ascending, of each option
  /// @throws Error kInvalidArgument: more than kMaxPairs.
  explicit PairTable(std::vector<std::vector<std::uint64_t>> levels);

  std::size_t num_options() const noexcept { return levels_.size(); }
  std::uint64_t num_pairs() const noexcept { return open_.size(); }
  const std::vector<std::uint64_t>& levels(std::size_t option) const noexcept { return levels_[option]; }

  /// Positions `a` and `b` of options `i` and `j`, i != j.
  bool is_open(std::size_t i, std::size_t a, std::size_t j, std::size_t b) const noexcept {
    return open_[index_of(i, a, j, b)];
  }
  void close(std::size_t i, std::size_t a, std::size_t j, std::size_t b) noexcept {
    open_[index_of(i, a, j, b)] = false;
  }
  /// Closes all pairs among `positions`, one per option or kNoPosition.
  void close_all(const std::vector<std::size_t>& positions) noexcept;

  /// How many open pairs position `a` of option `i` makes with the others of `positions`.
  std::size_t gain(std::size_t i, std::size_t a, const std::vector<std::size_t>& positions) const noexcept;
  /// How many open pairs `positions` hold.
  std::size_t gain(const std::vector<std::size_t>& positions) const noexcept;

  /// The position of an option's level; kNoPosition: not one to cover.
  std::size_t position_of(std::size_t option, std::uint64_t level) const noexcept;
  std::vector<std::size_t> positions_of(const Configuration& configuration) const;

 private:
  std::size_t index_of(std::size_t i, std::size_t a, std::size_t j, std::size_t b) const noexcept;

  std::vector<std::vector<std::uint64_t>> levels_;
  std::vector<std::size_t> begin_;  ///< where each two options begin in open_
  std::vector<bool> open_;
};

}  // namespace perfmodel
