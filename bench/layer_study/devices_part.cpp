#include "devices_part.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

#include "device_methods.h"
#include "json_line.h"
#include "network_data.h"
#include "perfmodel/core/random.h"
#include "study_data.h"
#include "study_report.h"

namespace perfmodel::bench {
namespace {

constexpr const char* kTargets[] = {"rtx2080ti", "quadro_p1000", "quadro_p4000", "cpu_i3"};
constexpr std::size_t kNumMeasured[] = {100, 300, 1000, 16000};  // the last: what the rows can tell at all
constexpr std::uint64_t kNumDraws = 3, kDrawStream = 930;
constexpr const char* kSourceLearner = "xgboost";

/// Models of the GTX 1080 Ti by kind, fitted when they are asked for.
class Sources {
 public:
  const Model& of(const std::string& kind, const StudyOptions& options, const Callbacks& callbacks) {
    const auto known = models_.find(kind);
    if (known != models_.end()) return known->second;
    const LayerTimePredictor predictor =
        fit_device(training_layers(options, kind), *layer_learner(kSourceLearner), options, callbacks);
    return models_.emplace(kind, predictor.model(parse_layer_kind(kind), Phase::kExecution)).first->second;
  }

 private:
  std::map<std::string, Model> models_;
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
  const Model& source = sources.of(step.kind, options, callbacks);
  const Dataset rows = call_dataset(device_layers(options, step.kind, step.device), step.kind, step.method.features);
  const Split split = draw_rows(rows.num_rows(), step, options.seed);
  FitOptions fit;
  fit.seed = options.seed + step.draw;
  fit.num_threads = options.num_threads;
  fit.callbacks = callbacks;
  const Model model = step.method.fit(source, rows.subset(split.first), fit);
  const Dataset test = rows.subset(split.second);
  Json row = {{"layer", step.kind},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"device", step.device},
              {"method", step.method.name},
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
          for (std::uint64_t draw = 0; draw < kNumDraws; ++draw) {
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
  if (chosen_layer_learners(options, {kSourceLearner}).empty()) return steps;
  for (const Step& step : all_steps(options)) {
    const std::string name = std::to_string(step.num_measured) + " " + step.kind + " " + step.device + " " +
                             step.method.name + " " + std::to_string(step.draw);
    steps.push_back({name, [=](const Callbacks& callbacks) { return run_step(step, *sources, options, callbacks); }});
  }
  return steps;
}

/// Means of mape_pct by some of the rows' members.
class MeanErrors {
 public:
  void add(const std::string& key, const Json& row) {
    sums_[key] += row.at("mape_pct").get<double>();
    counts_[key] += 1;
  }
  /// "-" where there is none.
  std::string text(const std::string& key) const {
    if (counts_.count(key) == 0) return "-";
    return number_text(Json{{"mean", sums_.at(key) / counts_.at(key)}}, "mean");
  }

 private:
  std::map<std::string, double> sums_, counts_;
};

std::string text_of(const Json& row, const char* member) {
  return row.at(member).get<std::string>();
}

void report_devices(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report) {
  if (rows.empty()) return;
  report.add_rows("layers_devices", rows);
  MeanErrors means;
  for (const Json& row : rows) {
    const std::string key = text_of(row, "method") + "|" + std::to_string(row.at("measured").get<std::size_t>()) + "|" +
                            text_of(row, "layer");
    means.add(key, row);
    means.add(key + "|" + text_of(row, "device"), row);
  }
  MarkdownTable all, by_device;
  all.header = {"MAPE %, mean of four devices and three draws", "measured layers"};
  by_device.header = {"300 measured layers, MAPE %", "layer"};
  for (const std::string& kind : options.kinds) all.header.push_back(kind);
  for (const char* device : kTargets) by_device.header.push_back(device);
  for (const DeviceMethod& method : device_methods()) {
    for (const std::size_t num_measured : kNumMeasured) {
      if (num_measured > method.most_measured) continue;
      const std::string key = method.name + "|" + std::to_string(num_measured) + "|";
      std::vector<std::string> cells = {method.name, std::to_string(num_measured)};
      for (const std::string& kind : options.kinds) cells.push_back(means.text(key + kind));
      all.rows.push_back(std::move(cells));
    }
    for (const std::string& kind : options.kinds) {
      std::vector<std::string> cells = {method.name, kind};
      for (const char* device : kTargets) cells.push_back(means.text(method.name + "|300|" + kind + "|" + device));
      by_device.rows.push_back(std::move(cells));
    }
  }
  report.add_table("devices", all);
  report.add_table("devices_300", by_device);
}

}  // namespace

StudyPart devices_part() {
  return {"devices", "new devices of which few layers were measured", steps_of, report_devices};
}

}  // namespace perfmodel::bench
