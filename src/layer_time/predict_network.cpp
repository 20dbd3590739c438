#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "layer_time/predictor_impl.h"
#include "perfmodel/layer_time/network_ends.h"

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

// What one model or another answers for, of all.
class CoveredShare {
 public:
  void add(double amount, bool is_covered) {
    total_ += amount;
    covered_ += is_covered ? amount : 0;
    all_ = all_ && is_covered;
  }
  double fraction() const { return all_ ? 1 : total_ > 0 ? covered_ / total_ : 0; }

 private:
  double total_ = 0, covered_ = 0;
  bool all_ = true;
};

Coverage coverage_of(const LayerTimePredictor& predictor, Span<const LayerSpec> layers) {
  CoveredShare count, flops, bytes;
  for (const LayerSpec& layer : layers) {
    const bool is_covered = predictor.knows(layer.kind);
    count.add(1, is_covered);
    flops.add(layer.flops(), is_covered);
    bytes.add(layer.input_bytes() + layer.output_bytes() + layer.weight_bytes(), is_covered);
  }
  return {count.fraction(), flops.fraction(), bytes.fraction()};
}

// Times of the layers that the predictor knows; of the others 0, out of domain.
std::vector<LayerTime> times_of_known(const LayerTimePredictor& predictor, Span<const LayerSpec> layers,
                                      double footprint_bytes) {
  std::vector<LayerSpec> known;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!predictor.knows(layers[i].kind)) continue;
    known.push_back(layers[i]);
    positions.push_back(i);
  }
  std::vector<LayerTime> known_times(known.size());
  Workspace workspace(predictor.workspace_bytes(known.size()));
  predictor.predict(known, LayerContext{footprint_bytes}, known_times, workspace).throw_if_error();
  std::vector<LayerTime> times(layers.size());
  for (LayerTime& time : times) time.in_domain = false;
  for (std::size_t i = 0; i < positions.size(); ++i) times[positions[i]] = known_times[i];
  return times;
}

// Predicts layers in the context of a program that touches `footprint_bytes` in one run, and adds them up.
NetworkTime add_up(const LayerTimePredictor& predictor, Span<const LayerSpec> layers, double footprint_bytes,
                   Span<const NetworkEnds> ends) {
  NetworkTime time;
  time.layers = times_of_known(predictor, layers, footprint_bytes);
  time.coverage = coverage_of(predictor, layers);
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

NetworkTime LayerTimePredictor::predict(const Network& network, UnknownKinds unknown) const {
  std::vector<std::string> names;
  for (const NetworkNode& node : network.nodes()) {
    if (unknown == UnknownKinds::kRefuse && !knows(node.layer.kind)) {
      throw Error(ErrorCode::kUnsupported, fmt::format("node '{}' of network '{}': no model for layer kind '{}'",
                                                       node.name, network.name(), layer_kind_name(node.layer.kind)));
    }
    names.push_back(node.name);
  }
  NetworkTime time = add_up(*this, network.layers(), network.footprint_bytes(), network_ends(network));
  time.names = std::move(names);
  return time;
}

NetworkTime LayerTimePredictor::predict_sequence(Span<const LayerSpec> layers) const {
  if (layers.empty()) throw Error(ErrorCode::kInvalidArgument, "a sequence of no layers takes no time to predict");
  double footprint_bytes = 0;
  std::vector<NetworkEnds> ends(layers.size());
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
