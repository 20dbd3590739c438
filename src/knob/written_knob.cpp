#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "knob/knob_kinds.h"
#include "knob/setting_text.h"

namespace perfmodel {

std::vector<std::string> WrittenKnob::written_files(const std::string& folder) const {
  std::vector<std::string> files;
  for (const KnobWrite& write : table().writes) files.push_back(in_folder(folder, write.file));
  return files;
}

/// What a file says: the number in the knob's unit, or the label's index; NaN: not a label.
double WrittenKnob::value_in(const std::string& file) const {
  if (table().kind != OptionKind::kCategorical) return number_at(file);
  const std::vector<std::string>& labels = table().levels.labels;
  const std::string word = selected_word(settings().files().read(file));
  const auto found = std::find(labels.begin(), labels.end(), word);
  if (found == labels.end()) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(found - labels.begin());
}

std::string WrittenKnob::text_of(double value) const {
  if (table().kind == OptionKind::kCategorical) return table().levels.labels[static_cast<std::size_t>(value)];
  return to_file_text(value, table().file_units_per_unit);
}

KnobState WrittenKnob::state() const {
  std::string file = table().read_file;
  for (const KnobWrite& write : table().writes) {
    if (file.empty() && write.text.empty()) file = write.file;
  }
  KnobState state;
  for (const std::string& folder : folders()) {
    const double value = value_in(in_folder(folder, file));
    if (std::isnan(value)) return {};
    state.low = std::fmin(state.low, value);
    state.high = std::fmax(state.high, value);
  }
  return state;
}

/// Files that are to hold a certain text hold it after a tool that pinned the knob.
std::vector<Pin> WrittenKnob::own_pins(const std::string& folder) const {
  std::vector<Pin> pins;
  for (const KnobWrite& write : table().writes) {
    const std::string file = in_folder(folder, write.file);
    if (write.text.empty() || !holds(file, write.text)) continue;
    pins.push_back({fmt::format("'{}' is '{}' already", file, write.text), written_files(folder)});
  }
  return pins;
}

std::vector<PlannedWrite> WrittenKnob::plan(double value) const {
  std::vector<PlannedWrite> plan;
  const bool is_held = !table().writes.back().text.empty();
  const std::vector<std::string> all_folders = folders();
  for (const std::string& folder : all_folders) plan_preconditions(folder, plan);
  for (const std::string& folder : all_folders) {
    for (const KnobWrite& write : table().writes) {
      const bool is_value = write.text.empty();
      plan_write(in_folder(folder, write.file), is_value ? text_of(value) : write.text, plan,
                 is_value && is_held ? SettingRole::kHeld : SettingRole::kPlain);
    }
  }
  return plan;
}

}  // namespace perfmodel
