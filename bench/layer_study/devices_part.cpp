#include "devices_part.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

#include "device_methods.h"
#include "devices_report.h"
#include "json_line.h"
#include "network_data.h"
#include "perfmodel/core/random.h"
#include "study_data.h"

namespace perfmodel::bench {
namespace {

constexpr std::uint64_t kDrawStream = 930;
constexpr const char* kSourceLearner = "xgboost";

/// A model of the GTX 1080 Ti, and the rows that it was fitted to.
struct Source {
  Dataset rows;
  Model model;
};

/// By kind and features, fitted when they are asked for.
class Sources {
 public:
  const Source& of(const std::string& kind, FeatureSet features, const StudyOptions& options,
                   const Callbacks& callbacks) {
    const std::string key = kind + " " + feature_set_name(features);
    const auto known = sources_.find(key);
    if (known != sources_.end()) return known->second;
    const LayerTable layers = training_layers(options, kind);
    const LayerTimePredictor predictor =
        fit_device(layers, *layer_learner(kSourceLearner), options, callbacks, features);
    const Model& model = predictor.model(parse_layer_kind(kind), Phase::kExecution);
    return sources_.emplace(key, Source{call_dataset(layers, kind, features), model}).first->second;
  }

 private:
  std::map<std::string, Source> sources_;
};

struct Step {
  std::string kind, device;
  std::size_t num_measured = 0;
  std::uint64_t draw = 0;
  DeviceMethod method;
};

/// The rows that were measured come first, then all others.
Split draw_rows(std::size_t num_rows, const Step& step, std::uint64_t seed) {
  std::vector<std::size_t> order(num_rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random = Random(seed).fork(kDrawStream + step.draw);
  random.shuffle(Span<std::size_t>(order));
  const std::size_t num_measured = std::min(step.num_measured, num_rows * 4 / 5);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(num_measured);
  return {{order.begin(), end}, {end, order.end()}};
}

Json run_step(const Step& step, Sources& sources, const StudyOptions& options, const Callbacks& callbacks) {
  const Source& source = sources.of(step.kind, step.method.source_features, options, callbacks);
  const Dataset rows = call_dataset(device_layers(options, step.kind, step.device), step.kind, step.method.features);
  const Split split = draw_rows(rows.num_rows(), step, options.seed);
  FitOptions fit;
  fit.seed = options.seed + step.draw;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const Dataset measured = rows.subset(split.first), test = rows.subset(split.second);
  const Model model = step.method.fit({source.model, source.rows, measured, test.features()}, fit);
  Json row = {{"layer", step.kind},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"device", step.device},
              {"method", step.method.name},
              {"features", feature_set_name(step.method.features)},
              {"measured", step.num_measured},
              {"draw", step.draw}};
  add_errors(row, test.targets(), predict_all(model, test), model.info().interval_level);
  return row;
}

/// Whether rows are few because a trial was asked for: one device, one draw and the fewest rows are enough then.
bool is_trial(const StudyOptions& options) {
  return options.max_rows > 0;
}

std::vector<Step> all_steps(const StudyOptions& options) {
  std::vector<Step> steps;
  for (const std::size_t num_measured : kNumMeasured) {
    for (const DeviceMethod& method : device_methods()) {
      if (num_measured > method.most_measured) continue;
      for (const std::string& kind : options.kinds) {
        for (const char* device : kTargets) {
          for (std::uint64_t draw = 0; draw < std::min<std::uint64_t>(kNumDraws, options.num_draws); ++draw) {
            const bool is_first = draw == 0 && device == kTargets[0] && num_measured == kNumMeasured[0];
            if (is_first || !is_trial(options)) steps.push_back({kind, device, num_measured, draw, method});
          }
        }
      }
    }
  }
  return steps;
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  const auto sources = std::make_shared<Sources>();
  std::vector<StudyStep> steps;
  if (chosen_learners(options, {kSourceLearner}).empty()) return steps;
  for (const Step& step : all_steps(options)) {
    const std::string name = std::to_string(step.num_measured) + " " + step.kind + " " + step.device + " " +
                             step.method.name + " " + std::to_string(step.draw);
    steps.push_back({name, [=](const Callbacks& callbacks) { return run_step(step, *sources, options, callbacks); }});
  }
  return steps;
}

}  // namespace

StudyPart devices_part() {
  return {"devices", "new devices of which few layers were measured", steps_of, report_devices, {kSourceLearner}};
}

}  // namespace perfmodel::bench
