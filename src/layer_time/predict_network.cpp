#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

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
    sides.is_used = true;
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
    const double above_ms = interval.scale * std::sqrt(above_squared);
    return {mean_ms_, std::fmax(0, mean_ms_ - below_ms),
            std::fmin(mean_ms_ + above_ms, std::numeric_limits<double>::max())};
  }

  // The least of the models whose terms were added.
  double interval_level(const LayerTimePredictor& predictor) const {
    constexpr double kAboveAll = 1;
    double least = kAboveAll;
    for (int k = 0; k < kNumLayerKinds; ++k) {
      const auto kind = static_cast<LayerKind>(k);
      if (!predictor.knows(kind)) continue;
      for (const Phase phase : told_phases(predictor.environment().timing)) {
        if (!sides_[static_cast<std::size_t>(k)][static_cast<std::size_t>(phase)].is_used) continue;
        least = std::min(least, predictor.model(kind, phase).info().interval_level);
      }
    }
    return least < kAboveAll ? least : 0;
  }

 private:
  struct Sides {
    Widths below, above;
    bool is_used = false;
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

Coverage coverage_of(const LayerTimePredictor& predictor, const LayerView& layers) noexcept {
  CoveredShare count, flops, bytes;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerSpec& layer = layers[i];
    const bool is_covered = predictor.knows(layer.kind);
    count.add(1, is_covered);
    flops.add(layer.flops(), is_covered);
    bytes.add(layer.input_bytes() + layer.output_bytes() + layer.weight_bytes(), is_covered);
  }
  return {count.fraction(), flops.fraction(), bytes.fraction()};
}

}  // namespace

NetworkTotal add_up(const LayerTimePredictor& predictor, const LayerView& layers, Span<const NetworkEnds> ends,
                    Span<const LayerTime> times) noexcept {
  NetworkTotal sum;
  sum.coverage = coverage_of(predictor, layers);
  TotalTime total;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerKind kind = layers[i].kind;
    if (ends[i].first) total.add(kind, Phase::kPreprocess, times[i].preprocess());
    total.add(kind, Phase::kExecution, times[i].execution());
    if (ends[i].last) total.add(kind, Phase::kPostprocess, times[i].postprocess());
    sum.in_domain = sum.in_domain && times[i].in_domain;
  }
  sum.total = total.result(predictor.network_interval());
  sum.interval_level = total.interval_level(predictor);
  return sum;
}

std::vector<NetworkEnds> sequence_ends(std::size_t count) {
  std::vector<NetworkEnds> ends(count);
  ends.front().first = ends.back().last = true;
  return ends;
}

std::size_t LayerTimePredictor::workspace_bytes(const Network& network) const noexcept {
  return workspace_bytes(network.nodes().size());
}

Status LayerTimePredictor::predict(const Network& network, UnknownKinds unknown, Span<LayerTime> out_layers,
                                   NetworkTotal& out_total, Workspace& workspace) const noexcept {
  const LayerView layers(network);
  if (out_layers.size() != layers.size()) {
    return {ErrorCode::kMismatch, -1, "one result per node is needed", -1, out_layers.size(), layers.size()};
  }
  if (layers.size() > 0 && out_layers.data() == nullptr) {
    return {ErrorCode::kInvalidArgument, -1, "out_layers is null"};
  }
  const std::size_t needed_bytes = workspace_bytes(network);
  if (workspace.size() < needed_bytes) {
    return {
        ErrorCode::kBufferTooSmall, -1,          "the workspace is smaller than workspace_bytes() of the network", -1,
        workspace.size(),           needed_bytes};
  }
  for (std::size_t i = 0; unknown == UnknownKinds::kRefuse && i < layers.size(); ++i) {
    if (knows(layers[i].kind)) continue;
    return {ErrorCode::kUnsupported, static_cast<std::ptrdiff_t>(i), "no model for the kind of this node's layer"};
  }
  constexpr LayerTime kSkipped = {{}, false};
  std::fill(out_layers.begin(), out_layers.end(), kSkipped);
  impl_->predict_known(layers, {network.footprint_bytes()}, out_layers, workspace);
  out_total = add_up(*this, layers, network.ends(), out_layers);
  return {};
}

NetworkTime LayerTimePredictor::predict(const Network& network, UnknownKinds unknown) const {
  NetworkTime time;
  time.layers.resize(network.nodes().size());
  Workspace workspace(workspace_bytes(network));
  const Status status = predict(network, unknown, time.layers, time, workspace);
  if (status.code == ErrorCode::kUnsupported) {
    const NetworkNode& node = network.nodes()[static_cast<std::size_t>(status.index)];
    throw Error(status.code, fmt::format("node '{}' of network '{}': no model for layer kind '{}'", node.name,
                                         network.name(), layer_kind_name(node.layer.kind)));
  }
  status.throw_if_error();
  for (const NetworkNode& node : network.nodes()) time.names.push_back(node.name);
  return time;
}

NetworkTime LayerTimePredictor::predict_sequence(Span<const LayerSpec> layers) const {
  if (layers.empty()) throw Error(ErrorCode::kInvalidArgument, "a sequence of no layers takes no time to predict");
  if (layers.data() == nullptr) throw Error(ErrorCode::kInvalidArgument, "layers is null");
  LayerContext context{0};
  NetworkTime time;
  for (const LayerSpec& layer : layers) {
    time.names.push_back(std::to_string(time.names.size() + 1));
    const auto reject = [&](ErrorCode code, const std::string& reason) {
      throw Error(code, fmt::format("layer {} of {}: {}", time.names.back(), layers.size(), reason));
    };
    if (const std::string reason = layer.why_invalid(); !reason.empty()) reject(ErrorCode::kInvalidArgument, reason);
    if (!knows(layer.kind)) {
      reject(ErrorCode::kUnsupported, fmt::format("no model for layer kind '{}'", layer_kind_name(layer.kind)));
    }
    context.reuse_bytes += layer.weight_bytes() + layer.output_bytes();
  }
  time.layers.resize(layers.size());
  Workspace workspace(workspace_bytes(layers.size()));
  predict(layers, context, time.layers, workspace).throw_if_error();
  static_cast<NetworkTotal&>(time) = add_up(*this, LayerView(layers), sequence_ends(layers.size()), time.layers);
  return time;
}

}  // namespace perfmodel
