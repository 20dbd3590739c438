#include "interval_networks.h"

#include <set>

#include "perfmodel/core/error.h"
#include "skipped_report.h"
#include "table_kind.h"

namespace perfmodel::tools {
namespace {

void require_one_device(const NetworkTable& table, const std::string& path) {
  std::set<std::string> devices;
  for (const MeasuredNetwork& network : table.networks) devices.insert(network.device);
  if (devices.size() < 2) return;
  std::string names;
  for (const std::string& device : devices) names += (names.empty() ? "" : ", ") + device;
  throw Error(ErrorCode::kInvalidArgument,
              path + ": networks of several devices (" + names + "); --device names that of the predictor");
}

}  // namespace

std::vector<MeasuredNetwork> read_interval_networks(const std::string& path, const std::string& time_column,
                                                    const std::string& device) {
  const CsvTable csv = read_csv(path);
  require_table_kind(csv, TableKind::kNetworks);
  NetworkTable table = network_table_from_csv(csv, {time_column, device});
  warn_of_skipped(path + ": networks", table.skipped);
  require_one_device(table, path);
  return std::move(table.networks);
}

}  // namespace perfmodel::tools
