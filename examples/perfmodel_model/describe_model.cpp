#include "describe_model.h"

#include <cmath>
#include <cstdio>
#include <limits>

#include "json_line.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

std::string feature_json(const FeatureInfo& feature) {
  JsonObject item;
  item.add("name", feature.name).add("unit", feature.unit).add("minimum", feature.minimum);
  return item.add("maximum", feature.maximum).add("used", feature.used).text();
}

std::string errors_json(const ErrorReport& errors) {
  if (errors.rows == 0) return "null";
  JsonObject item;
  item.add("rows", errors.rows).add("mape_pct", errors.mape_pct).add("rmse", errors.rmse).add("mae", errors.mae);
  item.add("r2", errors.r2).add("within_10_pct", errors.within_10_pct).add("p95_ape_pct", errors.p95_ape_pct);
  return item.add("spearman", errors.spearman).text();
}

std::string environment_json(const Environment& environment) {
  JsonObject item;
  item.add("device", environment.device).add("device_name", environment.device_name);
  item.add("framework", environment.framework).add("framework_version", environment.framework_version);
  item.add("num_threads", environment.num_threads);
  return item.add("timing", layer_timing_name(environment.timing)).text();
}

std::string network_interval_json(const NetworkInterval& interval) {
  JsonObject item;
  item.add("correlation", interval.correlation).add("scale", interval.scale);
  return item.add("num_networks", interval.num_networks).text();
}

/// "gpu (GTX 1080 Ti)", or "unknown" for a table that names neither: one word where both names say the same.
std::string named_text(const std::string& name, const std::string& more, const char* before, const char* after) {
  return more == name || more.empty() ? name : name + before + more + after;
}

void print_environment(const char* what, const Environment& environment) {
  std::printf("%s for device %s, framework %s, %d thread%s\n", what,
              named_text(environment.device, environment.device_name, " (", ")").c_str(),
              named_text(environment.framework, environment.framework_version, " ", "").c_str(),
              environment.num_threads, environment.num_threads == 1 ? "" : "s");
  if (environment.timing == LayerTiming::kTotal) std::printf("times are those of whole calls, not of three phases\n");
}

void print_network_interval(const NetworkInterval& interval) {
  if (interval.num_networks == 0) {
    std::printf("intervals of networks: not fitted, layers of a kind are taken to err alike\n");
  } else {
    std::printf("intervals of networks: fitted to %zu, correlation %s, scale %s\n", interval.num_networks,
                number_text(interval.correlation).c_str(), number_text(interval.scale).c_str());
  }
}

/// An end of a feature's range; those of imported models are not known.
std::string end_text(double end) {
  return std::abs(end) == std::numeric_limits<double>::max() ? "any" : number_text(end);
}

const char* use_text(const FeatureInfo& feature) {
  if (feature.used) return "";
  return feature.minimum == feature.maximum ? "constant, left out" : "not used";
}

void print_features(const Model& model) {
  TextTable table({"feature", "unit", "from", "to", ""});
  for (const FeatureInfo& feature : model.info().features) {
    table.add_row(
        {feature.name, feature.unit, end_text(feature.minimum), end_text(feature.maximum), use_text(feature)});
  }
  table.print();
}

std::string learner_text(const ModelInfo& info) {
  return info.preset.empty() ? info.kind : info.kind + " (" + info.preset + ")";
}

std::string origin_text(const ModelInfo& info) {
  if (info.training_rows == 0) return "imported";
  return "fitted on " + std::to_string(info.training_rows) + " rows (data " + info.training_hash + ")";
}

std::string interval_text(const Model& model) {
  const ModelInfo& info = model.info();
  if (info.interval_level <= 0) return "not calibrated";
  const std::string level = number_text(100 * info.interval_level) + " %";
  if (model.knows_deviation()) return level + ", as wide as the model's own deviation of each answer says";
  return level + " in x" + number_text(info.interval_lower_factor) + " .. x" + number_text(info.interval_upper_factor);
}

/// What the factors are of: each answer, or one whose deviation is 100 %.
const char* interval_width_json(const Model& model) {
  if (model.info().interval_level <= 0) return "none";
  return model.knows_deviation() ? "by_deviation" : "by_factors";
}

}  // namespace

