// Writes the files that the tests of the C API and the examples read, with answers known in advance:
//   predictor.safetensors       all layer kinds; times as in kKinds, whatever the layer
//   predictor_conv.safetensors  convolution only, with intervals, which the first has too few layers for
//   network_correction.safetensors  3 times the sum of the first predictor, whatever the network
//   predictor_calls.safetensors  dense layers as whole calls, with intervals
//   networks.csv                networks of two dense layers, timed one by one as whole calls: ten on gpu, one on cpu
//   model_1mb.safetensors       a forest; no answers are known
//   layers.csv                  measured layers as a campaign exports them, with the same times
// usage: make_files FOLDER
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/network/layer_sampler.h"

namespace {

using perfmodel::LayerKind;

struct Kind {
  LayerKind kind;
  double phase_ms[perfmodel::kNumPhases];
};
constexpr Kind kKinds[] = {{LayerKind::kConv2d, {0.5, 2.0, 0.25}},
                           {LayerKind::kPool2d, {0.1, 0.3, 0.05}},
                           {LayerKind::kDense, {0.2, 0.7, 0.15}}};
constexpr int kLayersPerKind = 40;

/// Layers of a kind, of growing size.
perfmodel::LayerSample sample_of(LayerKind kind, int i) {
  switch (kind) {
    case LayerKind::kConv2d:
      return {perfmodel::conv2d(1 + i % 8, 8 + i, 3 + i, 8 + 2 * i, 1 + i % 3), {}};
    case LayerKind::kPool2d:
      return {perfmodel::pool2d(1 + i % 8, 8 + i, 3 + i, 2, 2), {}};
    case LayerKind::kDense:
      return {perfmodel::dense(1 + i % 8, 16 + 8 * i, 10 + i), {}};
    default:
      return {};
  }
}

perfmodel::LayerTimePredictor::KindModels fit_kind(const Kind& kind, const perfmodel::FitOptions& options = {}) {
  constexpr perfmodel::FeatureSet kFeatures = perfmodel::FeatureSet::kPaper;
  const auto& names = perfmodel::layer_feature_names(kFeatures, kind.kind);
  perfmodel::LayerTimePredictor::KindModels models{kind.kind, kFeatures, {}};
  for (int phase = 0; phase < perfmodel::kNumPhases; ++phase) {
    perfmodel::Dataset data(names, std::string(phase_name(static_cast<perfmodel::Phase>(phase))) + "_ms");
    std::vector<double> features(names.size());
    for (int i = 0; i < kLayersPerKind; ++i) {
      const perfmodel::LayerSample sample = sample_of(kind.kind, i);
      encode_layer(kFeatures, sample.layer, sample.context, features);
      data.add_row(features, kind.phase_ms[phase]);
    }
    models.phases.push_back(perfmodel::ConstantLearner().fit(data, options));
  }
  return models;
}

/// Learnt on one network that takes 3 times the sum of its layers.
perfmodel::NetworkCorrection fit_correction(const perfmodel::LayerTimePredictor& predictor) {
  const perfmodel::Network lenet = perfmodel::builtin_network("lenet", 1);
  const double time_ms = 3 * predictor.predict_sequence(lenet.layers()).total.mean_ms;
  const std::vector<perfmodel::TimedNetwork> networks = {{"lenet", lenet.layers(), time_ms}};
  return fit_network_correction(predictor, networks, perfmodel::ConstantLearner(), {});
}

/// Leaves of single rows make it large.
perfmodel::Model fit_forest() {
  constexpr int kRows = 1000;
  perfmodel::Dataset data({"x", "y"}, "time_ms");
  for (int i = 0; i < kRows; ++i) {
    const double x = i % 37, y = i * 7919 % kRows;
    data.add_row(std::vector<double>{x, y}, 2 + std::sin(x) + std::sin(y));
  }
  perfmodel::FitOptions options;
  options.interval_level = 0;
  return perfmodel::make_forest_learner()->fit(data, options);
}

void write_layer_table(const std::string& path) {
  perfmodel::CsvTable table;
  table.columns = {"candidate", "pass", "status"};
  for (const std::string& column : perfmodel::layer_columns()) table.columns.push_back(column);
  for (const char* column :
       {"pre_ms", "exe_ms", "post_ms", "device", "device_name", "framework", "framework_version", "num_threads"}) {
    table.columns.emplace_back(column);
  }
  for (const Kind& kind : kKinds) {
    for (int i = 0; i < kLayersPerKind; ++i) {
      std::vector<std::string> row = {std::to_string(table.rows.size()), "0", "ok"};
      for (double value : layer_to_values(sample_of(kind.kind, i))) row.push_back(perfmodel::format_number(value));
      for (double ms : kind.phase_ms) row.push_back(perfmodel::format_number(ms));
      for (const char* text : {"cpu", "Test CPU", "eager", "1.0", "1"}) row.emplace_back(text);
      table.rows.push_back(std::move(row));
    }
  }
  write_csv(table, path);
}

void write_networks(const std::string& path) {
  perfmodel::CsvTable table;
  table.columns = {"device",    "network",    "batchsize",      "layer",         "op",
                   "dim_input", "dim_output", "activation_fct", "time_median_ms"};
  for (int i = 0; i < 11; ++i) {
    for (const char* layer : {"1", "2"}) {
      table.rows.push_back(
          {i == 10 ? "cpu" : "gpu", "net" + std::to_string(i), "1", layer, "dense", "16", "10", "0", "0.7"});
    }
  }
  write_csv(table, path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  const perfmodel::Environment environment{"cpu", "Test CPU", "eager", "1.0", 1};
  try {
    std::vector<perfmodel::LayerTimePredictor::KindModels> models;
    for (const Kind& kind : kKinds) models.push_back(fit_kind(kind));
    const perfmodel::LayerTimePredictor predictor(environment, models);
    predictor.save(folder + "/predictor.safetensors");
    fit_correction(predictor).save(folder + "/network_correction.safetensors");
    perfmodel::FitOptions half;
    half.validation_fraction = 0.5;  // 20 layers calibrate an interval
    perfmodel::LayerTimePredictor(environment, {fit_kind(kKinds[0], half)})
        .save(folder + "/predictor_conv.safetensors");
    perfmodel::Environment calls = environment;
    calls.timing = perfmodel::LayerTiming::kTotal;
    perfmodel::LayerTimePredictor(calls, {fit_kind(kKinds[2], half)}).save(folder + "/predictor_calls.safetensors");
    write_networks(folder + "/networks.csv");
    fit_forest().save(folder + "/model_1mb.safetensors");
    write_layer_table(folder + "/layers.csv");
  } catch (const perfmodel::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
