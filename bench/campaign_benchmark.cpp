#include <benchmark/benchmark.h>

#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/measure/campaign.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

/// As wide as a campaign of layers: what describes a layer in, median and spread of each phase out.
CampaignSchema layer_schema() {
  CampaignSchema schema;
  schema.purpose = "layers";
  schema.input_columns = layer_columns();
  schema.output_columns = {"pre_ms", "exe_ms", "post_ms", "pre_spread_ms", "exe_spread_ms", "post_spread_ms"};
  schema.identity = {{"device", "cpu"}, {"seed", "1"}};
  return schema;
}

// Items are rows, each on the disk before the next is written. The disk is that of the temporary folder (TMPDIR); where
// that is memory, the figure says nothing about a disk.
void BM_AppendRow(benchmark::State& state) {
  const TemporaryFolder folder;
  CampaignStore store = CampaignStore::open(folder.file("campaign.sqlite"), layer_schema());

  CampaignRow row;
  row.started_unix_s = 1.5e9;
  row.duration_s = 0.25;
  row.inputs = layer_to_values({conv2d(1, 56, 64, 128, 3, 1, 1), {}});
  row.outputs.assign(layer_schema().output_columns.size(), 0.125);
  for (auto _ : state) {
    store.append(row);
    ++row.candidate;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_AppendRow)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perfmodel
