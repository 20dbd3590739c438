#include "transfer/option_columns.h"

#include <fmt/format.h>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// As ConfigSpace::encode().
bool is_spread(const Option& option) {
  return option.kind() == OptionKind::kCategorical && option.num_levels() > 2;
}

void require_few_indicators(const ConfigSpace& space) {
  const Option* longest = nullptr;
  std::uint64_t count = 0;
  for (const Option& option : space.options()) {
    if (!is_spread(option)) continue;
    count += option.num_levels();
    if (longest == nullptr || option.num_levels() > longest->num_levels()) longest = &option;
  }
  if (count <= kMaxIndicators) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("option '{}' has {} labels: each is a feature of its own, the space has {} of these, at "
                          "most {} are allowed",
                          longest->name(), longest->num_levels(), count, kMaxIndicators));
}

/// 1 at that label, 0 at the others.
InputMap indicator_of(std::uint64_t label) {
  const auto at = static_cast<double>(label);
  return {{at - 1, at, at + 1}, {0, 1, 0}};
}

}  // namespace

OptionColumns::OptionColumns(const ConfigSpace& space) : num_options_(space.num_options()) {
  require_few_indicators(space);
  names_ = space.feature_names();
  for (std::size_t j = 0; j < num_options_; ++j) {
    const Option& option = space.options()[j];
    const bool is_label = is_spread(option);
    const std::uint64_t num_columns = is_label ? option.num_levels() : 1;
    for (std::uint64_t k = 0; k < num_columns; ++k) {
      inputs_.push_back(static_cast<std::int32_t>(j));
      maps_.push_back(is_label ? indicator_of(k) : InputMap());
    }
  }
}

Dataset OptionColumns::spread(const Dataset& rows) const {
  if (rows.num_features() != num_options_) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("the rows have {} features, the space has {} options", rows.num_features(), num_options_));
  }
  Dataset spread(names_, rows.target_name());
  std::vector<double> columns(size());
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    for (std::size_t k = 0; k < size(); ++k) {
      columns[k] = map_input(maps_[k], rows.features()(i, static_cast<std::size_t>(inputs_[k])));
    }
    spread.add_row(columns, rows.targets()[i]);
  }
  return spread;
}

std::shared_ptr<const Evaluator> OptionColumns::gather(std::shared_ptr<const Evaluator> on_columns) const {
  return make_remapped(num_options_, inputs_, maps_, std::move(on_columns));
}

}  // namespace perfmodel
