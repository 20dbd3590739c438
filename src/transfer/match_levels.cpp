#include "transfer/match_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// An option with more levels is matched at that many of them, evenly spread, with straight lines between.
constexpr std::uint64_t kMaxKnots = 1024;
constexpr std::size_t kShownLevels = 3;  // in words, before the last

bool is_range(const Option& option) {
  return option.kind() == OptionKind::kInteger || option.kind() == OptionKind::kBoolean;
}

std::uint64_t step_of(const Option& range) {
  return range.num_levels() == 1 ? 0 : static_cast<std::uint64_t>(range.value(1) - range.value(0));
}

/// The number at `rank` of 0..1 among the levels, between two of them on a straight line.
double value_at_rank(const Option& option, double rank) {
  const double position = rank * static_cast<double>(option.num_levels() - 1);
  const auto below = static_cast<std::uint64_t>(position);
  const std::uint64_t above = std::min(below + 1, option.num_levels() - 1);
  const double share = position - static_cast<double>(below);
  return (1 - share) * option.value(below) + share * option.value(above);
}

InputMap match_by_rank(const Option& source, const Option& target) {
  InputMap map;
  const std::uint64_t last = target.num_levels() - 1;
  const std::uint64_t num_knots = std::min(target.num_levels(), kMaxKnots);
  for (std::uint64_t knot = 0; knot < num_knots; ++knot) {
    const double rank = num_knots == 1 ? 0 : static_cast<double>(knot) / static_cast<double>(num_knots - 1);
    const auto level = static_cast<std::uint64_t>(std::llround(rank * static_cast<double>(last)));
    const double exact_rank = last == 0 ? 0 : static_cast<double>(level) / static_cast<double>(last);
    map.from.push_back(target.value(level));
    map.to.push_back(last == 0 ? source.value(source.nearest_level(target.value(0)))
                               : value_at_rank(source, exact_rank));
  }
  return map;
}

InputMap match_labels(const Option& source, const Option& target) {
  InputMap map;
  for (std::uint64_t level = 0; level < target.num_levels(); ++level) {
    map.from.push_back(target.value(level));
    try {
      map.to.push_back(source.value(source.level_of(target.text(level))));
    } catch (const Error& error) {
      throw Error(ErrorCode::kMismatch, fmt::format("the target's level '{}' is unknown to the source: {}",
                                                    target.text(level), error.what()));
    }
  }
  return map;
}

}  // namespace

bool holds_all_of(const Option& option, const Option& other) {
  const std::uint64_t last = other.num_levels() - 1;
  if (last >= option.num_levels()) return false;
  if (!option.find_level(other.value(0)) || !option.find_level(other.value(last))) return false;
  if (last == 0) return true;
  if (is_range(option) && is_range(other)) return step_of(other) % step_of(option) == 0;
  for (std::uint64_t level = 1; level < last; ++level) {
    if (!option.find_level(other.value(level))) return false;
  }
  return true;
}

LevelMatch match_levels(const Option& source, const Option& target) {
  const bool is_label = target.kind() == OptionKind::kCategorical;
  if (is_label != (source.kind() == OptionKind::kCategorical)) {
    throw Error(ErrorCode::kMismatch, fmt::format("option '{}' is {} on the source and {} on the target", target.name(),
                                                  option_kind_name(source.kind()), option_kind_name(target.kind())));
  }
  if (is_label) return {false, match_labels(source, target)};
  if (holds_all_of(source, target) || holds_all_of(target, source)) return {};
  return {true, match_by_rank(source, target)};
}

std::string describe_ranks(const Option& target, const InputMap& map) {
  std::string pairs;
  const std::size_t last = map.from.size() - 1;
  for (std::size_t k = 0; k <= last; ++k) {
    if (k == kShownLevels && k < last) {
      pairs += ", ...";
      k = last;
    }
    pairs += fmt::format("{}{:.10g} -> {:.10g}", k == 0 ? "" : ", ", map.from[k], map.to[k]);
  }
  return fmt::format("option '{}' matched by rank: {}", target.name(), pairs);
}

}  // namespace perfmodel
