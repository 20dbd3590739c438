#include <cstdio>
#include <memory>

#include "commands.h"
#include "coverage_text.h"
#include "interval.h"
#include "json_line.h"
#include "network_source.h"
#include "number_checks.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

struct PredictOptions {
  std::string model;
  std::string network;
  std::string layer;
  std::vector<std::int64_t> shape = {1, 1, 1, 1};
  std::int64_t batch = 0;
  double reuse_bytes = LayerContext{}.reuse_bytes;
  bool partial = false;
  bool json = false;
};

std::string layer_json(const LayerTimePredictor& predictor, const std::string& name, const LayerSpec& layer,
                       const LayerTime& time) {
  JsonObject line;
  line.add("name", name).add("layer", describe(layer));
  const LayerTiming timing = predictor.environment().timing;
  for (const Phase phase : told_phases(timing)) {
    line.add_json(phase_name(phase, timing),
                  estimate_json(time.phase[static_cast<int>(phase)], interval_level(predictor, layer.kind, phase)));
  }
  return line.add("in_domain", time.in_domain).text();
}

std::vector<std::string> layer_cells(const LayerTimePredictor& predictor, const std::string& name,
                                     const LayerSpec& layer, const LayerTime& time) {
  std::vector<std::string> cells = {name + "  " + describe(layer)};
  for (const Phase phase : told_phases(predictor.environment().timing)) {
    cells.push_back(ms_text(time.phase[static_cast<int>(phase)].mean_ms));
  }
  cells.push_back(interval_text(time.execution(), interval_level(predictor, layer.kind, Phase::kExecution)));
  cells.push_back(time.in_domain ? "" : predictor.knows(layer.kind) ? "outside what was learnt" : "no model");
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

void predict_network(const LayerTimePredictor& predictor, const PredictOptions& options) {
  const Network network = network_named(options.network, options.batch);
  const NetworkTime time = predictor.predict(network, options.partial ? UnknownKinds::kSkip : UnknownKinds::kRefuse);
  const double level = time.interval_level;
  if (options.json) {
    std::vector<std::string> layers;
    for (std::size_t i = 0; i < time.layers.size(); ++i) {
      layers.push_back(layer_json(predictor, time.names[i], network.nodes()[i].layer, time.layers[i]));
    }
    JsonObject line;
    line.add("network", network.name()).add("batch", network.batch());
    line.add_json("total", estimate_json(time.total, level));
    line.add_json("coverage", coverage_json(time.coverage));
    line.add("in_domain", time.in_domain).add_json("layers", json_array(layers));
    std::printf("%s\n", line.text().c_str());
    return;
  }
  TextTable table = layer_table(predictor, network.layers());
  for (std::size_t i = 0; i < time.layers.size(); ++i) {
    table.add_row(layer_cells(predictor, time.names[i], network.nodes()[i].layer, time.layers[i]));
  }
  table.print();
  std::printf("%s, batch %lld: %s ms (%s: %s)%s\n", network.name().c_str(), static_cast<long long>(network.batch()),
              ms_text(time.total.mean_ms).c_str(), interval_name({level}).c_str(),
              interval_text(time.total, level).c_str(),
              time.in_domain ? "" : "; some layers lie outside what was learnt");
  if (time.coverage.layers_fraction < 1) {
    std::printf("covered of layers, flops, bytes: %s\n", coverage_text(time.coverage).c_str());
  }
}

void predict_layer(const LayerTimePredictor& predictor, const PredictOptions& options) {
  const std::vector<LayerSpec> layers = {layer_from_json(options.layer, options.shape)};
  std::vector<LayerTime> times(1);
  Workspace workspace(predictor.workspace_bytes(1));
  predictor.predict(layers, LayerContext{options.reuse_bytes}, times, workspace).throw_if_error();
  if (options.json) {
    std::printf("%s\n", layer_json(predictor, "layer", layers[0], times[0]).c_str());
    return;
  }
  TextTable table = layer_table(predictor, layers);
  table.add_row(layer_cells(predictor, "layer", layers[0], times[0]));
  table.print();
}

void predict(const PredictOptions& options) {
  const LayerTimePredictor predictor = LayerTimePredictor::load(options.model);
  if (options.layer.empty()) {
    predict_network(predictor, options);
  } else {
    predict_layer(predictor, options);
  }
}

}  // namespace

void add_predict_command(CLI::App& app) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App& command = *app.add_subcommand("predict", "Predict a network or one layer on the device of a predictor");
  command.add_option("--model", options->model, "predictor file")->required();
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
  layer->needs(shape)->excludes(batch)->excludes(partial);
  network->excludes(shape)->excludes(reuse_bytes);
  command.add_flag("--json", options->json, "print one JSON object");
  command.callback([options] { predict(*options); });
}

}  // namespace perfmodel::tools
