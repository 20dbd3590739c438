#include "networks_part.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "json_line.h"
#include "network_data.h"
#include "networks_report.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/network_interval.h"
#include "study_data.h"

namespace perfmodel::bench {
namespace {

constexpr std::size_t kNetworksOfLayers = 2000;
constexpr std::uint64_t kNumDraws = 3;
constexpr const char* kDevices[] = {kTrainingDevice, "cpu_i3"};  // those of networks.csv

enum RandomStream : std::uint64_t { kFittedStream = 910, kTestedStream };

/// Adds networks, mape_pct (mean over networks of their means over batch sizes) and <network>_mape_pct.
void add_sums(Json& row, const LayerTimePredictor& predictor, const std::vector<MeasuredNetwork>& networks) {
  Json all = Json::array();
  std::map<std::string, std::vector<double>> errors;
  for (const MeasuredNetwork& network : networks) {
    const double predicted_ms = predictor.predict_sequence(network.layers).total.mean_ms;
    const double error_pct = 100 * std::abs(predicted_ms / network.total_ms() - 1);
    errors[network.name].push_back(error_pct);
    all.push_back({{"network", network.name},
                   {"batch", network.batch},
                   {"measured_ms", tools::rounded(network.total_ms(), 4)},
                   {"predicted_ms", tools::rounded(predicted_ms, 4)},
                   {"ape_pct", tools::rounded(error_pct, 2)}});
  }
  double sum = 0;
  for (const auto& [name, own] : errors) {
    double mean = 0;
    for (const double error : own) mean += error / static_cast<double>(own.size());
    row[name + "_mape_pct"] = tools::rounded(mean, 2);
    sum += mean;
  }
  row["mape_pct"] = tools::rounded(sum / static_cast<double>(errors.size()), 2);
  row["networks"] = std::move(all);
}

IntervalCount count_inside(const LayerTimePredictor& predictor, const std::vector<MeasuredNetwork>& networks) {
  IntervalCount count;
  for (const MeasuredNetwork& network : networks) {
    count.add(predictor.predict_sequence(network.layers).total, network.total_ms());
  }
  return count;
}

/// Each network by intervals that were fitted to the other ones.
IntervalCount count_by_other_networks(const LayerTimePredictor& predictor,
                                      const std::vector<MeasuredNetwork>& networks) {
  IntervalCount count;
  for (const char* name : {"lenet", "alexnet", "vgg16"}) {
    std::vector<MeasuredNetwork> others, own;
    for (const MeasuredNetwork& network : networks) (network.name == name ? own : others).push_back(network);
    const LayerTimePredictor fitted = predictor.with_network_interval(fit_network_interval(predictor, others));
    for (const MeasuredNetwork& network : own) {
      count.add(fitted.predict_sequence(network.layers).total, network.total_ms());
    }
  }
  return count;
}

void add_intervals(Json& row, const LayerTimePredictor& predictor, const DeviceLayers& layers,
                   const std::vector<MeasuredNetwork>& networks, std::uint64_t seed) {
  const Random random(seed);
  const std::vector<MeasuredNetwork> of_held =
      networks_of_layers(layers.held, kNetworksOfLayers, random.fork(kFittedStream).bits());
  const std::vector<MeasuredNetwork> of_test =
      networks_of_layers(layers.test, kNetworksOfLayers, random.fork(kTestedStream).bits());
  count_inside(predictor, of_test).add_to(row, "layers_default_");
  count_inside(predictor, networks).add_to(row, "networks_default_");
  const NetworkInterval interval = fit_network_interval(predictor, of_held);
  const LayerTimePredictor fitted = predictor.with_network_interval(interval);
  row["layers_correlation"] = tools::rounded(interval.correlation, 4);
  row["layers_scale"] = tools::rounded(interval.scale, 4);
  count_inside(fitted, of_test).add_to(row, "layers_by_layers_");
  count_inside(fitted, networks).add_to(row, "networks_by_layers_");
  count_by_other_networks(predictor, networks).add_to(row, "networks_by_others_");
}

struct Step {
  std::string device, learner;
  std::uint64_t draw;  ///< added to the seed: rows held back, and all that a fit draws
};

Json run_step(const Step& step, const StudyOptions& study, const Callbacks& callbacks) {
  StudyOptions options = study;
  options.seed += step.draw;
  const DeviceLayers layers = layers_of_device(options, step.device);
  const LayerTimePredictor predictor = fit_device(layers.training, *layer_learner(step.learner), options, callbacks);
  const std::vector<MeasuredNetwork> networks = networks_of_device(options, step.device);
  Json row = {{"device", step.device},
              {"phase", layer_timing_name(LayerTiming::kTotal)},
              {"learner", step.learner},
              {"draw", step.draw},
              {"training_rows", layers.training.rows.size()}};
  add_sums(row, predictor, networks);
  add_intervals(row, predictor, layers, networks, options.seed);
  return row;
}

std::string name_of(const Step& step) {
  const std::string name = step.device + " " + step.learner;
  return step.draw == 0 ? name : name + " draw " + std::to_string(step.draw);
}

std::vector<StudyStep> steps_of(const StudyOptions& options) {
  std::vector<StudyStep> steps;
  for (std::uint64_t draw = 0; draw < std::min<std::uint64_t>(kNumDraws, options.num_draws); ++draw) {
    for (const std::string& learner : chosen_layer_learners(options, {"xgboost", "perfnet", "layer_blend"})) {
      for (const char* device : kDevices) {
        const Step step{device, learner, draw};
        steps.push_back(
            {name_of(step), [=](const Callbacks& callbacks) { return run_step(step, options, callbacks); }});
      }
    }
  }
  return steps;
}

}  // namespace

StudyPart networks_part() {
  return {"networks", "LeNet, AlexNet and VGG16 as sums of layers", steps_of, report_networks, layer_learner_names()};
}

}  // namespace perfmodel::bench
