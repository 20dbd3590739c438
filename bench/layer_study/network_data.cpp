#include "network_data.h"

#include <algorithm>
#include <utility>

#include "json_line.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/train/layer_blend.h"
#include "perfmodel/train/register_learners.h"
#include "study_data.h"

namespace perfmodel::bench {
namespace {

constexpr double kHeldFraction = 0.1, kTestFraction = 0.2;
constexpr std::int64_t kLargestBatch = 64;  // of the layers that were measured

enum RandomStream : std::uint64_t { kHeldStream = 900, kTestStream };

void move_rows(const std::vector<LayerRow>& rows, const std::vector<std::size_t>& indices, std::vector<LayerRow>& to) {
  for (const std::size_t index : indices) to.push_back(rows[index]);
}

// Rows of one kind into training and `apart`, by the seed.
void split_rows(const std::vector<LayerRow>& rows, double fraction, std::uint64_t seed, std::vector<LayerRow>& training,
                std::vector<LayerRow>& apart) {
  const Split split = random_split(rows.size(), fraction, seed);
  move_rows(rows, split.first, training);
  move_rows(rows, split.second, apart);
}

}  // namespace

DeviceLayers layers_of_device(const StudyOptions& options, const std::string& device) {
  const Random random(options.seed);
  DeviceLayers all;
  for (const char* kind : {"conv", "pool", "dense"}) {
    const LayerTable timed = device_layers(options, kind, device);
    std::vector<LayerRow> learnt;
    if (device == kTrainingDevice) {
      learnt = training_layers(options, kind).rows;
      all.test.insert(all.test.end(), timed.rows.begin(), timed.rows.end());
    } else {
      split_rows(timed.rows, kTestFraction, random.fork(kTestStream).bits(), learnt, all.test);
    }
    split_rows(learnt, kHeldFraction, random.fork(kHeldStream).bits(), all.training.rows, all.held);
    all.training.environment = timed.environment;
  }
  return all;
}

LayerTimePredictor fit_device(const LayerTable& training, const Learner& learner, const StudyOptions& options,
                              const Callbacks& callbacks, FeatureSet features) {
  FitPredictorOptions fit;
  fit.features = features;
  fit.held_out_fraction = 0;
  fit.fit.seed = options.seed;
  fit.fit.num_threads = options.num_threads;
  fit.fit.callbacks = callbacks;
  return fit_layer_time_predictor(training, learner, fit).predictor;
}

std::unique_ptr<Learner> layer_learner(const std::string& name) {
  LearnerRegistry registry = builtin_learners();
  add_torch_learners(registry);
  add_xgboost_learners(registry);
  add_layer_learners(registry);
  const bool has_presets = name == "perfnet" || name == "resperfnet";
  return registry.make(name, has_presets ? R"({"preset": "default"})" : "");
}

std::vector<std::string> layer_learner_names() {
  return {"xgboost", "few_layers", "perfnet", "resperfnet", "layer_blend"};
}

std::vector<std::string> chosen_layer_learners(const StudyOptions& options, const std::vector<std::string>& names) {
  return options.learners.empty() ? names : chosen_learners(options, layer_learner_names());
}

std::vector<MeasuredNetwork> networks_of_device(const StudyOptions& options, const std::string& device) {
  NetworkTableOptions table;
  table.time_column = kTrainingTime;
  table.device = device;
  std::vector<MeasuredNetwork> networks;
  for (MeasuredNetwork& network : read_network_table(options.data + "/perfnet_layers/networks.csv", table).networks) {
    if (network.batch <= kLargestBatch) networks.push_back(std::move(network));
  }
  return networks;
}

void IntervalCount::add(const TimeEstimate& time, double measured_ms) {
  num_times_ += 1;
  if (measured_ms >= time.lower_ms && measured_ms <= time.upper_ms) num_inside_ += 1;
  width_sum_ += (time.upper_ms - time.lower_ms) / time.mean_ms;
}

void IntervalCount::add_to(Json& row, const std::string& prefix) const {
  row[prefix + "coverage_pct"] = num_times_ > 0 ? Json(tools::rounded(100 * num_inside_ / num_times_, 2)) : Json();
  row[prefix + "width_pct"] = num_times_ > 0 ? Json(tools::rounded(100 * width_sum_ / num_times_, 2)) : Json();
}

}  // namespace perfmodel::bench