void print_model(const Model& model) {
  const ModelInfo& info = model.info();
  std::printf("model %s for %s, %s\n", learner_text(info).c_str(), info.target.c_str(), origin_text(info).c_str());
  std::printf("interval: %s\n", interval_text(model).c_str());
  if (info.held_out.rows > 0) {
    std::printf("held-out rows: %zu, MAPE %s %%, R2 %.4f\n", info.held_out.rows,
                pct_text(info.held_out.mape_pct).c_str(), info.held_out.r2);
  }
  print_features(model);
}

void print_predictor(const LayerTimePredictor& predictor) {
  const LayerTiming timing = predictor.environment().timing;
  print_environment("layer-time predictor", predictor.environment());
  std::printf("trained on %zu measured layers (%zu more failed), noise floor %s %%\n", predictor.training().num_layers,
              predictor.training().num_failed, pct_text(predictor.training().noise_floor_pct).c_str());
  print_network_interval(predictor.network_interval());
  TextTable table({"model", "learner", "rows", "held out", "MAPE %", "R2", "interval"});
  for (const LayerKind kind : predictor.kinds()) {
    for (const Phase phase : told_phases(timing)) {
      const Model& model = predictor.model(kind, phase);
      const ModelInfo& info = model.info();
      const bool known = info.held_out.rows > 0;
      table.add_row({std::string(layer_kind_name(kind)) + " " + phase_name(phase, timing), learner_text(info),
                     std::to_string(info.training_rows), std::to_string(info.held_out.rows),
                     known ? pct_text(info.held_out.mape_pct) : "-", known ? number_text(info.held_out.r2) : "-",
                     interval_text(model)});
    }
  }
  table.print();
  for (const LayerKind kind : predictor.kinds()) {
    std::printf("\n%s, %s features, as learnt for %s\n", layer_kind_name(kind),
                feature_set_name(predictor.features(kind)),
                timing == LayerTiming::kTotal ? "whole calls" : "execution");
    print_features(predictor.model(kind, Phase::kExecution));
  }
}

void print_correction(const NetworkCorrection& correction) {
  print_environment("correction of networks", correction.environment());
  print_model(correction.model());
}

std::string model_json(const Model& model) {
  const ModelInfo& info = model.info();
  std::vector<std::string> features;
  for (const FeatureInfo& feature : info.features) features.push_back(feature_json(feature));
  JsonObject item;
  item.add("kind", info.kind).add("preset", info.preset).add("target", info.target);
  item.add("training_rows", info.training_rows).add("training_hash", info.training_hash);
  item.add("interval_level", info.interval_level).add("interval_width", interval_width_json(model));
  item.add("interval_lower_factor", info.interval_lower_factor);
  item.add("interval_upper_factor", info.interval_upper_factor).add_json("held_out", errors_json(info.held_out));
  return item.add_json("features", json_array(features)).text();
}

std::string predictor_json(const LayerTimePredictor& predictor) {
  const LayerTiming timing = predictor.environment().timing;
  std::vector<std::string> kinds;
  for (const LayerKind kind : predictor.kinds()) {
    JsonObject item;
    item.add("kind", layer_kind_name(kind)).add("features", feature_set_name(predictor.features(kind)));
    for (const Phase phase : told_phases(timing)) {
      item.add_json(phase_name(phase, timing), model_json(predictor.model(kind, phase)));
    }
    kinds.push_back(item.text());
  }
  const TrainingInfo& training = predictor.training();
  JsonObject line;
  line.add_json("environment", environment_json(predictor.environment()));
  line.add_json("network_interval", network_interval_json(predictor.network_interval()));
  line.add("noise_floor_pct", training.noise_floor_pct).add("num_layers", training.num_layers);
  return line.add("num_failed", training.num_failed).add_json("kinds", json_array(kinds)).text();
}

std::string correction_json(const NetworkCorrection& correction) {
  return JsonObject()
      .add_json("environment", environment_json(correction.environment()))
      .add_json("factor", model_json(correction.model()))
      .text();
}

}  // namespace perfmodel::tools
