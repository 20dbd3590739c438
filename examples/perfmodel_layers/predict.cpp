#include <cstdio>
#include <memory>

#include "commands.h"
#include "coverage_text.h"
#include "interval.h"
#include "json_line.h"
#include "load_predictors.h"
#include "network_source.h"
#include "number_checks.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_correction.h"
#include "timed_layer.h"

namespace perfmodel::tools {
namespace {

struct PredictOptions {
  std::vector<std::string> models;
  std::string correction;
  std::string network;
  std::string layer;
  std::vector<std::int64_t> shape = {1, 1, 1, 1};
  std::int64_t batch = 0;
  double reuse_bytes = LayerContext{}.reuse_bytes;
  bool partial = false;
  bool json = false;
};

/// A network's time, with the sum of its layers where a correction tells the time from end to end.
struct PredictedNetwork {
  Network network;
  NetworkTime time;
  NetworkTotal sum;
  bool is_corrected = false;

  std::vector<TimedLayer> layers() const {
    std::vector<TimedLayer> all;
    for (std::size_t i = 0; i < time.layers.size(); ++i) {
      all.push_back({network.nodes()[i].name, network.nodes()[i].layer, time.layers[i], {network.footprint_bytes()}});
    }
    return all;
  }
};

PredictedNetwork predicted_network(const LayerTimePredictor& predictor, const PredictOptions& options) {
  const Network network = network_named(options.network, options.batch);
  NetworkTime time = predictor.predict(network, options.partial ? UnknownKinds::kSkip : UnknownKinds::kRefuse);
  const NetworkTotal sum = time;
  if (options.correction.empty()) return {network, std::move(time), sum, false};
  const NetworkTime corrected = NetworkCorrection::load(options.correction).predict(predictor, network.layers());
  static_cast<NetworkTotal&>(time) = corrected;
  return {network, std::move(time), sum, true};
}

void print_json(const LayerTimePredictor& predictor, const PredictedNetwork& predicted) {
  const NetworkTime& time = predicted.time;
  std::vector<std::string> layers;
  for (const TimedLayer& timed : predicted.layers()) layers.push_back(layer_json(predictor, timed));
  JsonObject line;
  line.add("network", predicted.network.name()).add("batch", predicted.network.batch());
  line.add_json("total", estimate_json(time.total, time.interval_level));
  if (predicted.is_corrected) {
    line.add_json("sum_of_layers", estimate_json(predicted.sum.total, predicted.sum.interval_level));
  }
  line.add_json("coverage", coverage_json(time.coverage));
  line.add("in_domain", time.in_domain).add_json("layers", json_array(layers));
  std::printf("%s\n", line.text().c_str());
}

void print_text(const LayerTimePredictor& predictor, const PredictedNetwork& predicted) {
  const NetworkTime& time = predicted.time;
  TextTable table = layer_table(predictor, predicted.network.layers());
  for (const TimedLayer& timed : predicted.layers()) table.add_row(layer_cells(predictor, timed));
  table.print();
  const char* outside = predicted.is_corrected ? "; the network lies outside what the correction has learnt"
                                               : "; some layers lie outside what was learnt";
  std::printf("%s, batch %lld%s: %s ms (%s: %s)%s\n", predicted.network.name().c_str(),
              static_cast<long long>(predicted.network.batch()), predicted.is_corrected ? ", from end to end" : "",
              ms_text(time.total.mean_ms).c_str(), interval_name({time.interval_level}).c_str(),
              interval_text(time.total, time.interval_level).c_str(), time.in_domain ? "" : outside);
  if (predicted.is_corrected) {
    std::printf("sum of its layers: %s ms\n", ms_text(predicted.sum.total.mean_ms).c_str());
  }
  if (time.coverage.layers_fraction < 1) {
    std::printf("covered of layers, flops, bytes: %s\n", coverage_text(time.coverage).c_str());
  }
}

void predict_layer(const LayerTimePredictor& predictor, const PredictOptions& options) {
  const std::vector<LayerSpec> layers = {layer_from_json(options.layer, options.shape)};
  const LayerContext context{options.reuse_bytes};
  std::vector<LayerTime> times(1);
  Workspace workspace(predictor.workspace_bytes(1));
  predictor.predict(layers, context, times, workspace).throw_if_error();
  const std::string name = "layer";
  const TimedLayer timed{name, layers[0], times[0], context};
  if (options.json) {
    std::printf("%s\n", layer_json(predictor, timed).c_str());
    return;
  }
  TextTable table = layer_table(predictor, layers);
  table.add_row(layer_cells(predictor, timed));
  table.print();
}

void predict(const PredictOptions& options) {
  const LayerTimePredictor predictor = load_predictors(options.models);
  if (!options.layer.empty()) {
    predict_layer(predictor, options);
    return;
  }
  const PredictedNetwork predicted = predicted_network(predictor, options);
  if (options.json) {
    print_json(predictor, predicted);
  } else {
    print_text(predictor, predicted);
  }
}

}  // namespace

void add_predict_command(CLI::App& app) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App& command = *app.add_subcommand("predict", "Predict a network or one layer on the device of a predictor");
  command
      .add_option("--model", options->models,
                  "predictor file; once for each of several that know different kinds of layers")
      ->allow_extra_args(false)
      ->required();
  CLI::Option_group& what = *command.add_option_group("what", "What to predict");
  CLI::Option* network = what.add_option("--network", options->network,
                                         "built-in network (lenet, resnet50, ...) or a network's JSON file");
  CLI::Option* layer = what.add_option(
      "--layer", options->layer,
      R"(one layer as in a network's JSON, e.g. '{"kind":"conv2d","channels_out":64,"kernel":3,"pads":1}'; )"
      R"(one that takes several tensors names "input" for each, e.g. '{"kind":"add","inputs":["input","input"]}'; )"
      "takes --shape");
  what.require_option(1);
  CLI::Option* batch =
      command.add_option("--batch", options->batch, "batch size of the network (default: 1, or that of its file)")
          ->check(at_least(1));
  CLI::Option* shape =
      command
          .add_option("--shape", options->shape,
                      "shape of the tensor that goes into the layer: batch,channels,height,width, e.g. 1,3,224,224; "
                      "height and width are 1 after a dense layer")
          ->delimiter(',')
          ->expected(4)
          ->check(at_least(1));
  CLI::Option* reuse_bytes =
      command
          .add_option("--reuse-bytes", options->reuse_bytes,
                      "memory touched between two uses of the layer's weights; a network's follows from its layers")
          ->check(at_least(1))
          ->capture_default_str();
  CLI::Option* partial = command.add_flag(
      "--partial", options->partial,
      "layers of kinds that the predictor does not know count nothing, instead of being an error; see the coverage");
  CLI::Option* correction =
      command.add_option("--correction", options->correction,
                         "file of the correct command: the network's time from end to end instead of its layers' sum");
  correction->excludes(partial);
  layer->needs(shape)->excludes(batch)->excludes(partial)->excludes(correction);
  network->excludes(shape)->excludes(reuse_bytes);
  command.add_flag("--json", options->json, "print one JSON object");
  command.callback([options] { predict(*options); });
}

}  // namespace perfmodel::tools
