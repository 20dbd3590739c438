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

/// Means of mape_pct by some of the rows' members.
class MeanErrors {
 public:
  void add(const std::string& key, const Json& row) {
    sums_[key] += row.at("mape_pct").get<double>();
    counts_[key] += 1;
  }
  /// "-" where there are fewer rows than `expected`.
  std::string text(const std::string& key, std::size_t expected) const {
    const std::optional<double> value = mean(key, expected);
    return value ? two_decimals(*value) : "-";
  }
  /// Nothing where there are fewer rows than `expected`.
  std::optional<double> mean(const std::string& key, std::size_t expected) const {
    const auto count = counts_.find(key);
    if (count == counts_.end() || count->second < static_cast<double>(expected)) return std::nullopt;
    return sums_.at(key) / count->second;
  }

 private:
  std::map<std::string, double> sums_, counts_;
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
  all.header = {"MAPE %, mean of four devices and three draws", "measured layers"};
  by_device.header = {"300 measured layers, MAPE %", "layer"};
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
  report.add_table("devices_300", by_device);
}

}  // namespace perfmodel::bench
