#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "perfmodel/measure/campaign.h"

namespace perfmodel {

double noise_floor_pct(const std::vector<CampaignRow>& rows, std::size_t output_index) {
  const auto usable = [&](const CampaignRow& row) { return row.ok && row.outputs.at(output_index) > 0; };
  std::map<std::uint64_t, double> first_pass;
  for (const CampaignRow& row : rows) {
    if (row.pass == 0 && usable(row)) first_pass[row.candidate] = row.outputs[output_index];
  }
  double sum_pct = 0;
  int num_pairs = 0;
  for (const CampaignRow& row : rows) {
    const auto first = first_pass.find(row.candidate);
    if (row.pass != 1 || !usable(row) || first == first_pass.end()) continue;
    const double second = row.outputs[output_index];
    sum_pct += 100 * std::abs(first->second - second) / std::min(first->second, second);
    ++num_pairs;
  }
  return num_pairs > 0 ? sum_pct / num_pairs : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace perfmodel
