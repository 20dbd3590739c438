#include "perfmodel/config/config_space.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "config/feasible_set.h"
#include "config/option_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMaxOptions = 10000;
constexpr std::uint64_t kMaxPoints = std::uint64_t{1} << 63;

void check_names(const std::vector<Option>& options) {
  if (options.empty()) throw Error(ErrorCode::kInvalidArgument, "a config space without options");
  if (options.size() > kMaxOptions) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} options, at most {}", options.size(), kMaxOptions));
  }
  std::set<std::string> seen;
  for (const Option& option : options) {
    if (!seen.insert(option.name()).second) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("option '{}' appears twice", shown_text(option.name())));
    }
  }
}

std::uint64_t checked_num_points(const std::vector<Option>& options) {
  std::uint64_t points = 1;
  for (const Option& option : options) {
    if (option.num_levels() > kMaxPoints / points) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("more than 2^63 configurations, counted up to option '{}' with its {} levels",
                              shown_text(option.name()), option.num_levels()));
    }
    points *= option.num_levels();
  }
  return points;
}

}  // namespace

struct ConfigSpace::Impl {
  Impl(std::vector<Option> all_options, std::vector<std::string> all_constraints)
      : options((check_names(all_options), std::move(all_options))),
        constraints(std::move(all_constraints)),
        num_points(checked_num_points(options)),
        feasible(options, constraints) {}

  const std::vector<Option> options;
  const std::vector<std::string> constraints;
  const std::uint64_t num_points;
  const FeasibleSet feasible;
};

ConfigSpace::ConfigSpace(std::vector<Option> options, std::vector<std::string> constraints)
    : impl_(std::make_shared<const Impl>(std::move(options), std::move(constraints))) {}

const std::vector<Option>& ConfigSpace::options() const noexcept {
  return impl_->options;
}

const std::vector<std::string>& ConfigSpace::constraints() const noexcept {
  return impl_->constraints;
}

const FeasibleSet& ConfigSpace::feasible_set() const noexcept {
  return impl_->feasible;
}

std::size_t ConfigSpace::option_index(const std::string& name) const {
  for (std::size_t i = 0; i < num_options(); ++i) {
    if (options()[i].name() == name) return i;
  }
  throw Error(ErrorCode::kNotFound,
              fmt::format("no option '{}' (there are: {})", shown_text(name), names_text(options())));
}

std::uint64_t ConfigSpace::num_points() const noexcept {
  return impl_->num_points;
}

std::uint64_t ConfigSpace::num_feasible(std::uint64_t limit) const {
  return impl_->feasible.count(limit);
}

std::uint64_t ConfigSpace::index_of(const Configuration& configuration) const {
  if (configuration.size() != num_options()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("a configuration of {} levels, there are {} options ({})",
                                                         configuration.size(), num_options(), names_text(options())));
  }
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < num_options(); ++i) {
    const Option& option = options()[i];
    if (configuration[i] >= option.num_levels()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("option '{}': level {}, there are {}, counted from 0", shown_text(option.name()),
                              configuration[i], option.num_levels()));
    }
    index = index * option.num_levels() + configuration[i];
  }
  return index;
}

Configuration ConfigSpace::at(std::uint64_t index) const {
  if (index >= num_points()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("configuration number {}, there are {}, counted from 0", index, num_points()));
  }
  Configuration configuration(num_options());
  for (std::size_t i = num_options(); i-- > 0;) {
    configuration[i] = index % options()[i].num_levels();
    index /= options()[i].num_levels();
  }
  return configuration;
}

bool ConfigSpace::is_feasible(const Configuration& configuration) const {
  index_of(configuration);
  return impl_->feasible.holds(configuration);
}

std::optional<std::uint64_t> ConfigSpace::next_feasible(std::uint64_t index) const {
  if (index >= num_points()) return std::nullopt;
  const auto next = impl_->feasible.next(at(index));
  return next ? std::optional(index_of(*next)) : std::nullopt;
}

Configuration ConfigSpace::default_configuration() const {
  Configuration configuration;
  for (const Option& option : options()) configuration.push_back(option.default_level());
  return configuration;
}

void ConfigSpace::require_count(std::size_t num_values) const {
  if (num_values == num_options()) return;
  throw Error(ErrorCode::kMismatch, fmt::format("{} numbers for a configuration, there are {} options ({})", num_values,
                                                num_options(), names_text(options())));
}

Configuration ConfigSpace::from_values(Span<const double> values) const {
  require_count(values.size());
  Configuration configuration;
  for (std::size_t i = 0; i < num_options(); ++i) configuration.push_back(options()[i].level_of(values[i]));
  return configuration;
}

std::vector<double> ConfigSpace::values(const Configuration& configuration) const {
  index_of(configuration);
  std::vector<double> values;
  for (std::size_t i = 0; i < num_options(); ++i) values.push_back(options()[i].value(configuration[i]));
  return values;
}

Configuration ConfigSpace::nearest(Span<const double> values) const {
  require_count(values.size());
  Configuration configuration;
  for (std::size_t i = 0; i < num_options(); ++i) configuration.push_back(options()[i].nearest_level(values[i]));
  const auto nearest = impl_->feasible.nearest(configuration);
  if (!nearest) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("no feasible configuration was found near the proposal, which breaks the constraint '{}'",
                            shown_text(impl_->feasible.broken_by(configuration)->text())));
  }
  return *nearest;
}

std::vector<Configuration> ConfigSpace::neighbours(const Configuration& configuration) const {
  index_of(configuration);
  std::vector<Configuration> found;
  Configuration neighbour = configuration;
  for (std::size_t i = 0; i < num_options(); ++i) {
    const std::uint64_t level = configuration[i], last = options()[i].num_levels() - 1;
    const bool any_level = options()[i].kind() == OptionKind::kCategorical;
    const std::uint64_t begin = any_level || level == 0 ? 0 : level - 1;
    const std::uint64_t end = any_level || level == last ? last : level + 1;
    for (neighbour[i] = begin; neighbour[i] <= end; ++neighbour[i]) {
      if (neighbour[i] != level && impl_->feasible.holds(neighbour)) found.push_back(neighbour);
    }
    neighbour[i] = level;
  }
  return found;
}

}  // namespace perfmodel
