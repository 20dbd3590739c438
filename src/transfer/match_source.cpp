#include "transfer/match_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "transfer/match_levels.h"

namespace perfmodel {
namespace {

const Option& option_named(const ConfigSpace& space, const std::string& name, const char* side) {
  for (const Option& option : space.options()) {
    if (option.name() == name) return option;
  }
  throw Error(ErrorCode::kMismatch, fmt::format("option '{}' is not among the {}'s options ({})", name, side,
                                                fmt::join(option_names(space), ", ")));
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

std::vector<std::string> option_names(const ConfigSpace& space) {
  std::vector<std::string> names;
  for (const Option& option : space.options()) names.push_back(option.name());
  return names;
}

MatchedSource match_source(const Model& model, const ConfigSpace& source, const ConfigSpace& target) {
  require_source_features(model, source);
  for (const Option& option : target.options()) option_named(source, option.name(), "source");
  std::vector<std::int32_t> inputs;
  std::vector<InputMap> maps;
  std::vector<std::string> ranks;
  ModelInfo info = model.info();
  info.features.clear();
  for (const Option& option : source.options()) {
    const Option& matched = option_named(target, option.name(), "target");
    inputs.push_back(static_cast<std::int32_t>(target.option_index(option.name())));
    LevelMatch levels = match_levels(option, matched);
    if (levels.by_rank) ranks.push_back(describe_ranks(matched, levels.map));
    maps.push_back(std::move(levels.map));
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
  auto on_target = make_remapped(target.num_options(), std::move(inputs), std::move(maps), model.shared_evaluator());
  return {Model(std::move(info), std::move(on_target)), std::move(ranks)};
}

}  // namespace perfmodel
