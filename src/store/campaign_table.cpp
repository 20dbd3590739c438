#include "store/campaign_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "perfmodel/core/csv.h"

namespace perfmodel {
namespace {

bool is_better(const CampaignRow& a, const CampaignRow& b) {
  if (a.ok != b.ok) return a.ok;
  if (!a.ok) return a.disturbed_fraction <= b.disturbed_fraction;  // what the last attempt failed of is still true
  return a.disturbed_fraction < b.disturbed_fraction;
}

std::vector<std::string> cells_of(const CampaignAttempts& group, const CampaignSchema& schema) {
  const CampaignRow& row = group.best;
  std::vector<std::string> cells = {std::to_string(row.candidate),
                                    std::to_string(row.pass),
                                    std::to_string(group.num_attempts),
                                    row.ok ? "ok" : "failed",
                                    row.reason,
                                    format_number(row.disturbed_fraction),
                                    format_number(row.started_unix_s),
                                    format_number(row.duration_s)};
  for (const double input : row.inputs) cells.push_back(format_number(input));
  for (const double output : row.outputs) cells.push_back(row.ok || !std::isnan(output) ? format_number(output) : "");
  for (const auto& [key, value] : schema.identity) cells.push_back(value);
  return cells;
}

}  // namespace

std::vector<CampaignAttempts> group_attempts(const std::vector<CampaignRow>& attempts) {
  std::map<std::pair<std::uint64_t, int>, CampaignAttempts> groups;
  for (const CampaignRow& row : attempts) {
    CampaignAttempts& group = groups[{row.candidate, row.pass}];
    if (group.num_attempts == 0 || is_better(row, group.best)) group.best = row;
    group.last_attempt = group.num_attempts == 0 ? row.attempt : std::max(group.last_attempt, row.attempt);
    ++group.num_attempts;
  }
  std::vector<CampaignAttempts> result;
  result.reserve(groups.size());
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  return result;
}

std::vector<CampaignRow> CampaignStore::rows() const {
  std::vector<CampaignRow> rows;
  for (CampaignAttempts& group : group_attempts(all_rows())) rows.push_back(std::move(group.best));
  return rows;
}

CsvTable CampaignStore::to_csv_table() const {
  CsvTable table;
  table.name = fmt::format("campaign '{}'", schema().purpose);
  table.columns = {"candidate",          "pass",           "attempts",  "status", "reason",
                   "disturbed_fraction", "started_unix_s", "duration_s"};
  table.columns.insert(table.columns.end(), schema().input_columns.begin(), schema().input_columns.end());
  table.columns.insert(table.columns.end(), schema().output_columns.begin(), schema().output_columns.end());
  for (const auto& [key, value] : schema().identity) table.columns.push_back(key);
  for (const CampaignAttempts& group : group_attempts(all_rows())) table.rows.push_back(cells_of(group, schema()));
  return table;
}

}  // namespace perfmodel
