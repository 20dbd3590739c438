#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>

#include "perfmodel/core/error.h"
#include "power/rails.h"
#include "power/sensor_file.h"

namespace perfmodel {
namespace {

// A rail that is switched off may read a little below nothing: the INA3221's offset of up to 80 uV is 16 mA on a shunt
// of 5 mOhm, at 20 V 0.32 W. Further below, a number is no power that a rail draws.
constexpr double kGreatestOffset_watts = 0.5;
constexpr const char* kNotConnected = "NC";  // the label of unused channels in device trees

std::string join(const std::string& folder, const std::string& file) {
  return folder.empty() || file.empty() || file[0] == '/' ? file : folder + "/" + file;
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

/// `name` of a table with "{label}" and "{folder}" replaced.
std::string rail_name(std::string name, const std::string& label, const std::string& folder) {
  replace_all(name, "{label}", label);
  replace_all(name, "{folder}", folder);
  return name;
}

/// Whether a label is that of a rail which repeats others: as the table says, or as it says itself.
bool is_sum_label(const RailTable& table, const std::string& label) {
  const auto fits = [&label](const std::string& pattern) { return ::fnmatch(pattern.c_str(), label.c_str(), 0) == 0; };
  if (std::any_of(table.sum_labels.begin(), table.sum_labels.end(), fits)) return true;
  std::string lower = label;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower.find("sum") != std::string::npos;
}

/// What the '*' of `pattern` stands for in `path`, which matches it.
std::string star_of(const std::string& pattern, const std::string& path) {
  const std::size_t star = pattern.find('*');
  return star == std::string::npos ? "" : path.substr(star, path.size() - (pattern.size() - 1));
}

std::string fill_star(std::string pattern, const std::string& text) {
  const std::size_t star = pattern.find('*');
  return star == std::string::npos ? pattern : pattern.replace(star, 1, text);
}

/// What a file says, or nothing.
std::string text_or_empty(FileSystem& files, const std::string& path) {
  try {
    return path.empty() ? "" : files.read(path);
  } catch (const Error&) {
    return "";
  }
}

double number_or_zero(FileSystem& files, const std::string& path) {
  try {
    return path.empty() ? 0 : read_sensor(files, path);
  } catch (const Error&) {
    return 0;
  }
}

/// One rail's files, of a chip that may have several.
struct RailFiles {
  std::string folder, value, current, label, wraps_at;
};

std::vector<RailFiles> rail_files(const RailTable& table, FileSystem& files, const std::string& folder) {
  std::vector<RailFiles> found;
  const std::string pattern = join(folder, table.value_file);
  for (const std::string& value : files.match(pattern)) {
    const std::string text = star_of(pattern, value);
    const auto beside = [&](const std::string& file) { return fill_star(join(folder, file), text); };
    found.push_back({folder, value, beside(table.current_file), beside(table.label_file), beside(table.wraps_at_file)});
  }
  return found;
}

std::function<double()> power_reader(std::shared_ptr<FileSystem> files, std::string path, double units_per_watt) {
  return [files = std::move(files), path = std::move(path), units_per_watt] {
    return checked_watts(read_sensor(*files, path) / units_per_watt, path);
  };
}

std::function<double()> product_reader(std::shared_ptr<FileSystem> files, std::string voltage, std::string current,
                                       double units_per_watt) {
  return [files = std::move(files), voltage = std::move(voltage), current = std::move(current), units_per_watt] {
    return checked_watts(read_sensor(*files, voltage) * read_sensor(*files, current) / units_per_watt, current);
  };
}

std::function<double()> energy_reader(std::shared_ptr<FileSystem> files, std::string path, double units_per_joule) {
  return [files = std::move(files), path = std::move(path), units_per_joule] {
    const double joules = read_sensor(*files, path) / units_per_joule;
    if (joules < 0) throw Error(ErrorCode::kIo, fmt::format("'{}' counts {} J, allowed are 0 and more", path, joules));
    return joules;
  };
}

Rail make_rail(const RailTable& table, const std::shared_ptr<FileSystem>& files, const RailFiles& at,
               const std::string& label) {
  Rail rail;
  rail.info.name = rail_name(table.name, label, last_part(at.folder));
  rail.info.rail = label;
  rail.info.source = at.value;
  rail.info.is_sum = table.is_sum || is_sum_label(table, label);
  rail.info.update_period_s = table.update_period_s;
  const double step = 1 / table.file_units_per_unit;
  if (table.kind == RailKind::kEnergy) {
    rail.info.is_counter = true;
    rail.info.resolution_joules = step;
    rail.wraps_at_joules = std::max(0.0, number_or_zero(*files, at.wraps_at) * step);
    rail.read = energy_reader(files, at.value, table.file_units_per_unit);
  } else if (table.kind == RailKind::kVoltageCurrent) {
    rail.info.source += " x " + last_part(at.current);
    // One step of either number, at what they say now.
    rail.info.resolution_watts =
        (std::abs(number_or_zero(*files, at.value)) + std::abs(number_or_zero(*files, at.current))) * step;
    rail.read = product_reader(files, at.value, at.current, table.file_units_per_unit);
  } else {
    rail.info.resolution_watts = step;
    rail.read = power_reader(files, at.value, table.file_units_per_unit);
  }
  return rail;
}

std::vector<Rail> rails_in(const RailTable& table, const std::shared_ptr<FileSystem>& files,
                           const std::string& folder) {
  std::vector<Rail> rails;
  if (!table.chip.empty() && text_or_empty(*files, join(folder, "name")) != table.chip) return rails;
  for (const RailFiles& at : rail_files(table, *files, folder)) {
    std::string label = text_or_empty(*files, at.label);
    if (label == kNotConnected) continue;
    if (table.kind == RailKind::kVoltageCurrent) {
      // Other voltages of a chip, e.g. across its shunts, have no current or no label.
      if (!files->exists(at.current) || (!at.label.empty() && label.empty())) continue;
    }
    if (label.empty()) label = last_part(at.value).substr(0, last_part(at.value).rfind('_'));
    rails.push_back(make_rail(table, files, at, label));
  }
  return rails;
}

/// All rails in the folders that a pattern finds; "" is none, for paths that are absolute.
/// @param refusals  takes why something could not be looked for; the rest is found all the same
std::vector<Rail> rails_matching(const RailTable& table, const std::shared_ptr<FileSystem>& files,
                                 const std::string& pattern, std::vector<std::string>& refusals) {
  std::vector<Rail> rails;
  try {
    for (const std::string& folder : pattern.empty() ? std::vector<std::string>{""} : files->match(pattern)) {
      try {
        for (Rail& rail : rails_in(table, files, folder)) rails.push_back(std::move(rail));
      } catch (const Error& error) {
        refusals.emplace_back(error.what());
      }
    }
  } catch (const Error& error) {
    refusals.emplace_back(error.what());
  }
  return rails;
}

}  // namespace

std::vector<Rail> find_file_rails(const RailTable& table, const std::shared_ptr<FileSystem>& files, WhyNot why_not) {
  const std::vector<std::string> absolute = {""};
  std::vector<std::string> tried, refusals;
  std::vector<Rail> rails;
  for (const std::string& pattern : table.folders.empty() ? absolute : table.folders) {
    tried.push_back(join(pattern, table.value_file));
    rails = rails_matching(table, files, pattern, refusals);
    if (!rails.empty()) break;
  }
  if (why_not == nullptr) return rails;
  for (const std::string& refusal : refusals) why_not->push_back(fmt::format("{}: {}", table.name, refusal));
  if (rails.empty() && refusals.empty()) {
    why_not->push_back(fmt::format("{}: there is no {}{}", table.name, fmt::join(tried, ", nor "),
                                   table.chip.empty() ? "" : " of a chip named " + table.chip));
  }
  return rails;
}

double checked_watts(double watts, const std::string& source) {
  if (!(watts >= -kGreatestOffset_watts)) {
    throw Error(ErrorCode::kIo, fmt::format("'{}' tells {} W, allowed are 0 and more", source, watts));
  }
  return std::max(0.0, watts);
}

}  // namespace perfmodel
