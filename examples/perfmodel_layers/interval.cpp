#include "interval.h"

#include <algorithm>
#include <limits>
#include <set>

#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "text_table.h"

namespace perfmodel::tools {
double interval_level(const LayerTimePredictor& predictor, LayerKind kind, Phase phase) {
  return predictor.knows(kind) ? predictor.model(kind, phase).info().interval_level : 0;
}

double call_interval_level(const LayerTimePredictor& predictor, const std::vector<LayerSpec>& layers) {
  double least = 1;
  for (const LayerSpec& layer : layers) {
    least = std::min(least, interval_level(predictor, layer.kind, Phase::kExecution));
  }
  return least;
}

double interval_level(const LayerTimePredictor& predictor, const Network& network) {
  if (predictor.environment().timing == LayerTiming::kTotal) return call_interval_level(predictor, network.layers());
  const std::vector<NetworkEnds>& ends = network.ends();
  double least = 1;
  for (std::size_t i = 0; i < ends.size(); ++i) {  // the terms of equation 2, as LayerTimePredictor adds them up
    const LayerKind kind = network.nodes()[i].layer.kind;
    if (!predictor.knows(kind)) continue;
    const auto use = [&](Phase phase) { least = std::min(least, interval_level(predictor, kind, phase)); };
    if (ends[i].first) use(Phase::kPreprocess);
    use(Phase::kExecution);
    if (ends[i].last) use(Phase::kPostprocess);
  }
  return least;
}

std::string interval_text(const TimeEstimate& time, double level) {
  return level > 0 ? ms_text(time.lower_ms) + " .. " + ms_text(time.upper_ms) : "-";
}

std::string interval_name(const std::vector<double>& levels) {
  std::set<double> calibrated;
  for (const double level : levels) {
    if (level > 0) calibrated.insert(level);
  }
  return calibrated.size() == 1 ? format_number(rounded(100 * *calibrated.begin())) + " % interval" : "interval";
}

std::string estimate_json(const TimeEstimate& time, double level) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // null
  return JsonObject()
      .add("mean_ms", time.mean_ms)
      .add("lower_ms", level > 0 ? time.lower_ms : kNone)
      .add("upper_ms", level > 0 ? time.upper_ms : kNone)
      .add("interval_level", level)
      .text();
}

}  // namespace perfmodel::tools
