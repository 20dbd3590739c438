#include "perfmodel/layer_time/timed_network.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "layer_time/call_reader.h"
#include "layer_time/csv_place.h"
#include "layer_time/layer_list.h"
#include "layer_time/time_column.h"
#include "perfmodel/core/error.h"

namespace perfmodel {

TimedNetworkTable timed_networks_from_csv(const CsvTable& csv, const TimedNetworkOptions& options) {
  const std::size_t name = csv.column_index("net_id"), layers = csv.column_index("layers");
  csv.column_index("batchsize");
  const TimeColumn time(csv, options.time_column);
  TimedNetworkTable table;
  for (std::size_t row = 0; row < csv.rows.size(); ++row) {
    const double time_ms = time.ms(row);
    if (!(time_ms > 0)) {
      count_skipped(table.skipped, std::isnan(time_ms) ? "no time" : "a time not above 0");
      continue;
    }
    const std::int64_t batch = whole_cell(csv, row, "batchsize", 1);
    LayerList list = parse_layer_list(csv.text(row, layers), options.sizes, place_of(csv, row));
    if (!list.skipped.empty()) {
      count_skipped(table.skipped, list.skipped);
      continue;
    }
    if (list.layers.front().batch != batch) {
      throw Error(ErrorCode::kParse, fmt::format("{}: batchsize is {}, its layers have {}", place_of(csv, row), batch,
                                                 list.layers.front().batch));
    }
    table.networks.push_back({csv.text(row, name), std::move(list.layers), time_ms});
  }
  if (table.networks.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: no timed network in {} rows{}", csv.name, csv.rows.size(),
                            table.skipped.empty() ? "" : "; left out: " + skipped_text(table.skipped)));
  }
  return table;
}

TimedNetworkTable read_timed_networks(const std::string& path, const TimedNetworkOptions& options) {
  return timed_networks_from_csv(read_csv(path), options);
}

}  // namespace perfmodel
