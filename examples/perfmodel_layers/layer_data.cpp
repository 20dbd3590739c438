#include "layer_data.h"

#include <fstream>

#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/measure/campaign.h"
#include "skipped_report.h"
#include "table_kind.h"

namespace perfmodel::tools {

LayerTable read_layers(const std::string& path) {
  constexpr char kSqliteMagic[] = "SQLite format 3";  // with its final zero, the first 16 bytes of every such file
  char head[sizeof kSqliteMagic] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  if (std::string(head, sizeof head) != std::string(kSqliteMagic, sizeof kSqliteMagic)) {
    const CsvTable csv = read_csv(path);
    require_table_kind(csv, TableKind::kCampaign);
    return layer_table_from_csv(csv);
  }
  const CampaignStore store = CampaignStore::open_existing(path);
  if (store.schema().purpose != "layers") {
    throw Error(ErrorCode::kMismatch,
                "'" + path + "' holds a campaign of purpose '" + store.schema().purpose + "', not 'layers'");
  }
  CsvTable table = store.to_csv_table();
  table.name = path;
  return layer_table_from_csv(table);
}

LayerTable read_campaigns(const std::vector<std::string>& paths) {
  LayerTable all = read_layers(paths.front());
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const LayerTable more = read_layers(paths[i]);
    const auto require_same = [&](const char* what, const std::string& first, const std::string& other) {
      if (first == other) return;
      throw Error(ErrorCode::kMismatch, "'" + paths.front() + "' was measured with " + what + " '" + first + "', '" +
                                            paths[i] + "' with '" + other + "'");
    };
    const Environment &first = all.environment, &other = more.environment;
    require_same("device", first.device, other.device);
    require_same("device name", first.device_name, other.device_name);
    require_same("framework", first.framework, other.framework);
    require_same("framework version", first.framework_version, other.framework_version);
    require_same("number of threads", std::to_string(first.num_threads), std::to_string(other.num_threads));
    all.rows.insert(all.rows.end(), more.rows.begin(), more.rows.end());
    all.num_failed += more.num_failed;
  }
  return all;
}

LayerTable read_calls(const CallFiles& files) {
  LayerTable all;
  for (std::size_t i = 0; i < files.paths.size(); ++i) {
    const CallTableOptions options{parse_layer_kind(files.kinds[i]), files.time_column, files.device_name};
    const CsvTable csv = read_csv(files.paths[i]);
    require_table_kind(csv, TableKind::kCalls);
    LayerTable table = call_table_from_csv(csv, options);
    warn_of_skipped(files.paths[i], table.skipped);
    all.environment = table.environment;
    all.rows.insert(all.rows.end(), table.rows.begin(), table.rows.end());
    all.skipped.insert(all.skipped.end(), table.skipped.begin(), table.skipped.end());
  }
  return all;
}

}  // namespace perfmodel::tools
