#include "config/pair_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {

PairTable::PairTable(std::vector<std::vector<std::uint64_t>> levels) : levels_(std::move(levels)) {
  std::uint64_t num_pairs = 0;
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    for (std::size_t j = i + 1; j < levels_.size(); ++j) {
      begin_.push_back(num_pairs);
      num_pairs += levels_[i].size() * levels_[j].size();
      if (num_pairs > kMaxPairs) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("more than {} pairs of levels to cover: there are too many levels", kMaxPairs));
      }
    }
  }
  open_.assign(num_pairs, true);
}

void PairTable::close_all(const std::vector<std::size_t>& positions) noexcept {
  for (std::size_t i = 0; i < positions.size(); ++i) {
    for (std::size_t j = i + 1; j < positions.size(); ++j) {
      if (positions[i] != kNoPosition && positions[j] != kNoPosition) close(i, positions[i], j, positions[j]);
    }
  }
}

std::size_t PairTable::gain(std::size_t i, std::size_t a, const std::vector<std::size_t>& positions) const noexcept {
  std::size_t pairs = 0;
  for (std::size_t j = 0; j < positions.size(); ++j) {
    if (j != i && positions[j] != kNoPosition && is_open(i, a, j, positions[j])) ++pairs;
  }
  return pairs;
}

std::size_t PairTable::gain(const std::vector<std::size_t>& positions) const noexcept {
  std::size_t twice = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] != kNoPosition) twice += gain(i, positions[i], positions);
  }
  return twice / 2;
}

std::size_t PairTable::position_of(std::size_t option, std::uint64_t level) const noexcept {
  const std::vector<std::uint64_t>& levels = levels_[option];
  const auto found = std::lower_bound(levels.begin(), levels.end(), level);
  return found != levels.end() && *found == level ? static_cast<std::size_t>(found - levels.begin()) : kNoPosition;
}

std::vector<std::size_t> PairTable::positions_of(const Configuration& configuration) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < configuration.size(); ++i) positions.push_back(position_of(i, configuration[i]));
  return positions;
}

std::size_t PairTable::index_of(std::size_t i, std::size_t a, std::size_t j, std::size_t b) const noexcept {
  if (i > j) {
    std::swap(i, j);
    std::swap(a, b);
  }
  const std::size_t options = i * (2 * levels_.size() - i - 1) / 2 + (j - i - 1);  // row i of the upper triangle
  return begin_[options] + a * levels_[j].size() + b;
}

}  // namespace perfmodel
