#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>
#include <string>

#include "layer_time/predictor_impl.h"

namespace perfmodel {
namespace {

// Adds up terms of equation 2. Half-widths of one model's terms are summed, those of different models by squares.
class TotalTime {
 public:
  void add(LayerKind kind, Phase phase, const TimeEstimate& term) {
    Widths& widths = widths_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(phase)];
    mean_ms_ += term.mean_ms;
    widths.below_ms += term.mean_ms - term.lower_ms;
    widths.above_ms += term.upper_ms - term.mean_ms;
  }

  TimeEstimate result() const {
    double below_squared = 0, above_squared = 0;
    for (const auto& phases : widths_) {
      for (const Widths& widths : phases) {
        below_squared += widths.below_ms * widths.below_ms;
        above_squared += widths.above_ms * widths.above_ms;
      }
    }
    return {mean_ms_, std::fmax(0, mean_ms_ - std::sqrt(below_squared)), mean_ms_ + std::sqrt(above_squared)};
  }

 private:
  struct Widths {
    double below_ms = 0, above_ms = 0;
  };
  double mean_ms_ = 0;
  std::array<std::array<Widths, kNumPhases>, kNumLayerKinds> widths_{};
};

std::set<std::string> names_that_are_read(const Network& network) {
  std::set<std::string> names;
  for (const NetworkNode& node : network.nodes()) names.insert(node.inputs.begin(), node.inputs.end());
  return names;
}

bool reads_network_input(const Network& network, const NetworkNode& node) {
  for (const NetworkInput& input : network.inputs()) {
    for (const std::string& name : node.inputs) {
      if (name == input.name) return true;
    }
  }
  return false;
}

}  // namespace

NetworkTime LayerTimePredictor::predict(const Network& network) const {
  const std::vector<NetworkNode>& nodes = network.nodes();
  for (const NetworkNode& node : nodes) {
    if (knows(node.layer.kind)) continue;
    throw Error(ErrorCode::kUnsupported, fmt::format("node '{}' of network '{}': no model for layer kind '{}'",
                                                     node.name, network.name(), layer_kind_name(node.layer.kind)));
  }
  NetworkTime time;
  time.layers.resize(nodes.size());
  Workspace workspace(workspace_bytes(nodes.size()));
  predict(network.layers(), LayerContext{network.footprint_bytes()}, time.layers, workspace).throw_if_error();

  TotalTime total;
  const std::set<std::string> read = names_that_are_read(network);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const LayerKind kind = nodes[i].layer.kind;
    const LayerTime& layer = time.layers[i];
    if (reads_network_input(network, nodes[i])) total.add(kind, Phase::kPreprocess, layer.preprocess());
    total.add(kind, Phase::kExecution, layer.execution());
    if (read.count(nodes[i].name) == 0) total.add(kind, Phase::kPostprocess, layer.postprocess());
    time.names.push_back(nodes[i].name);
    time.in_domain = time.in_domain && layer.in_domain;
  }
  time.total = total.result();
  return time;
}

}  // namespace perfmodel
