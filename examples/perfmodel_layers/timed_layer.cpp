#include "timed_layer.h"

#include "interval.h"
#include "json_line.h"
#include "perfmodel/layer_time/outside_features.h"

namespace perfmodel::tools {
namespace {

std::string outside_json(const std::vector<OutsideFeature>& outside) {
  std::vector<std::string> features;
  for (const auto& [feature, value] : outside) {
    JsonObject line;
    line.add("feature", feature.name).add("value", value);
    features.push_back(line.add("minimum", feature.minimum).add("maximum", feature.maximum).text());
  }
  return json_array(features);
}

/// Says of a layer outside of what was learnt in what it is furthest outside.
std::string remark(const LayerTimePredictor& predictor, const TimedLayer& timed) {
  if (timed.time.in_domain) return "";
  if (!predictor.knows(timed.layer.kind)) return "no model";
  const std::vector<OutsideFeature> outside = outside_features(predictor, timed.layer, timed.context);
  return outside.empty() ? "outside what was learnt" : "outside: " + describe(outside.front());
}

}  // namespace

std::string layer_json(const LayerTimePredictor& predictor, const TimedLayer& timed) {
  const LayerKind kind = timed.layer.kind;
  JsonObject line;
  line.add("name", timed.name).add("layer", describe(timed.layer)).add("has_model", predictor.knows(kind));
  const LayerTiming timing = predictor.environment().timing;
  for (const Phase phase : told_phases(timing)) {
    line.add_json(phase_name(phase, timing),
                  estimate_json(timed.time.phase[static_cast<int>(phase)], interval_level(predictor, kind, phase)));
  }
  line.add("in_domain", timed.time.in_domain);
  if (!timed.time.in_domain && predictor.knows(kind)) {
    line.add_json("outside", outside_json(outside_features(predictor, timed.layer, timed.context)));
  }
  return line.text();
}

std::vector<std::string> layer_cells(const LayerTimePredictor& predictor, const TimedLayer& timed) {
  std::vector<std::string> cells = {timed.name + "  " + describe(timed.layer)};
  for (const Phase phase : told_phases(predictor.environment().timing)) {
    const double mean_ms = timed.time.phase[static_cast<int>(phase)].mean_ms;
    cells.push_back(predictor.knows(timed.layer.kind) ? ms_text(mean_ms) : "-");
  }
  const double level = interval_level(predictor, timed.layer.kind, Phase::kExecution);
  cells.push_back(interval_text(timed.time.execution(), level));
  cells.push_back(remark(predictor, timed));
  return cells;
}

TextTable layer_table(const LayerTimePredictor& predictor, const std::vector<LayerSpec>& layers) {
  std::vector<double> levels;
  for (const LayerSpec& layer : layers) levels.push_back(interval_level(predictor, layer.kind, Phase::kExecution));
  const LayerTiming timing = predictor.environment().timing;
  std::vector<std::string> header = {"layer"};
  for (const Phase phase : told_phases(timing)) header.push_back(std::string(phase_name(phase, timing)) + " ms");
  header.push_back(std::string(phase_name(Phase::kExecution, timing)) + " " + interval_name(levels) + " ms");
  header.emplace_back();
  return TextTable(header);
}

}  // namespace perfmodel::tools
