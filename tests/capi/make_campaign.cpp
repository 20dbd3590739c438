// Writes FOLDER/campaign.sqlite: three rows that are ok, one of them measured twice, and one that failed.
// usage: make_campaign FOLDER
#include <cmath>
#include <cstdio>
#include <string>

#include "perfmodel/core/error.h"
#include "perfmodel/measure/campaign.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string path = std::string(argv[1]) + "/campaign.sqlite";
  std::remove(path.c_str());
  try {
    perfmodel::CampaignSchema schema;
    schema.purpose = "test";
    schema.input_columns = {"size"};
    schema.output_columns = {"time_ms"};
    schema.identity = {{"device", "cpu"}};
    auto store = perfmodel::CampaignStore::open(path, schema);
    for (int candidate = 0; candidate < 4; ++candidate) {
      perfmodel::CampaignRow row;
      row.candidate = static_cast<std::uint64_t>(candidate);
      row.ok = candidate != 2;
      row.reason = row.ok ? "" : "out of memory";
      row.inputs = {16.0 * candidate};
      row.outputs = {row.ok ? 0.5 * candidate : std::nan("")};
      store.append(row);
      if (candidate == 3) {
        row.attempt = 1;
        store.append(row);
      }
    }
  } catch (const perfmodel::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
