#include "perfmodel/layer_time/network_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "layer_time/predictor_impl.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// Errors beyond so many half-widths count as so many: one layer that somebody mistimed says little of the others.
constexpr double kLargestError = 3;

// How far `measured_ms` is off, in half-widths of the side it is on.
double relative_error(const TimeEstimate& time, double measured_ms) {
  const double error_ms = measured_ms - time.mean_ms;
  if (error_ms == 0) return 0;
  return error_ms / (error_ms > 0 ? time.upper_ms - time.mean_ms : time.mean_ms - time.lower_ms);
}

// Sums over pairs of layers of one kind in one network, for their errors' correlation.
struct PairSums {
  double products = 0, squares = 0;

  void add(Span<const LayerSpec> layers, const std::vector<double>& errors) {
    std::array<double, kNumLayerKinds> count{}, sum{}, square{};
    for (std::size_t i = 0; i < errors.size(); ++i) {
      const auto kind = static_cast<std::size_t>(layers[i].kind);
      count[kind] += 1;
      sum[kind] += errors[i];
      square[kind] += errors[i] * errors[i];
    }
    for (std::size_t kind = 0; kind < count.size(); ++kind) {
      products += sum[kind] * sum[kind] - square[kind];
      squares += (count[kind] - 1) * square[kind];
    }
  }
  double correlation() const { return squares > 0 ? std::clamp(products / squares, 0.0, 1.0) : 1; }
};

// The least of all models that answer a network.
double interval_level(const LayerTimePredictor& predictor) {
  const LayerTiming timing = predictor.environment().timing;
  double level = 1;
  for (const LayerKind kind : predictor.kinds()) {
    for (const Phase phase : told_phases(timing)) {
      const double own = predictor.model(kind, phase).info().interval_level;
      if (!(own > 0)) {
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("the model for layer kind '{}', phase {}, has no interval to add up",
                                layer_kind_name(kind), phase_name(phase, timing)));
      }
      level = std::min(level, own);
    }
  }
  return level;
}

// The ratio that `level` of such ratios do not exceed.
double conformal_ratio(std::vector<double> ratios, double level) {
  const double rank = std::ceil(level * static_cast<double>(ratios.size() + 1) * (1 - 1e-12));
  if (rank > static_cast<double>(ratios.size())) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} networks are too few for intervals at level {}, it takes {}", ratios.size(), level,
                            std::ceil(level / (1 - level) * (1 - 1e-12))));
  }
  const auto at = ratios.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(ratios.begin(), at, ratios.end());
  return *at;
}

void check_network(const MeasuredNetwork& network, LayerTiming timing) {
  const auto reject = [&network](ErrorCode code, const std::string& says) {
    throw Error(code, fmt::format("network '{}': {}", network.name, says));
  };
  if (network.timing != timing) {
    reject(ErrorCode::kMismatch, fmt::format("its times are '{}', those of the predictor '{}'",
                                             layer_timing_name(network.timing), layer_timing_name(timing)));
  }
  const std::size_t num_layers = network.layers.size(), num_contexts = network.contexts.size();
  if (num_layers == 0 || network.layer_ms.size() != num_layers || (num_contexts != 0 && num_contexts != num_layers)) {
    reject(ErrorCode::kInvalidArgument,
           fmt::format("{} layers, {} times and {} contexts; one or more layers with a time each are needed, and none "
                       "or all contexts",
                       num_layers, network.layer_ms.size(), num_contexts));
  }
}

// Times of its layers, each in the context that it was timed in.
std::vector<LayerTime> predict_layers(const LayerTimePredictor& predictor, const MeasuredNetwork& network) {
  if (network.contexts.empty()) return predictor.predict_sequence(network.layers).layers;
  std::vector<LayerTime> times(network.layers.size());
  Workspace workspace(predictor.workspace_bytes(1));
  for (std::size_t i = 0; i < times.size(); ++i) {
    predictor.predict({&network.layers[i], 1}, network.contexts[i], {&times[i], 1}, workspace).throw_if_error();
  }
  return times;
}

std::vector<double> layer_errors(const std::vector<LayerTime>& times, const MeasuredNetwork& network) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double error = relative_error(times[i].execution(), network.layer_ms[i]);
    errors.push_back(std::clamp(error, -kLargestError, kLargestError));
  }
  return errors;
}

}  // namespace

NetworkInterval fit_network_interval(const LayerTimePredictor& predictor, Span<const MeasuredNetwork> networks) {
  const double level = interval_level(predictor);
  if (networks.empty()) conformal_ratio({}, level);
  PairSums pairs;
  std::vector<std::vector<LayerTime>> times;
  for (const MeasuredNetwork& network : networks) {
    check_network(network, predictor.environment().timing);
    times.push_back(predict_layers(predictor, network));
    pairs.add(network.layers, layer_errors(times.back(), network));
  }
  NetworkInterval interval{pairs.correlation(), 1, networks.size()};
  const LayerTimePredictor unscaled = predictor.with_network_interval(interval);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const MeasuredNetwork& network = networks[i];
    const NetworkTotal sum =
        add_up(unscaled, LayerView(network.layers), sequence_ends(network.layers.size()), times[i]);
    ratios.push_back(std::fabs(relative_error(sum.total, network.total_ms())));
  }
  const double ratio = conformal_ratio(std::move(ratios), level);
  if (ratio > 0 && std::isfinite(ratio)) interval.scale = ratio;
  return interval;
}

const NetworkInterval& LayerTimePredictor::network_interval() const noexcept {
  return impl_->network_interval;
}

LayerTimePredictor LayerTimePredictor::with_network_interval(const NetworkInterval& interval) const {
  const bool is_correlation = interval.correlation >= 0 && interval.correlation <= 1;
  if (!is_correlation || !(interval.scale > 0) || !std::isfinite(interval.scale) || interval.num_networks == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("an interval of networks with correlation {}, scale {}, fitted on {} networks; allowed are "
                            "0 to 1, above 0, 1 or more",
                            interval.correlation, interval.scale, interval.num_networks));
  }
  auto impl = std::make_shared<Impl>(*impl_);
  impl->network_interval = interval;
  for (const KindModels& each : impl->models) impl->by_kind[static_cast<std::size_t>(each.kind)] = &each;
  LayerTimePredictor other = *this;
  other.impl_ = std::move(impl);
  return other;
}

}  // namespace perfmodel
