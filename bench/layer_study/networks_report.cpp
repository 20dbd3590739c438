#include "networks_report.h"

#include <algorithm>
#include <string>
#include <utility>

namespace perfmodel::bench {
namespace {

std::string text_of(const Json& row, const char* member) {
  return row.at(member).get<std::string>();
}

std::string interval_text(const Json& row, const std::string& prefix) {
  return number_text(row, prefix + "coverage_pct", 1) + " (" + number_text(row, prefix + "width_pct", 1) + ")";
}

/// Rows of one device and learner stand together, in the order of the first of each, and then that of the draws.
std::vector<std::vector<Json>> by_device_and_learner(const std::vector<Json>& rows) {
  std::vector<std::vector<Json>> groups;
  for (const Json& row : rows) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<Json>& each) {
      return each.front().at("device") == row.at("device") && each.front().at("learner") == row.at("learner");
    });
    if (group == groups.end()) {
      groups.push_back({row});
    } else {
      group->push_back(row);
    }
  }
  return groups;
}

std::string draw_of(const Json& row) {
  return std::to_string(row.value("draw", 0));  // of rows from before there were several: 0
}

constexpr const char* kErrors[] = {"lenet_mape_pct", "alexnet_mape_pct", "vgg16_mape_pct", "mape_pct"};

/// Means over draws, with the least and the greatest of them.
std::vector<std::string> means_of(const std::vector<Json>& group) {
  std::vector<std::string> cells;
  for (const char* member : kErrors) {
    Json of = {{"mean", 0.0}, {"least", group.front().at(member)}, {"greatest", group.front().at(member)}};
    for (const Json& row : group) {
      const double error = row.at(member).get<double>();
      of["mean"] = of["mean"].get<double>() + error / static_cast<double>(group.size());
      of["least"] = std::min(of["least"].get<double>(), error);
      of["greatest"] = std::max(of["greatest"].get<double>(), error);
    }
    cells.push_back(number_text(of, "mean") + " (" + number_text(of, "least") + " to " + number_text(of, "greatest") +
                    ")");
  }
  return cells;
}

MarkdownTable sums_of(const std::vector<Json>& rows) {
  MarkdownTable table;
  table.header = {"device", "learner", "draw", "LeNet, MAPE %", "AlexNet", "VGG16", "mean"};
  for (const std::vector<Json>& group : by_device_and_learner(rows)) {
    const std::string device = text_of(group.front(), "device"), learner = text_of(group.front(), "learner");
    for (const Json& row : group) {
      std::vector<std::string> cells = {device, learner, draw_of(row)};
      for (const char* member : kErrors) cells.push_back(number_text(row, member));
      table.rows.push_back(std::move(cells));
    }
    if (group.size() == 1) continue;
    std::vector<std::string> cells = {device, learner, "mean of " + std::to_string(group.size()) + " (from, to)"};
    for (std::string& mean : means_of(group)) cells.push_back(std::move(mean));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

MarkdownTable intervals_of(const std::vector<Json>& rows) {
  MarkdownTable table;
  table.header = {"device",
                  "learner",
                  "draw",
                  "networks of test layers, in interval % (width %): cautious",
                  "fitted to held layers",
                  "LeNet, AlexNet, VGG16: cautious",
                  "fitted to held layers",
                  "fitted to the other two networks"};
  for (const std::vector<Json>& group : by_device_and_learner(rows)) {
    for (const Json& row : group) {
      table.rows.push_back({text_of(row, "device"), text_of(row, "learner"), draw_of(row),
                            interval_text(row, "layers_default_"), interval_text(row, "layers_by_layers_"),
                            interval_text(row, "networks_default_"), interval_text(row, "networks_by_layers_"),
                            interval_text(row, "networks_by_others_")});
    }
  }
  return table;
}

}  // namespace

void report_networks(const std::vector<Json>& rows, const StudyOptions&, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_networks", rows);
  report.add_table("network_sums", sums_of(rows));
  report.add_table("network_intervals", intervals_of(rows));
}

}  // namespace perfmodel::bench
