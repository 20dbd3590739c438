// Tables of networks timed from end to end, with their lists of layers: what is read holds valid layers and a time, or
// it is an error.

#include <cmath>

#include "fuzz_target.h"
#include "perfmodel/layer_time/timed_network.h"

namespace perfmodel {
namespace {

void require_layer(const LayerSpec& layer, std::int64_t batch) {
  try {
    layer.validate();
  } catch (const Error&) {
    require(false, "a layer that is none");
  }
  require(layer.batch == batch, "layers of several batch sizes");
}

void read(const CsvTable& csv, LayerSizes sizes) {
  expect_answer_or_error([&] {
    TimedNetworkOptions options;
    options.sizes = sizes;
    const TimedNetworkTable table = timed_networks_from_csv(csv, options);
    std::size_t num_rows = table.networks.size();
    for (const Skipped& skipped : table.skipped) num_rows += skipped.count;
    require(num_rows == csv.rows.size(), "a row is neither read nor left out");
    for (const TimedNetwork& network : table.networks) {
      require(network.time_ms > 0 && std::isfinite(network.time_ms), "a time that is none");
      require(!network.layers.empty(), "a network without layers");
      for (const LayerSpec& layer : network.layers) require_layer(layer, network.layers[0].batch);
    }
  });
}

}  // namespace
}  // namespace perfmodel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace perfmodel;
  expect_answer_or_error([&] {
    const CsvTable csv = parse_csv(text_of(data, size));
    for (const LayerSizes sizes : {LayerSizes::kFromInput, LayerSizes::kAsRecorded}) read(csv, sizes);
  });
  return 0;
}
