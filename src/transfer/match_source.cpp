#include "transfer/match_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

// An option with more levels is matched at that many of them, evenly spread, with straight lines between.
constexpr std::uint64_t kMaxKnots = 1024;

std::vector<std::string> option_names(const ConfigSpace& space) {
  std::vector<std::string> names;
  for (const Option& option : space.options()) names.push_back(option.name());
  return names;
}

const Option& option_named(const ConfigSpace& space, const std::string& name, const char* side) {
  for (const Option& option : space.options()) {
    if (option.name() == name) return option;
  }
  throw Error(ErrorCode::kMismatch, fmt::format("option '{}' is not among the {}'s options ({})", name, side,
                                                fmt::join(option_names(space), ", ")));
}

bool has_level(const Option& option, double value) {
  return option.value(option.nearest_level(value)) == value;
}

bool holds_all_of(const Option& option, const Option& other) {
  for (std::uint64_t level = 0; level < other.num_levels(); ++level) {
    if (!has_level(option, other.value(level))) return false;
  }
  return true;
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

InputMap match_option(const Option& source, const Option& target) {
  const bool is_label = target.kind() == OptionKind::kCategorical;
  if (is_label != (source.kind() == OptionKind::kCategorical)) {
    throw Error(ErrorCode::kMismatch, fmt::format("option '{}' is {} on the source and {} on the target", target.name(),
                                                  option_kind_name(source.kind()), option_kind_name(target.kind())));
  }
  if (is_label) return match_labels(source, target);
  const bool same_numbers = (target.num_levels() <= kMaxKnots && holds_all_of(source, target)) ||
                            (source.num_levels() <= kMaxKnots && holds_all_of(target, source));
  return same_numbers ? InputMap() : match_by_rank(source, target);
}

void require_source_features(const Model& model, const ConfigSpace& source) {
  std::vector<std::string> features;
  for (const FeatureInfo& feature : model.info().features) features.push_back(feature.name);
  const std::vector<std::string> options = option_names(source);
  if (features == options) return;
  throw Error(ErrorCode::kMismatch, fmt::format("the source model's features ({}) are not the source's options ({})",
                                                fmt::join(features, ", "), fmt::join(options, ", ")));
}

}  // namespace

Model match_source(const Model& model, const ConfigSpace& source, const ConfigSpace& target) {
  require_source_features(model, source);
  for (const Option& option : target.options()) option_named(source, option.name(), "source");
  std::vector<std::int32_t> inputs;
  std::vector<InputMap> maps;
  ModelInfo info = model.info();
  info.features.clear();
  for (const Option& option : source.options()) {
    const Option& matched = option_named(target, option.name(), "target");
    inputs.push_back(static_cast<std::int32_t>(target.option_index(option.name())));
    maps.push_back(match_option(option, matched));
  }
  for (const Option& option : target.options()) {
    FeatureInfo feature = model.info().features[source.option_index(option.name())];
    feature.unit = option.unit().empty() ? feature.unit : option.unit();
    // A level that is matched by rank or label stands for one that the source knows.
    const std::size_t source_index = source.option_index(option.name());
    if (!maps[source_index].from.empty()) {
      feature.minimum = option.value(0);
      feature.maximum = option.value(option.num_levels() - 1);
    }
    info.features.push_back(std::move(feature));
  }
  return Model(std::move(info),
               make_remapped(target.num_options(), std::move(inputs), std::move(maps), model.shared_evaluator()));
}

}  // namespace perfmodel
