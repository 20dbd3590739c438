#include "layer_data.h"

#include <fstream>

#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"

namespace perfmodel::tools {

LayerTable read_layers(const std::string& path) {
  constexpr char kSqliteMagic[] = "SQLite format 3";  // with its final zero, the first 16 bytes of every such file
  char head[sizeof kSqliteMagic] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  if (std::string(head, sizeof head) != std::string(kSqliteMagic, sizeof kSqliteMagic)) return read_layer_table(path);
  const CampaignStore store = CampaignStore::open_existing(path);
  if (store.schema().purpose != "layers") {
    throw Error(ErrorCode::kMismatch,
                "'" + path + "' holds a campaign of purpose '" + store.schema().purpose + "', not 'layers'");
  }
  CsvTable table = store.to_csv_table();
  table.name = path;
  return layer_table_from_csv(table);
}

}  // namespace perfmodel::tools
