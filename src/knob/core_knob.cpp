#include <fmt/format.h>

#include <algorithm>

#include "knob/knob_kinds.h"
#include "knob/knob_levels.h"
#include "knob/setting_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::string_view kPlaceholder = "{core}";
constexpr const char* kOnline = "1";
constexpr const char* kOffline = "0";

std::string with_core(std::string file, const std::string& core) {
  return file.replace(file.find(kPlaceholder), kPlaceholder.size(), core);
}

/// What stands for the core's number in a file; none: something that is no number, as in "cpufreq".
std::optional<double> core_of(const std::string& file, const std::string& pattern) {
  const std::size_t begin = pattern.find(kPlaceholder);
  return number_in(file.substr(begin, file.size() - begin - (pattern.size() - begin - kPlaceholder.size())));
}

}  // namespace

std::vector<std::string> CoreKnob::core_files() const {
  std::vector<std::string> found;
  if (table().cores.empty()) {
    for (std::string& file : settings().files().match(with_core(table().core_file, "*"))) {
      const std::optional<double> core = core_of(file, table().core_file);
      if (core && *core != 0) found.push_back(std::move(file));
    }
  }
  for (const int core : table().cores) {
    std::string file = with_core(table().core_file, fmt::format("{}", core));
    if (settings().files().exists(file)) found.push_back(std::move(file));
  }
  if (found.empty()) {
    throw Error(ErrorCode::kUnsupported, fmt::format("no core can be taken offline: '{}' is not there for any other "
                                                     "than the first",
                                                     table().core_file));
  }
  return found;
}

std::vector<std::string> CoreKnob::written_files(const std::string&) const {
  return core_files();
}

Option CoreKnob::levels(std::int64_t default_level) const {
  const auto num_cores = static_cast<std::int64_t>(core_files().size()) + 1;
  return Option::integer(table().name, 1, num_cores, 1, default_level, table().unit);
}

std::vector<Pin> CoreKnob::own_pins(const std::string& folder) const {
  for (const KnobWrite& before : preconditions(folder)) {
    if (!holds(before.file, before.text)) return {};
  }
  std::vector<Pin> pins;
  for (const std::string& file : core_files()) {
    if (number_at(file) == 0) pins.push_back({fmt::format("'{}' is 0, its core offline already", file), {file}});
  }
  return pins;
}

KnobState CoreKnob::state() const {
  double num_online = 1;
  for (const std::string& file : core_files()) num_online += number_at(file) != 0 ? 1 : 0;
  return {num_online, num_online};
}

std::vector<PlannedWrite> CoreKnob::plan(double value) const {
  std::vector<PlannedWrite> plan, offline;
  plan_preconditions("", plan);
  double num_online = 1;
  for (const std::string& file : core_files()) {
    if (num_online++ < value) {
      plan_write(file, kOnline, plan, SettingRole::kCore);
    } else {
      plan_write(file, kOffline, offline, SettingRole::kCore);
    }
  }
  plan.insert(plan.end(), offline.rbegin(), offline.rend());
  return plan;
}

}  // namespace perfmodel
