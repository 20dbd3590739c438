#include "measure/configuration_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "board/board_table.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

bool has_labels(const Option& option) {
  return option.kind() == OptionKind::kCategorical;
}

KnobMechanism mechanism_of(const Board& board, const std::string& knob) {
  for (const KnobTable& table : board.table().knobs) {
    if (table.name == knob) return table.mechanism;
  }
  return KnobMechanism::kHanded;
}

void require_same_sort(const Option& option, const KnobStatus& knob) {
  if (!knob.option || has_labels(option) == has_labels(*knob.option)) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("option '{}' is {}, the knob of that name is {}", option.name(),
                          option_kind_name(option.kind()), option_kind_name(knob.option->kind())));
}

std::string why_not_settable(const KnobStatus& knob) {
  return fmt::format("knob '{}' cannot be set: {}", knob.name, knob.why_not);
}

/// Why the driver would refuse the most cores that a campaign is to have, but not before it has set other knobs and
/// measured fewer cores; empty: it would not.
std::string why_no_more_cores(const KnobDriver& driver, const Option& cores) {
  double most = 1;
  for (std::uint64_t level = 0; level < cores.num_levels(); ++level) most = std::max(most, cores.value(level));
  try {
    return driver.pinned({cores.name(), most});
  } catch (const Error&) {  // which objections() tell
    return "";
  }
}

}  // namespace

ConfigurationPlan::ConfigurationPlan(const ConfigSpace& space, const KnobDriver& driver) : space_(space) {
  const std::vector<KnobStatus> all = driver.list();
  for (std::size_t i = 0; i < space.num_options(); ++i) {
    const Option& option = space.options()[i];
    const auto found =
        std::find_if(all.begin(), all.end(), [&option](const KnobStatus& knob) { return knob.name == option.name(); });
    if (found == all.end()) continue;
    require_same_sort(option, *found);
    const KnobMechanism mechanism = mechanism_of(driver.board(), option.name());
    knobs_.push_back({i, *found});
    KnobStatus& knob = knobs_.back().status;
    if (knob.writable && mechanism == KnobMechanism::kCores) {
      knob.why_not = why_no_more_cores(driver, option);
      knob.why_not_code = ErrorCode::kMismatch;
      knob.writable = knob.why_not.empty();
    }
    (mechanism == KnobMechanism::kHanded ? handed_knobs_ : hardware_knobs_).push_back(option.name());
  }
}

void ConfigurationPlan::require_settable() const {
  for (const Knob& knob : knobs_) {
    if (!knob.status.writable) throw Error(knob.status.why_not_code, why_not_settable(knob.status));
  }
}

std::vector<std::string> ConfigurationPlan::objections(const Configuration& configuration) const {
  std::vector<std::string> found;
  try {
    if (!space_.is_feasible(configuration)) found.push_back("the space's constraints do not allow it");
  } catch (const Error& error) {
    return {error.what()};
  }
  for (const Knob& knob : knobs_) {
    if (!knob.status.writable) found.push_back(why_not_settable(knob.status));
    if (!knob.status.option) continue;
    const Option& option = space_.options()[knob.option];
    try {
      if (has_labels(option)) {
        knob.status.option->level_of(option.text(configuration[knob.option]));
      } else {
        knob.status.option->level_of(option.value(configuration[knob.option]));
      }
    } catch (const Error& error) {
      found.emplace_back(error.what());
    }
  }
  return found;
}

double ConfigurationPlan::value(const Knob& knob, const Configuration& configuration) const {
  const Option& option = space_.options()[knob.option];
  const std::uint64_t level = configuration[knob.option];
  if (!has_labels(option) || !knob.status.option) return option.value(level);
  return static_cast<double>(knob.status.option->level_of(option.text(level)));  // labels may be in another order there
}

std::vector<KnobValue> ConfigurationPlan::knob_values(const Configuration& configuration) const {
  std::vector<KnobValue> values;
  for (const Knob& knob : knobs_) values.push_back({knob.status.name, value(knob, configuration)});
  return values;
}

std::vector<std::pair<std::string, std::string>> ConfigurationPlan::texts(const Configuration& configuration) const {
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    const Option& option = space_.options()[i];
    texts.emplace_back(option.name(), option.text(configuration[i]));
  }
  return texts;
}

}  // namespace perfmodel
