#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/network_interval.h"

namespace perfmodel {
namespace {

constexpr std::int64_t kMostPerKind = 8;

// Rows of one batch size, by kind.
using RowsByKind = std::array<std::vector<const LayerRow*>, kNumLayerKinds>;

std::array<double, 6> log_sizes(const LayerSpec& layer) {
  const auto log_of = [](std::int64_t size) { return std::log(static_cast<double>(size)); };
  return {log_of(layer.input.height * layer.input.width),   log_of(layer.channels_in),   log_of(layer.channels_out),
          log_of(layer.kernel.height * layer.kernel.width), log_of(layer.stride.height), log_of(layer.groups)};
}

double squared_distance(const LayerSpec& a, const LayerSpec& b) {
  const auto x = log_sizes(a), y = log_sizes(b);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}

// `count` of the rows, one at random and those most alike to it.
std::vector<const LayerRow*> draw_alike(const std::vector<const LayerRow*>& rows, std::size_t count, Random& random) {
  const LayerSpec& first =
      rows[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(rows.size()) - 1))]->sample.layer;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < rows.size(); ++i) order.emplace_back(squared_distance(first, rows[i]->sample.layer), i);
  const std::size_t taken = std::min(count, rows.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(taken), order.end());
  std::vector<const LayerRow*> drawn;
  for (std::size_t i = 0; i < taken; ++i) drawn.push_back(rows[order[i].second]);
  return drawn;
}

std::size_t count_rows(const RowsByKind& rows) {
  std::size_t count = 0;
  for (const auto& kind : rows) count += kind.size();
  return count;
}

MeasuredNetwork draw_network(const RowsByKind& rows, Random& random) {
  MeasuredNetwork network;
  while (network.layers.size() < 2) {
    network.layers.clear();
    network.layer_ms.clear();
    for (const auto& kind : rows) {
      const auto count = static_cast<std::size_t>(random.integer(0, kMostPerKind));
      if (kind.empty() || count == 0) continue;
      for (const LayerRow* row : draw_alike(kind, count, random)) {
        network.layers.push_back(row->sample.layer);
        network.layer_ms.push_back(row->phase_ms[static_cast<int>(Phase::kExecution)]);
      }
    }
  }
  network.batch = network.layers.front().batch;
  return network;
}

}  // namespace

std::vector<MeasuredNetwork> networks_of_layers(Span<const LayerRow> rows, std::size_t num_networks,
                                                std::uint64_t seed) {
  std::map<std::int64_t, RowsByKind> by_batch;
  for (const LayerRow& row : rows) {
    by_batch[row.sample.layer.batch][static_cast<std::size_t>(row.sample.layer.kind)].push_back(&row);
  }
  std::vector<const RowsByKind*> usable;
  for (const auto& each : by_batch) {
    if (count_rows(each.second) > 1) usable.push_back(&each.second);
  }
  if (usable.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                "no two layers of one batch size, of which a network could be put together");
  }
  Random random(seed);
  std::vector<MeasuredNetwork> networks;
  for (std::size_t i = 0; i < num_networks; ++i) {
    const auto batch = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(usable.size()) - 1));
    networks.push_back(draw_network(*usable[batch], random));
    networks.back().name = "layers of batch " + std::to_string(networks.back().batch);
  }
  return networks;
}

}  // namespace perfmodel
