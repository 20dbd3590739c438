// Tables that others published: what is read holds valid layers with times, or it is an error.

#include <cmath>

#include "fuzz_target.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/network_table.h"

namespace perfmodel {
namespace {

bool is_valid(const LayerSpec& layer) {
  try {
    layer.validate();
    return true;
  } catch (const Error&) {
    return false;
  }
}

void require_call(const LayerSpec& layer, double ms) {
  require(is_valid(layer), "a layer that is none");
  require(ms > 0 && std::isfinite(ms), "a time that is none");
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const CsvTable csv = parse_csv(text_of(data, size));
    if (is_network_table(csv)) {
      for (const MeasuredNetwork& network : network_table_from_csv(csv, {}).networks) {
        require(network.layers.size() == network.layer_ms.size() && !network.layers.empty(),
                "a network without layers");
        for (std::size_t i = 0; i < network.layers.size(); ++i) require_call(network.layers[i], network.layer_ms[i]);
      }
      return;
    }
    CallTableOptions options;
    options.kind = call_table_kind(csv);
    const LayerTable table = call_table_from_csv(csv, options);
    std::size_t num_rows = table.rows.size();
    for (const Skipped& skipped : table.skipped) num_rows += skipped.count;
    require(num_rows == csv.rows.size(), "a row is neither read nor left out");
    for (const LayerRow& row : table.rows) require_call(row.sample.layer, row.phase_ms[1]);
  });
  return 0;
}
