#include "layer_campaign.h"

#include <algorithm>
#include <map>
#include <utility>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel::tools {
namespace {

bool holds(const std::vector<LayerKind>& kinds, LayerKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_of_main_job(LayerKind kind) {
  return kind == LayerKind::kConv2d || kind == LayerKind::kPool2d || kind == LayerKind::kDense;
}

bool are_of_main_job(const std::vector<LayerKind>& kinds) {
  return std::all_of(kinds.begin(), kinds.end(), is_of_main_job);
}

// What of the three kinds is drawn, in the shares that they have among each other.
void set_shares(const std::vector<LayerKind>& kinds, SamplerOptions& sampler) {
  const auto share = [&](LayerKind kind, double weight) { return holds(kinds, kind) ? weight : 0; };
  const double conv = share(LayerKind::kConv2d, sampler.conv_share);
  const double dense = share(LayerKind::kDense, sampler.dense_share);
  const double pool = share(LayerKind::kPool2d, 1 - sampler.conv_share - sampler.dense_share);
  sampler.conv_share = conv / (conv + dense + pool);
  sampler.dense_share = pool == 0 ? 1 - sampler.conv_share : dense / (conv + dense + pool);
}

// In a fixed order where order and number do not matter.
std::string names_of(const std::vector<LayerKind>& kinds) {
  std::string text;
  const auto add = [&](LayerKind kind) { text += (text.empty() ? "" : " ") + std::string(layer_kind_name(kind)); };
  if (!are_of_main_job(kinds)) {
    for (const LayerKind kind : kinds) add(kind);
    return text;
  }
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    if (holds(kinds, kind)) add(kind);
  }
  return text;
}

std::vector<LayerKind> kinds_of(const MeasureOptions& options) {
  std::vector<LayerKind> kinds;
  for (const std::string& name : options.kinds) kinds.push_back(parse_layer_kind(name));
  return kinds;
}

std::vector<Network> batch_of_one(const std::vector<std::string>& names) {
  std::vector<Network> networks;
  for (const std::string& name : names) networks.push_back(builtin_network(name, 1));
  return networks;
}

// What draws of the main job's kinds go around.
std::vector<Network> main_job_steering_networks() {
  std::vector<Network> networks = steering_networks();
  for (Network& network : batch_of_one(steering_builtins())) networks.push_back(std::move(network));
  return networks;
}

bool has_layer_of_same_shape(const Network& network, const LayerSpec& layer) {
  const std::vector<LayerSpec> layers = network.layers();
  return std::any_of(layers.begin(), layers.end(),
                     [&layer](const LayerSpec& other) { return have_same_shape(layer, other); });
}

}  // namespace

const std::vector<std::string>& steering_builtins() {
  static const std::vector<std::string> names = {"lenet", "alexnet", "vgg16"};
  return names;
}

const std::vector<std::string>& main_job_builtins() {
  static const std::vector<std::string> names = {"lenet", "alexnet", "vgg16", "cifarnet"};
  return names;
}

bool steers_drawing(const Network& network) {
  std::vector<Network> around = main_job_steering_networks();
  for (Network& branched : branched_steering_networks()) around.push_back(std::move(branched));
  const std::vector<LayerSpec> layers = network.layers();
  return std::any_of(layers.begin(), layers.end(), [&around](const LayerSpec& layer) {
    return std::any_of(around.begin(), around.end(),
                       [&layer](const Network& other) { return has_layer_of_same_shape(other, layer); });
  });
}

LayerSampler make_sampler(const MeasureOptions& options) {
  SamplerOptions sampler;
  sampler.seed = options.seed;
  sampler.ranges = options.ranges == "paper" ? SamplingRanges::kPaper : SamplingRanges::kWide;
  sampler.max_bytes = options.max_bytes;
  sampler.max_flops = options.max_flops;
  sampler.around_fraction = options.around_fraction;
  const std::vector<LayerKind> kinds = kinds_of(options);
  if (are_of_main_job(kinds)) {
    set_shares(kinds, sampler);
    sampler.around = main_job_steering_networks();
  } else {
    sampler.kinds = kinds;
    sampler.around = branched_steering_networks();
  }
  sampler.never = batch_of_one(builtin_network_names());
  return LayerSampler(std::move(sampler));
}

CampaignSchema campaign_schema(const MeasureOptions& options, const Environment& environment) {
  CampaignSchema schema;
  schema.purpose = "layers";
  schema.input_columns = layer_columns();
  schema.output_columns = phase_columns();
  for (const char* column : {"pre_spread_ms", "exe_spread_ms", "post_spread_ms", "num_samples", "num_outliers"}) {
    schema.output_columns.emplace_back(column);
  }
  schema.identity = {{"perfmodel_version", version()},
                     {"device", environment.device},
                     {"device_name", environment.device_name},
                     {"framework", environment.framework},
                     {"framework_version", environment.framework_version},
                     {"num_threads", std::to_string(environment.num_threads)},
                     {"seed", std::to_string(options.seed)},
                     {"ranges", options.ranges},
                     {"around_fraction", format_number(options.around_fraction)},
                     {"max_layer_bytes", format_number(options.max_bytes)},
                     {"max_layer_flops", format_number(options.max_flops)},
                     {"max_layer_seconds", format_number(options.max_layer_s)},
                     {"kinds", names_of(kinds_of(options))}};
  return schema;
}

void measure_layer(LayerBenchmark& benchmark, const LayerSampler& sampler, CampaignRow& row) {
  const LayerSample sample = sampler.sample(row.candidate);
  row.inputs = layer_to_values(sample);
  const ProtocolResult result = benchmark.measure(sample);
  row.outputs.clear();
  double num_outliers = 0;
  for (const PhaseSummary& phase : result.phases) {
    row.outputs.push_back(phase.median_ms);
    num_outliers += phase.num_outliers;
  }
  for (const PhaseSummary& phase : result.phases) row.outputs.push_back(phase.spread_ms);
  row.outputs.push_back(result.num_samples);
  row.outputs.push_back(num_outliers);
  row.disturbed_fraction = static_cast<double>(result.num_disturbed) / std::max(1, result.num_samples);
}

std::string reason_of_all_failures(const CsvTable& rows) {
  const std::size_t status = rows.column_index("status"), reason = rows.column_index("reason");
  std::map<std::string, std::size_t> counts;
  for (const std::vector<std::string>& row : rows.rows) {
    if (row[status] == "ok") return "";
    ++counts[row[reason]];
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(counts.begin(), counts.end(), fewer);
  return most == counts.end() ? "" : most->first;
}

}  // namespace perfmodel::tools
