#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/data/dataset.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Indicators in one space, at most: what is fitted takes a coefficient or a length scale for each.
constexpr std::uint64_t kMaxIndicators = 256;

/// How learners of numbers see a configuration: the number of an option as it is, but of a categorical option with more
/// than two labels an indicator for each, 1 at that label and 0 at the others, as labels have no order. The columns are
/// ConfigSpace::feature_names(), in that order.
class OptionColumns {
 public:
  /// @throws Error kInvalidArgument: more than kMaxIndicators indicators; names the option that has most.
  explicit OptionColumns(const ConfigSpace& space);

  std::size_t size() const noexcept { return inputs_.size(); }
  bool has_indicators() const noexcept { return size() > num_options_; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// Of each column: the index of its option, and what is done to the option's number.
  const std::vector<std::int32_t>& inputs() const noexcept { return inputs_; }
  const std::vector<InputMap>& maps() const noexcept { return maps_; }

  /// Rows of option numbers as rows of columns.
  /// @throws Error kMismatch: not as many features as options.
  Dataset spread(const Dataset& rows) const;
  /// What `on_columns` answers, as a function of option numbers.
  std::shared_ptr<const Evaluator> gather(std::shared_ptr<const Evaluator> on_columns) const;

 private:
  std::size_t num_options_;
  std::vector<std::string> names_;
  std::vector<std::int32_t> inputs_;
  std::vector<InputMap> maps_;
};

}  // namespace perfmodel
