#include <fmt/format.h>

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
constexpr std::size_t kNumNetworks = 1000;
constexpr std::uint64_t kNetworksStream = 920;

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

std::vector<const LayerRow*> draw_rows(const RowsByKind& rows, Random& random) {
  std::vector<const LayerRow*> drawn;
  while (drawn.size() < 2) {
    drawn.clear();
    for (const auto& kind : rows) {
      const auto count = static_cast<std::size_t>(random.integer(0, kMostPerKind));
      if (kind.empty() || count == 0) continue;
      const std::vector<const LayerRow*> alike = draw_alike(kind, count, random);
      drawn.insert(drawn.end(), alike.begin(), alike.end());
    }
  }
  return drawn;
}

double time_of(const LayerRow& row, Phase phase) {
  return row.phase_ms[static_cast<int>(phase)];
}

MeasuredNetwork network_of(const std::vector<const LayerRow*>& rows, LayerTiming timing) {
  MeasuredNetwork network;
  network.batch = rows.front()->sample.layer.batch;
  network.name = fmt::format("layers of batch {}", network.batch);
  network.timing = timing;
  for (const LayerRow* row : rows) {
    network.layers.push_back(row->sample.layer);
    network.layer_ms.push_back(time_of(*row, Phase::kExecution));
    if (timing == LayerTiming::kPhases) network.contexts.push_back(row->sample.context);
  }
  if (timing == LayerTiming::kPhases) {
    network.preprocess_ms = time_of(*rows.front(), Phase::kPreprocess);
    network.postprocess_ms = time_of(*rows.back(), Phase::kPostprocess);
  }
  return network;
}

}  // namespace

std::vector<MeasuredNetwork> networks_of_layers(Span<const LayerRow> rows, std::size_t num_networks, std::uint64_t seed,
                                                LayerTiming timing) {
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
    networks.push_back(network_of(draw_rows(*usable[batch], random), timing));
  }
  return networks;
}

NetworkInterval fit_network_interval_to_held_out(const LayerTimePredictor& predictor, const LayerTable& table,
                                                 const FitPredictorOptions& options) {
  const std::vector<LayerRow> rows = held_out_layers(table, options);
  if (rows.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("held_out_fraction is {}: no layers were held out that intervals of networks could be "
                            "fitted to",
                            options.held_out_fraction));
  }
  const std::uint64_t seed = Random(options.fit.seed).fork(kNetworksStream).bits();
  return fit_network_interval(predictor, networks_of_layers(rows, kNumNetworks, seed, table.environment.timing));
}

}  // namespace perfmodel
