#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "layer_time/predictor_impl.h"

namespace perfmodel {
namespace {

// Half-widths of one model's terms: their sum and that of their squares.
struct Widths {
  double sum_ms = 0, squares_ms2 = 0;

  void add(double width_ms) {
    sum_ms += width_ms;
    squares_ms2 += width_ms * width_ms;
  }
  double squared(double correlation) const { return (1 - correlation) * squares_ms2 + correlation * sum_ms * sum_ms; }
};

// Adds up terms of equation 2, and their half-widths as NetworkInterval says.
class TotalTime {
 public:
  void add(LayerKind kind, Phase phase, const TimeEstimate& term) {
    Sides& sides = sides_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(phase)];
    mean_ms_ += term.mean_ms;
    sides.below.add(term.mean_ms - term.lower_ms);
    sides.above.add(term.upper_ms - term.mean_ms);
  }

  TimeEstimate result(const NetworkInterval& interval) const {
    double below_squared = 0, above_squared = 0;
    for (const auto& phases : sides_) {
      for (const Sides& sides : phases) {
        below_squared += sides.below.squared(interval.correlation);
        above_squared += sides.above.squared(interval.correlation);
      }
    }
    const double below_ms = interval.scale * std::sqrt(below_squared);
    return {mean_ms_, std::fmax(0, mean_ms_ - below_ms), mean_ms_ + interval.scale * std::sqrt(above_squared)};
  }

 private:
  struct Sides {
    Widths below, above;
  };
  double mean_ms_ = 0;
  std::array<std::array<Sides, kNumPhases>, kNumLayerKinds> sides_{};
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

// Which terms besides its execution a layer brings into the total.
struct Ends {
  bool first = false, last = false;
};

// Predicts layers in the context of a program that touches `footprint_bytes` in one run, and adds them up.
NetworkTime add_up(const LayerTimePredictor& predictor, Span<const LayerSpec> layers, double footprint_bytes,
                   Span<const Ends> ends) {
  NetworkTime time;
  time.layers.resize(layers.size());
  Workspace workspace(predictor.workspace_bytes(layers.size()));
  predictor.predict(layers, LayerContext{footprint_bytes}, time.layers, workspace).throw_if_error();
  TotalTime total;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerKind kind = layers[i].kind;
    const LayerTime& layer = time.layers[i];
    if (ends[i].first) total.add(kind, Phase::kPreprocess, layer.preprocess());
    total.add(kind, Phase::kExecution, layer.execution());
    if (ends[i].last) total.add(kind, Phase::kPostprocess, layer.postprocess());
    time.in_domain = time.in_domain && layer.in_domain;
  }
  time.total = total.result(predictor.network_interval());
  return time;
}

}  // namespace

NetworkTime LayerTimePredictor::predict(const Network& network) const {
  const std::set<std::string> read = names_that_are_read(network);
  std::vector<Ends> ends;
  std::vector<std::string> names;
  for (const NetworkNode& node : network.nodes()) {
    if (!knows(node.layer.kind)) {
      throw Error(ErrorCode::kUnsupported, fmt::format("node '{}' of network '{}': no model for layer kind '{}'",
                                                       node.name, network.name(), layer_kind_name(node.layer.kind)));
    }
    ends.push_back({reads_network_input(network, node), read.count(node.name) == 0});
    names.push_back(node.name);
  }
  NetworkTime time = add_up(*this, network.layers(), network.footprint_bytes(), ends);
  time.names = std::move(names);
  return time;
}

NetworkTime LayerTimePredictor::predict_sequence(Span<const LayerSpec> layers) const {
  if (layers.empty()) throw Error(ErrorCode::kInvalidArgument, "a sequence of no layers takes no time to predict");
  double footprint_bytes = 0;
  std::vector<Ends> ends(layers.size());
  std::vector<std::string> names;
  for (const LayerSpec& layer : layers) {
    names.push_back(std::to_string(names.size() + 1));
    if (!knows(layer.kind)) {
      throw Error(ErrorCode::kUnsupported, fmt::format("layer {} of {}: no model for layer kind '{}'", names.back(),
                                                       layers.size(), layer_kind_name(layer.kind)));
    }
    layer.validate();
    footprint_bytes += layer.weight_bytes() + layer.output_bytes();
  }
  ends.front().first = ends.back().last = true;
  NetworkTime time = add_up(*this, layers, footprint_bytes, ends);
  time.names = std::move(names);
  return time;
}

}  // namespace perfmodel
