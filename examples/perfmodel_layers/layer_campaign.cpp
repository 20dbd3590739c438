#include "layer_campaign.h"

#include <algorithm>
#include <map>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel::tools {
namespace {

double share(const std::vector<std::string>& kinds, LayerKind kind, double weight) {
  const auto is_kind = [kind](const std::string& name) { return parse_layer_kind(name) == kind; };
  return std::any_of(kinds.begin(), kinds.end(), is_kind) ? weight : 0;
}

std::string join(const std::vector<std::string>& kinds) {
  std::string text;
  for (int kind = 0; kind < kNumLayerKinds; ++kind) {
    if (share(kinds, static_cast<LayerKind>(kind), 1) == 0) continue;
    text += (text.empty() ? "" : " ") + std::string(layer_kind_name(static_cast<LayerKind>(kind)));
  }
  return text;
}

}  // namespace

const std::vector<std::string>& steering_builtins() {
  static const std::vector<std::string> names = {"lenet", "alexnet", "vgg16"};
  return names;
}

LayerSampler make_sampler(const MeasureOptions& options) {
  SamplerOptions sampler;
  sampler.seed = options.seed;
  sampler.ranges = options.ranges == "paper" ? SamplingRanges::kPaper : SamplingRanges::kWide;
  sampler.max_bytes = options.max_bytes;
  sampler.max_flops = options.max_flops;
  const double conv = share(options.kinds, LayerKind::kConv2d, sampler.conv_share);
  const double dense = share(options.kinds, LayerKind::kDense, sampler.dense_share);
  const double pool = share(options.kinds, LayerKind::kPool2d, 1 - sampler.conv_share - sampler.dense_share);
  sampler.conv_share = conv / (conv + dense + pool);
  sampler.dense_share = pool == 0 ? 1 - sampler.conv_share : dense / (conv + dense + pool);
  sampler.around_fraction = options.around_fraction;
  sampler.around = steering_networks();
  for (const std::string& name : steering_builtins()) sampler.around.push_back(builtin_network(name, 1));
  for (const std::string& name : builtin_network_names()) sampler.never.push_back(builtin_network(name, 1));
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
                     {"kinds", join(options.kinds)}};
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
