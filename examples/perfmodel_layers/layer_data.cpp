#include "layer_data.h"

#include <fstream>

#include "perfmodel/measure/campaign.h"

namespace perfmodel::tools {

LayerTable read_layers(const std::string& path) {
  constexpr char kSqliteMagic[] = "SQLite format 3";  // with its final zero, the first 16 bytes of every such file
  char head[sizeof kSqliteMagic] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  if (std::string(head, sizeof head) != std::string(kSqliteMagic, sizeof kSqliteMagic)) return read_layer_table(path);
  CsvTable table = CampaignStore::open_existing(path).to_csv_table();
  table.name = path;
  return layer_table_from_csv(table);
}

}  // namespace perfmodel::tools
