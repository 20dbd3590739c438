#include <fmt/format.h>

#include <cmath>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Whether each label is a feature of its own.
bool is_spread(const Option& option) {
  return option.kind() == OptionKind::kCategorical && option.num_levels() > 2;
}

bool spans_decades(const Option& option) {
  constexpr double kDecade = 10;
  const double lowest = option.value(0), highest = option.value(option.num_levels() - 1);
  return option.kind() != OptionKind::kCategorical && lowest > 0 && highest / lowest > kDecade;
}

double encoded(const Option& option, std::uint64_t level, const EncodingOptions& encoding) {
  if (option.kind() == OptionKind::kCategorical) return static_cast<double>(level);
  if (encoding.rank) {
    const std::uint64_t last = option.num_levels() - 1;
    return last == 0 ? 0 : static_cast<double>(level) / static_cast<double>(last);
  }
  const double value = option.value(level);
  return encoding.log_decades && spans_decades(option) ? std::log(value) : value;
}

}  // namespace

std::vector<std::string> ConfigSpace::feature_names(const EncodingOptions&) const {
  std::vector<std::string> names;
  for (const Option& option : options()) {
    if (!is_spread(option)) {
      names.push_back(option.name());
      continue;
    }
    for (std::uint64_t level = 0; level < option.num_levels(); ++level) {
      names.push_back(fmt::format("{}={}", option.name(), option.text(level)));
    }
  }
  return names;
}

void ConfigSpace::encode(const Configuration& configuration, const EncodingOptions& encoding, Span<double> out) const {
  index_of(configuration);
  std::size_t num_features = 0;
  for (const Option& option : options()) num_features += is_spread(option) ? option.num_levels() : 1;
  if (out.size() != num_features) {
    throw Error(ErrorCode::kMismatch, fmt::format("room for {} features, the space has {}", out.size(), num_features));
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < num_options(); ++i) {
    const Option& option = options()[i];
    if (!is_spread(option)) {
      out[next++] = encoded(option, configuration[i], encoding);
      continue;
    }
    for (std::uint64_t level = 0; level < option.num_levels(); ++level) out[next++] = level == configuration[i] ? 1 : 0;
  }
}

}  // namespace perfmodel
