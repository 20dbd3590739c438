#include "evaluation_report.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "coverage_text.h"
#include "interval.h"
#include "json_line.h"
#include "plot.h"
#include "text_table.h"
#include "train_report.h"

namespace perfmodel::tools {
namespace {

std::string layer_errors_json(const LayerTimePredictor& predictor) {
  JsonObject kinds;
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const LayerKind kind = static_cast<LayerKind>(index);
    const bool is_always_told = kind <= LayerKind::kDense;
    if (!is_always_told && !predictor.knows(kind)) continue;
    JsonObject phases;
    for (int phase = 0; phase < kNumPhases; ++phase) {
      const char* name = phase_name(static_cast<Phase>(phase));
      const bool known = predictor.knows(kind);
      const ErrorReport errors =
          known ? predictor.model(kind, static_cast<Phase>(phase)).info().held_out : ErrorReport{};
      if (errors.rows == 0) {
        phases.add_json(name, "null");
      } else {
        phases.add(name, rounded(errors.mape_pct));
      }
    }
    kinds.add_json(short_kind_name(kind), phases.text());
  }
  return kinds.text();
}

// Without an interval its ends are null.
double end_ms(double ms, const EvaluatedNetwork& each) {
  return each.predicted.interval_level > 0 ? rounded(ms, 4) : std::numeric_limits<double>::quiet_NaN();
}

std::string networks_json(const std::vector<EvaluatedNetwork>& networks, bool steered) {
  std::vector<std::string> items;
  for (const EvaluatedNetwork& each : networks) {
    if (each.steered != steered) continue;
    JsonObject item;
    item.add("network", each.network.name()).add("batch", each.network.batch());
    item.add("measured_ms", rounded(each.measured_ms(), 4));
    item.add("predicted_ms", rounded(each.predicted.total.mean_ms, 4)).add("ape_pct", rounded(each.ape_pct()));
    item.add("lower_ms", end_ms(each.predicted.total.lower_ms, each));
    item.add("upper_ms", end_ms(each.predicted.total.upper_ms, each));
    item.add("interval_level", each.predicted.interval_level).add("in_domain", each.predicted.in_domain);
    item.add_json("coverage", coverage_json(each.predicted.coverage));
    items.push_back(item.text());
  }
  return json_array(items);
}

std::string ape_text(double measured, double predicted) {
  return measured > 0 ? pct_text(100 * std::fabs(predicted - measured) / measured) : "-";
}

void print_layers(const EvaluatedNetwork& each) {
  TextTable table({each.network.name() + ", batch " + std::to_string(each.network.batch()), "measured ms",
                   "predicted ms", "error %", ""});
  const std::vector<NetworkEnds>& ends = each.network.ends();
  for (std::size_t i = 0; i < each.layers.size(); ++i) {
    const LayerTime& predicted = each.predicted.layers[i];
    for (int phase = 0; phase < kNumPhases; ++phase) {
      const Phase name = static_cast<Phase>(phase);
      if ((name == Phase::kPreprocess && !ends[i].first) || (name == Phase::kPostprocess && !ends[i].last)) continue;
      const double measured_ms = each.layers[i].phases[static_cast<std::size_t>(phase)].median_ms;
      table.add_row({each.predicted.names[i] + " " + phase_name(name), ms_text(measured_ms),
                     ms_text(predicted.phase[phase].mean_ms), ape_text(measured_ms, predicted.phase[phase].mean_ms),
                     predicted.in_domain ? "" : "outside what was learnt"});
    }
  }
  table.print();
  std::printf("\n");
}

}  // namespace

double network_mape_pct(const std::vector<EvaluatedNetwork>& networks, bool steered) {
  double sum = 0;
  std::size_t count = 0;
  for (const EvaluatedNetwork& each : networks) {
    if (each.steered != steered) continue;
    sum += each.ape_pct();
    ++count;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

std::string evaluation_json(const LayerTimePredictor& predictor, const std::vector<EvaluatedNetwork>& networks) {
  JsonObject line;
  line.add("noise_floor_pct", rounded(predictor.training().noise_floor_pct));
  line.add_json("layer_mape_pct", layer_errors_json(predictor));
  line.add("network_mape_pct", rounded(network_mape_pct(networks, true)));
  line.add_json("networks", networks_json(networks, true));
  JsonObject unsteered;
  unsteered.add("network_mape_pct", rounded(network_mape_pct(networks, false)));
  unsteered.add_json("networks", networks_json(networks, false));
  return line.add_json("unsteered", unsteered.text()).text();
}

void print_evaluation(const std::vector<EvaluatedNetwork>& networks) {
  for (const EvaluatedNetwork& each : networks) {
    if (!each.layers.empty()) print_layers(each);
  }
  std::vector<double> levels;
  for (const EvaluatedNetwork& each : networks) levels.push_back(each.predicted.interval_level);
  TextTable table({"network", "batch", "measured ms", "sum of measured layers", "predicted ms",
                   interval_name(levels) + " ms", "error %", "covered: layers, flops, bytes", ""});
  for (const EvaluatedNetwork& each : networks) {
    const TimeEstimate& total = each.predicted.total;
    const double sum_ms = each.sum_of_layers_ms();
    table.add_row({each.network.name() + (each.steered ? "" : " (steered no drawing)"),
                   std::to_string(each.network.batch()), ms_text(each.measured_ms()),
                   std::isfinite(sum_ms) ? ms_text(sum_ms) : "-", ms_text(total.mean_ms),
                   interval_text(total, each.predicted.interval_level), pct_text(each.ape_pct()),
                   coverage_text(each.predicted.coverage), each.predicted.in_domain ? "" : "outside what was learnt"});
  }
  table.print();
  std::printf("network MAPE: %s %%\n", pct_text(network_mape_pct(networks, true)).c_str());
  std::printf("network MAPE (steered no drawing): %s %%\n", pct_text(network_mape_pct(networks, false)).c_str());
}

void plot_evaluation(const std::string& path, const LayerTimePredictor& predictor,
                     const std::vector<EvaluatedNetwork>& networks) {
  if (!can_plot()) {
    std::fprintf(stderr, "gnuplot is not installed: no picture '%s'\n", path.c_str());
    return;
  }
  std::vector<BarPair> bars;
  for (const EvaluatedNetwork& each : networks) {
    bars.push_back({each.network.name() + ", " + std::to_string(each.network.batch()), each.measured_ms(),
                    each.predicted.total.mean_ms});
  }
  const Environment& environment = predictor.environment();
  plot_bars(path, "Networks from end to end, " + environment.framework + " on " + environment.device_name, bars);
}

}  // namespace perfmodel::tools
