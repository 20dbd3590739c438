#include "knob/file_knob.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "knob/knob_levels.h"
#include "knob/setting_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

[[noreturn]] void throw_not_there(const std::vector<std::string>& alternatives) {
  throw Error(ErrorCode::kUnsupported,
              fmt::format(alternatives.size() == 1 ? "'{}' is not there" : "none of '{}' is there",
                          fmt::join(alternatives, "', '")));
}

double number_of(const std::string& file, const std::string& text) {
  const std::optional<double> number = number_in(selected_word(text));
  if (!number) throw Error(ErrorCode::kUnsupported, fmt::format("'{}' holds '{}', which is no number", file, text));
  return *number;
}

std::vector<double> common_levels(const std::vector<double>& left, const std::vector<double>& right) {
  std::vector<double> common;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
  return common;
}

}  // namespace

std::vector<std::string> FileKnob::folders() const {
  if (table().folders.empty()) return {""};
  for (const std::string& pattern : table().folders) {
    std::vector<std::string> found = settings().files().match(pattern);
    if (found.empty()) continue;
    if (!table().every_folder) found.resize(1);
    return active_ones(std::move(found));
  }
  throw_not_there(table().folders);
}

std::vector<std::string> FileKnob::active_ones(std::vector<std::string> found) const {
  if (table().active_file.empty()) return found;
  const auto is_idle = [&](const std::string& folder) {
    try {
      return settings().files().read(in_folder(folder, table().active_file)).empty();
    } catch (const Error&) {  // newer kernels say EBUSY
      return true;
    }
  };
  const std::string first = found[0];
  found.erase(std::remove_if(found.begin(), found.end(), is_idle), found.end());
  if (found.empty())
    throw Error(ErrorCode::kUnsupported, fmt::format("'{}' is not in use, nor another like it", first));
  return found;
}

std::string FileKnob::in_folder(const std::string& folder, const std::string& path) const {
  return path[0] == '/' ? path : folder + "/" + path;
}

double FileKnob::number_at(const std::string& file) const {
  return from_file_units(number_of(file, settings().files().read(file)), table().file_units_per_unit);
}

std::vector<std::string> FileKnob::effective_files() const {
  if (table().effective_file.empty()) return {};
  try {
    std::vector<std::string> files;
    for (const std::string& folder : folders()) files.push_back(in_folder(folder, table().effective_file));
    return files;
  } catch (const Error&) {  // a measurement goes on without it
    return {};
  }
}

EffectiveLevel FileKnob::effective(const std::vector<std::string>& files) const {
  if (files.empty()) return {};
  try {
    double sum = 0, lowest = std::numeric_limits<double>::infinity();
    for (const std::string& file : files) {
      const double value = number_at(file);
      sum += value;
      lowest = std::min(lowest, value);
    }
    return {sum / static_cast<double>(files.size()), lowest};
  } catch (const Error&) {  // a measurement goes on without it
    return {};
  }
}

std::vector<double> FileKnob::listed_levels(const std::string& folder) const {
  const LevelSource& source = table().levels;
  const double scale = source.file_units_per_unit;
  FileSystem& files = settings().files();
  if (!source.file.empty()) {
    const std::string file = in_folder(folder, source.file);
    if (source.minimum_file.empty() || files.exists(file)) return numbers_in_list(files.read(file), scale);
  }
  if (source.minimum_file.empty()) return {};
  const auto bound = [&](const std::string& path) {
    const std::string file = in_folder(folder, path);
    return from_file_units(number_of(file, files.read(file)), scale);
  };
  return stepped_levels(bound(source.minimum_file), bound(source.maximum_file), source.step);
}

Option FileKnob::levels(std::int64_t default_level) const {
  std::vector<double> numbers = table().levels.numbers;
  const bool has_numbers = table().kind == OptionKind::kInteger || table().kind == OptionKind::kOrdinal;
  if (has_numbers && numbers.empty()) {
    const std::vector<std::string> all_folders = folders();
    numbers = listed_levels(all_folders[0]);
    for (std::size_t i = 1; i < all_folders.size(); ++i)
      numbers = common_levels(numbers, listed_levels(all_folders[i]));
  }
  return option_of(table(), numbers, default_level);
}

std::vector<std::string> FileKnob::precondition_files(const std::string& folder, const Precondition& condition) const {
  for (const std::string& path : condition.files) {
    const std::vector<std::string> found = settings().files().match(in_folder(folder, path));
    if (!found.empty()) return found;
  }
  if (condition.optional) return {};
  throw_not_there(condition.files);
}

std::vector<KnobWrite> FileKnob::preconditions(const std::string& folder) const {
  std::vector<KnobWrite> writes;
  for (const Precondition& condition : table().before) {
    for (const std::string& file : precondition_files(folder, condition)) writes.push_back({file, condition.text});
  }
  return writes;
}

void FileKnob::plan_preconditions(const std::string& folder, std::vector<PlannedWrite>& plan) const {
  for (const KnobWrite& before : preconditions(folder)) plan_write(before.file, before.text, plan);
}

void FileKnob::plan_write(const std::string& file, const std::string& text, std::vector<PlannedWrite>& plan,
                          SettingRole role) const {
  const auto is_planned = [&](const PlannedWrite& write) { return write.setting == file; };
  if (std::any_of(plan.begin(), plan.end(), is_planned)) return;
  const std::string held = settings().files().read(file);
  if (same_setting(held, text)) return;
  plan.push_back({file, selected_word(held), text, role, ""});
}

bool FileKnob::holds(const std::string& file, const std::string& text) const {
  return same_setting(settings().files().read(file), text);
}

std::vector<Pin> FileKnob::pins() const {
  std::vector<Pin> pins;
  for (const std::string& folder : folders()) {
    for (const KnobWrite& before : preconditions(folder)) {
      if (!holds(before.file, before.text)) continue;
      pins.push_back({fmt::format("'{}' is '{}' already", before.file, before.text), written_files(folder)});
      pins.back().settings.push_back(before.file);
    }
    for (Pin& pin : own_pins(folder)) pins.push_back(std::move(pin));
  }
  return pins;
}

void FileKnob::require_settable() const {
  option();
  state();
  for (const std::string& folder : folders()) {
    for (const std::string& file : written_files(folder)) require_writable(file);
    for (const KnobWrite& before : preconditions(folder)) require_writable(before.file);
  }
}

void FileKnob::require_writable(const std::string& file) const {
  FileSystem& files = settings().files();
  if (files.is_writable(file)) return;
  if (!files.exists(file)) throw_not_there({file});
  throw Error(ErrorCode::kPermission, fmt::format("no permission to write '{}'", file));
}

}  // namespace perfmodel
