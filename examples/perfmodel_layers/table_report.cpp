#include "table_report.h"

#include <cstdio>
#include <map>

#include "coverage_text.h"
#include "interval.h"
#include "json_line.h"
#include "skipped_report.h"
#include "text_table.h"
#include "train_report.h"

namespace perfmodel::tools {
namespace {

const ModelInfo& model_of(const LayerTimePredictor& predictor, const LayerErrors& errors) {
  return predictor.model(errors.kind, errors.phase).info();
}

const char* phase_of(const LayerTimePredictor& predictor, const LayerErrors& errors) {
  return phase_name(errors.phase, predictor.environment().timing);
}

// Of several values, added up one by one.
struct Mean {
  double sum = 0;
  std::size_t count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  double value() const { return sum / static_cast<double>(count); }
};

bool is_inside(const TableNetwork& network) {
  const TimeEstimate& total = network.predicted.total;
  const double measured_ms = network.measured.total_ms();
  return measured_ms >= total.lower_ms && measured_ms <= total.upper_ms;
}

void print_means(const std::vector<TableNetwork>& networks) {
  std::map<std::string, Mean> by_device;
  std::map<std::pair<std::string, std::string>, Mean> by_network;
  Mean inside;
  for (const TableNetwork& each : networks) {
    by_device[each.measured.device].add(each.ape_pct());
    by_network[{each.measured.device, each.measured.name}].add(each.ape_pct());
    if (each.predicted.interval_level > 0) inside.add(is_inside(each) ? 100 : 0);
  }
  TextTable table({"networks", "batch sizes", "MAPE %"});
  for (const auto& [device, mean] : by_device) {
    for (const auto& [key, of_network] : by_network) {
      if (key.first != device) continue;
      table.add_row({device + " " + key.second, std::to_string(of_network.count), pct_text(of_network.value())});
    }
    table.add_row({device + " all", std::to_string(mean.count), pct_text(mean.value())});
  }
  table.print();
  if (inside.count > 0) std::printf("inside their interval: %s %%\n", pct_text(inside.value()).c_str());
}

}  // namespace

std::string layer_errors_json(const LayerTimePredictor& predictor, const LayerErrors& errors,
                              const std::vector<Skipped>& skipped) {
  const ErrorReport& report = errors.errors;
  JsonObject line;
  line.add("layer", short_kind_name(errors.kind)).add("phase", phase_of(predictor, errors));
  line.add("learner", model_of(predictor, errors).kind);
  line.add("features", feature_set_name(predictor.features(errors.kind))).add("rows", report.rows);
  line.add("mape_pct", rounded(report.mape_pct)).add("rmse_ms", rounded(report.rmse, 5));
  line.add("mae_ms", rounded(report.mae, 5));
  line.add("r2", rounded(report.r2, 5)).add("within_10_pct", rounded(report.within_10_pct));
  line.add("p95_ape_pct", rounded(report.p95_ape_pct)).add("coverage_90_pct", rounded(errors.coverage_pct));
  line.add("interval_width_pct", rounded(errors.interval_width_pct));
  line.add("in_domain_pct", rounded(errors.in_domain_pct)).add("spread_pct", rounded(errors.spread_pct));
  return line.add_json("skipped", skipped_json(skipped)).text();
}

void print_layer_errors(const LayerTimePredictor& predictor, const std::vector<LayerErrors>& errors) {
  TextTable table({"layers", "learner", "rows", "MAPE %", "RMSE ms", "MAE ms", "R2", "within 10 %", "95th percentile %",
                   "in 90 % interval %", "its width %", "in domain %", "spread %"});
  for (const LayerErrors& each : errors) {
    const ErrorReport& report = each.errors;
    char r2[16];
    std::snprintf(r2, sizeof r2, "%.4f", report.r2);
    table.add_row({short_kind_name(each.kind) + " " + phase_of(predictor, each), model_of(predictor, each).kind,
                   std::to_string(report.rows), pct_text(report.mape_pct), ms_text(report.rmse), ms_text(report.mae),
                   r2, pct_text(report.within_10_pct), pct_text(report.p95_ape_pct), pct_text(each.coverage_pct),
                   pct_text(each.interval_width_pct), pct_text(each.in_domain_pct), pct_text(each.spread_pct)});
  }
  table.print();
  if (predictor.environment().timing != LayerTiming::kTotal) return;
  std::printf("total: one time of a whole call, copies and the framework's own work included\n");
}

std::string table_network_json(const TableNetwork& network) {
  const TimeEstimate& total = network.predicted.total;
  JsonObject line;
  line.add("network", network.measured.name).add("batch", network.measured.batch);
  line.add("measured_ms", rounded(network.measured.total_ms(), 5)).add("predicted_ms", rounded(total.mean_ms, 5));
  line.add("ape_pct", rounded(network.ape_pct()));
  const bool has_interval = network.predicted.interval_level > 0;
  const double none = std::numeric_limits<double>::quiet_NaN();  // null
  line.add("lower_ms", has_interval ? rounded(total.lower_ms, 5) : none);
  line.add("upper_ms", has_interval ? rounded(total.upper_ms, 5) : none);
  line.add("interval_level", network.predicted.interval_level).add("in_domain", network.predicted.in_domain);
  line.add_json("coverage", coverage_json(network.predicted.coverage));
  return line.add("device", network.measured.device).text();
}

std::string table_networks_json(const std::vector<TableNetwork>& networks, const std::vector<Skipped>& skipped) {
  Mean error, inside;
  for (const TableNetwork& each : networks) {
    error.add(each.ape_pct());
    if (each.predicted.interval_level > 0) inside.add(is_inside(each) ? 100 : 0);
  }
  JsonObject line;
  line.add("networks", networks.size()).add("mape_pct", rounded(error.value()));
  line.add("interval_coverage_pct", rounded(inside.value()));
  return line.add_json("skipped", skipped_json(skipped)).text();
}

void print_table_networks(const std::vector<TableNetwork>& networks) {
  std::vector<double> levels;
  for (const TableNetwork& each : networks) levels.push_back(each.predicted.interval_level);
  TextTable table(
      {"network", "batch", "sum of measured layers, ms", "predicted ms", interval_name(levels) + " ms", "error %", ""});
  for (const TableNetwork& each : networks) {
    const TimeEstimate& total = each.predicted.total;
    table.add_row({each.measured.device + " " + each.measured.name, std::to_string(each.measured.batch),
                   ms_text(each.measured.total_ms()), ms_text(total.mean_ms),
                   interval_text(total, each.predicted.interval_level), pct_text(each.ape_pct()),
                   each.predicted.in_domain ? "" : "outside what was learnt"});
  }
  table.print();
  print_means(networks);
}

}  // namespace perfmodel::tools
