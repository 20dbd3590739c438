#include "layer_time/network_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "perfmodel/data/dataset.h"

namespace perfmodel {
namespace {

constexpr double kBytesPerMb = 1e6, kFlopsPerGflop = 1e9;

// Of the layers of one kind together.
struct KindSum {
  double num_layers = 0, time_ms = 0, gflop = 0, traffic_mb = 0;
};

// Of a whole network.
struct NetworkSum {
  std::array<KindSum, kNumLayerKinds> kinds{};
  double num_layers = 0, batch = 0, time_ms = 0, largest_ms = 0, ends_ms = 0;
  double input_mb = 0, output_mb = 0, between_mb = 0, weight_mb = 0, largest_output_mb = 0, gflop = 0;
  double num_activations = 0, num_biases = 0;
};

NetworkSum sum_up(Span<const LayerSpec> layers, const NetworkTime& time) {
  NetworkSum sum;
  sum.num_layers = static_cast<double>(layers.size());
  sum.batch = static_cast<double>(layers[0].batch);
  sum.time_ms = sum.ends_ms = time.total.mean_ms;
  sum.input_mb = layers[0].input_bytes() / kBytesPerMb;
  sum.output_mb = layers[layers.size() - 1].output_bytes() / kBytesPerMb;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerSpec& layer = layers[i];
    const double layer_ms = time.layers[i].execution().mean_ms, output_mb = layer.output_bytes() / kBytesPerMb;
    KindSum& kind = sum.kinds[static_cast<std::size_t>(layer.kind)];
    kind.num_layers += 1;
    kind.time_ms += layer_ms;
    kind.gflop += layer.flops() / kFlopsPerGflop;
    kind.traffic_mb += layer.input_bytes() / kBytesPerMb + output_mb;
    if (i + 1 < layers.size()) sum.between_mb += output_mb;
    sum.weight_mb += layer.weight_bytes() / kBytesPerMb;
    sum.ends_ms = std::max(0.0, sum.ends_ms - layer_ms);
    sum.largest_ms = std::max(sum.largest_ms, layer_ms);
    sum.largest_output_mb = std::max(sum.largest_output_mb, output_mb);
    sum.gflop += layer.flops() / kFlopsPerGflop;
    sum.num_activations += layer.activation != Activation::kNone ? 1 : 0;
    sum.num_biases += layer.bias ? 1 : 0;
  }
  return sum;
}

using Facts = std::vector<std::pair<std::string, double>>;

// Logarithms of sizes, which span decades; a millionth stands beside them so that there is one of nothing too.
void add_size(Facts& facts, const std::string& name, double value) {
  facts.emplace_back("log_" + name, std::log(value + 1e-6));
}

void add_kinds(Facts& facts, const NetworkSum& sum) {
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const KindSum& kind = sum.kinds[static_cast<std::size_t>(index)];
    const char* name = layer_kind_name(static_cast<LayerKind>(index));
    facts.emplace_back(fmt::format("{}{}_share", kCostPrefix, name), kind.time_ms / sum.time_ms);
    facts.emplace_back(fmt::format("{}{}_layers_per_ms", kCostPrefix, name), kind.num_layers / sum.time_ms);
    facts.emplace_back(fmt::format("{}{}_gflop_per_ms", kCostPrefix, name), kind.gflop / sum.time_ms);
    facts.emplace_back(fmt::format("{}{}_mb_per_ms", kCostPrefix, name), kind.traffic_mb / sum.time_ms);
    facts.emplace_back(fmt::format("{}_layers", name), kind.num_layers);
    add_size(facts, fmt::format("{}_gflop", name), kind.gflop);
    add_size(facts, fmt::format("{}_mb", name), kind.traffic_mb);
  }
}

void add_costs(Facts& facts, const NetworkSum& sum) {
  const std::pair<const char*, double> costs[] = {{"runs", 1},
                                                  {"layers", sum.num_layers},
                                                  {"input_mb", sum.input_mb},
                                                  {"output_mb", sum.output_mb},
                                                  {"between_mb", sum.between_mb},
                                                  {"weight_mb", sum.weight_mb}};
  for (const auto& [name, value] : costs) {
    facts.emplace_back(fmt::format("{}{}_per_ms", kCostPrefix, name), value / sum.time_ms);
  }
}

Facts facts_of(const NetworkSum& sum) {
  Facts facts;
  add_costs(facts, sum);
  add_kinds(facts, sum);
  add_size(facts, "sum_ms", sum.time_ms);
  add_size(facts, "input_mb", sum.input_mb);
  add_size(facts, "output_mb", sum.output_mb);
  add_size(facts, "between_mb", sum.between_mb);
  add_size(facts, "weight_mb", sum.weight_mb);
  add_size(facts, "largest_output_mb", sum.largest_output_mb);
  add_size(facts, "gflop", sum.gflop);
  add_size(facts, "batch", sum.batch);
  facts.emplace_back(fmt::format("{}ends_share", kCostPrefix), sum.ends_ms / sum.time_ms);
  facts.emplace_back("largest_share", sum.largest_ms / sum.time_ms);
  facts.emplace_back("num_layers", sum.num_layers);
  facts.emplace_back("num_activations", sum.num_activations);
  facts.emplace_back("num_biases", sum.num_biases);
  return facts;
}

}  // namespace

const std::vector<std::string>& network_fact_names() {
  static const std::vector<std::string> names = [] {
    NetworkSum any;
    any.time_ms = 1;
    std::vector<std::string> all;
    for (const auto& fact : facts_of(any)) all.push_back(fact.first);
    return all;
  }();
  return names;
}

std::vector<double> network_facts(Span<const LayerSpec> layers, const NetworkTime& time) {
  std::vector<double> values;
  for (const auto& fact : facts_of(sum_up(layers, time))) values.push_back(fact.second);
  return values;
}

}  // namespace perfmodel
