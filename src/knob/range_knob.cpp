#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "knob/knob_kinds.h"
#include "knob/setting_text.h"

namespace perfmodel {

std::vector<std::string> RangeKnob::written_files(const std::string& folder) const {
  return {in_folder(folder, table().minimum_file), in_folder(folder, table().maximum_file)};
}

std::vector<Pin> RangeKnob::own_pins(const std::string& folder) const {
  const std::vector<std::string> ends = written_files(folder);
  if (number_at(ends[0]) != number_at(ends[1])) return {};
  return {{fmt::format("'{}' and '{}' both hold {}", ends[0], ends[1], settings().files().read(ends[0])), ends}};
}

KnobState RangeKnob::state() const {
  const bool has_own = !table().read_file.empty();
  KnobState state;
  for (const std::string& folder : folders()) {
    state.low = std::fmin(state.low, number_at(in_folder(folder, has_own ? table().read_file : table().minimum_file)));
    state.high =
        std::fmax(state.high, number_at(in_folder(folder, has_own ? table().read_file : table().maximum_file)));
  }
  return state;
}

std::vector<PlannedWrite> RangeKnob::plan(double value) const {
  std::vector<PlannedWrite> plan;
  const std::vector<std::string> all_folders = folders();
  for (const std::string& folder : all_folders) plan_preconditions(folder, plan);
  const std::string text = to_file_text(value, table().file_units_per_unit);
  for (const std::string& folder : all_folders) {
    const std::string minimum_file = in_folder(folder, table().minimum_file);
    const std::string maximum_file = in_folder(folder, table().maximum_file);
    const double maximum = number_at(maximum_file);
    std::vector<PlannedWrite> ends;
    plan_write(minimum_file, text, ends, SettingRole::kMinimum);
    plan_write(maximum_file, text, ends, SettingRole::kMaximum);
    if (value > maximum) std::reverse(ends.begin(), ends.end());
    for (PlannedWrite& end : ends) {
      end.partner = end.role == SettingRole::kMinimum ? maximum_file : minimum_file;
      plan.push_back(end);
    }
  }
  return plan;
}

}  // namespace perfmodel
