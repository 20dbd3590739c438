#include "perfmodel/layer_time/network_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "layer_time/call_reader.h"
#include "layer_time/csv_place.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// A network while its rows come in: its layers by their numbers.
struct OpenNetwork {
  MeasuredNetwork network;
  std::map<std::int64_t, CallRow> calls;

  // Why it is none; empty: it is one.
  std::string skipped() const {
    const auto bad =
        std::find_if(calls.begin(), calls.end(), [](const auto& call) { return !call.second.skipped.empty(); });
    if (bad != calls.end()) return bad->second.skipped;
    const std::int64_t first = calls.begin()->first, last = calls.rbegin()->first;
    const bool is_whole = first <= 1 && last - first + 1 == static_cast<std::int64_t>(calls.size());
    return is_whole ? "" : "a layer is missing";
  }
};

// Puts rows together to networks.
class Collector {
 public:
  Collector(const CsvTable& csv, const std::string& time_column) : csv_(csv), time_(csv, time_column) {}

  void add(std::size_t row, const std::string& device) {
    OpenNetwork& open = network_of(row, device);
    const std::int64_t number = whole_cell(csv_, row, "layer", 0);
    if (open.calls.emplace(number, read(row)).second) return;
    throw Error(ErrorCode::kParse, fmt::format("{}: layer {} of network '{}', batch size {}, is there twice",
                                               place_of(csv_, row), number, open.network.name, open.network.batch));
  }

  NetworkTable result() const {
    NetworkTable table;
    for (const OpenNetwork& open : networks_) {
      const std::string skipped = open.skipped();
      if (!skipped.empty()) {
        count_skipped(table.skipped, skipped);
        continue;
      }
      MeasuredNetwork network = open.network;
      for (const auto& call : open.calls) {
        network.layers.push_back(call.second.layer);
        network.layer_ms.push_back(call.second.time_ms);
      }
      table.networks.push_back(std::move(network));
    }
    return table;
  }

 private:
  OpenNetwork& network_of(std::size_t row, const std::string& device) {
    const std::string& name = csv_.text(row, csv_.column_index("network"));
    const std::int64_t batch = whole_cell(csv_, row, "batchsize", 1);
    const auto [place, is_new] = place_of_network_.try_emplace({device, name, batch}, networks_.size());
    if (is_new) networks_.push_back({{device, name, batch, {}, {}}, {}});
    return networks_[place->second];
  }

  CallRow read(std::size_t row) {
    const std::string& op = csv_.text(row, csv_.column_index("op"));
    const std::optional<LayerKind> kind = call_kind(op);
    if (!kind) {
      CallRow unknown;
      unknown.skipped = fmt::format("layer kind '{}' not known", op);
      return unknown;
    }
    const auto reader = readers_.try_emplace(*kind, csv_, time_, *kind).first;
    return reader->second.read(row);
  }

  const CsvTable& csv_;
  const TimeColumn time_;
  std::map<LayerKind, CallReader> readers_;  // of the kinds met so far: a table needs the columns of its own ops only
  std::vector<OpenNetwork> networks_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::size_t> place_of_network_;
};

// The device of each row, "" where the table names none.
std::vector<std::string> devices_of(const CsvTable& csv) {
  std::vector<std::string> devices(csv.rows.size());
  if (!csv.has_column("device")) return devices;
  const std::size_t column = csv.column_index("device");
  for (std::size_t row = 0; row < devices.size(); ++row) devices[row] = csv.text(row, column);
  return devices;
}

void require_device(const CsvTable& csv, std::vector<std::string> devices, const std::string& device) {
  csv.column_index("device");
  if (std::find(devices.begin(), devices.end(), device) != devices.end()) return;
  std::sort(devices.begin(), devices.end());
  devices.erase(std::unique(devices.begin(), devices.end()), devices.end());
  throw Error(ErrorCode::kNotFound,
              fmt::format("{}: no device '{}' (there are: {})", csv.name, device, fmt::join(devices, ", ")));
}

}  // namespace

double MeasuredNetwork::total_ms() const noexcept {
  return preprocess_ms + std::accumulate(layer_ms.begin(), layer_ms.end(), 0.0) + postprocess_ms;
}

bool is_network_table(const CsvTable& csv) noexcept {
  return csv.has_column("network") && csv.has_column("op");
}

NetworkTable network_table_from_csv(const CsvTable& csv, const NetworkTableOptions& options) {
  for (const char* column : {"network", "batchsize", "layer", "op"}) csv.column_index(column);
  const std::vector<std::string> devices = devices_of(csv);
  if (!options.device.empty()) require_device(csv, devices, options.device);
  Collector collector(csv, options.time_column);
  for (std::size_t row = 0; row < csv.rows.size(); ++row) {
    if (options.device.empty() || devices[row] == options.device) collector.add(row, devices[row]);
  }
  NetworkTable table = collector.result();
  if (table.networks.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: no measured network in {} rows{}", csv.name, csv.rows.size(),
                            table.skipped.empty() ? "" : "; left out: " + skipped_text(table.skipped)));
  }
  return table;
}

NetworkTable read_network_table(const std::string& path, const NetworkTableOptions& options) {
  return network_table_from_csv(read_csv(path), options);
}

}  // namespace perfmodel
