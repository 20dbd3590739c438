#include "devices_report.h"

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "device_methods.h"

namespace perfmodel::bench {
namespace {

std::string two_decimals(double value) {
  return number_text(Json{{"value", value}}, "value");
}

/// Means of mape_pct and coverage_90_pct by some of the rows' members.
class MeanErrors {
 public:
  void add(const std::string& key, const Json& row) {
    Sums& sums = sums_[key];
    sums.count += 1;
    sums.mape_pct += row.at("mape_pct").get<double>();
    const Json& coverage_pct = row.at("coverage_90_pct");
    if (!coverage_pct.is_number()) return;
    sums.num_covered += 1;
    sums.coverage_pct += coverage_pct.get<double>();
  }
  /// The error, and how many times lay in their interval; "-" where there are fewer rows than `expected`.
  std::string text(const std::string& key, std::size_t expected) const {
    const std::optional<double> value = mean(key, expected);
    if (!value) return "-";
    const Sums& sums = sums_.at(key);
    if (sums.num_covered == 0) return two_decimals(*value);
    return two_decimals(*value) + " (" +
           number_text(Json{{"value", sums.coverage_pct / sums.num_covered}}, "value", 0) + ")";
  }
  /// The error; nothing where there are fewer rows than `expected`.
  std::optional<double> mean(const std::string& key, std::size_t expected) const {
    const auto sums = sums_.find(key);
    if (sums == sums_.end() || sums->second.count < static_cast<double>(expected)) return std::nullopt;
    return sums->second.mape_pct / sums->second.count;
  }

 private:
  struct Sums {
    double count = 0, mape_pct = 0, num_covered = 0, coverage_pct = 0;
  };
  std::map<std::string, Sums> sums_;
};

std::string text_of(const Json& row, const char* member) {
  return row.at(member).get<std::string>();
}

/// What the source leaves of the error that there is without it, each the mean of four devices and three draws.
MarkdownTable ratios(const MeanErrors& means, const StudyOptions& options) {
  const std::string with_source = "source few_layers";
  MarkdownTable table;
  table.header = {"300 measured layers: error of " + with_source + " over that of"};
  for (const std::string& kind : options.kinds) table.header.push_back(kind);
  table.header.emplace_back("all kinds");
  for (const DeviceMethod& method : device_methods()) {
    if (method.name.rfind("alone", 0) != 0) continue;
    std::vector<std::string> cells = {method.name};
    double sum_with = 0, sum_without = 0;
    for (const std::string& kind : options.kinds) {
      const std::optional<double> with = means.mean(with_source + "|300|" + kind, kNumDraws * std::size(kTargets));
      const std::optional<double> without = means.mean(method.name + "|300|" + kind, kNumDraws * std::size(kTargets));
      if (!with || !without) break;
      cells.push_back(two_decimals(*with / *without));
      sum_with += *with;
      sum_without += *without;
    }
    if (cells.size() != options.kinds.size() + 1) continue;  // not all of them were run
    cells.push_back(two_decimals(sum_with / sum_without));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

/// Of few_layers on each device by itself, the mean of three draws: above 1 the source does harm.
MarkdownTable ratios_by_device(const MeanErrors& means, const StudyOptions& options) {
  MarkdownTable table;
  table.header = {"300 measured layers: error of source few_layers over that of alone few_layers"};
  for (const std::string& kind : options.kinds) table.header.push_back(kind);
  for (const char* device : kTargets) {
    std::vector<std::string> cells = {device};
    for (const std::string& kind : options.kinds) {
      const std::string key = "few_layers|300|" + kind + "|" + device;
      const std::optional<double> with = means.mean("source " + key, kNumDraws);
      const std::optional<double> without = means.mean("alone " + key, kNumDraws);
      cells.push_back(with && without ? two_decimals(*with / *without) : "-");
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace

void report_devices(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_devices", rows);
  MeanErrors means;
  for (const Json& row : rows) {
    const std::string key = text_of(row, "method") + "|" + std::to_string(row.at("measured").get<std::size_t>()) + "|" +
                            text_of(row, "layer");
    means.add(key, row);
    means.add(key + "|" + text_of(row, "device"), row);
  }
  MarkdownTable all, by_device;
  all.header = {"MAPE % (in 90 % interval, %), mean of four devices and three draws", "measured layers"};
  by_device.header = {"300 measured layers, MAPE % (in 90 % interval, %)", "layer"};
  for (const std::string& kind : options.kinds) all.header.push_back(kind);
  for (const char* device : kTargets) by_device.header.push_back(device);
  for (const DeviceMethod& method : device_methods()) {
    for (const std::size_t num_measured : kNumMeasured) {
      if (num_measured > method.most_measured) continue;
      const std::string key = method.name + "|" + std::to_string(num_measured) + "|";
      std::vector<std::string> cells = {method.name, std::to_string(num_measured)};
      for (const std::string& kind : options.kinds)
        cells.push_back(means.text(key + kind, kNumDraws * std::size(kTargets)));
      all.rows.push_back(std::move(cells));
    }
    for (const std::string& kind : options.kinds) {
      std::vector<std::string> cells = {method.name, kind};
      for (const char* device : kTargets)
        cells.push_back(means.text(method.name + "|300|" + kind + "|" + device, kNumDraws));
      by_device.rows.push_back(std::move(cells));
    }
  }
  report.add_table("devices", all);
  report.add_table("devices_ratio", ratios(means, options));
  report.add_table("devices_ratio_by_device", ratios_by_device(means, options));
  report.add_table("devices_300", by_device);
}

}  // namespace perfmodel::bench
