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

double interval_level(const LayerTimePredictor& predictor) {
  double level = 1;
  for (const LayerKind kind : predictor.kinds()) {
    const double own = predictor.model(kind, Phase::kExecution).info().interval_level;
    if (!(own > 0)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("the model for layer kind '{}' has no interval to add up", layer_kind_name(kind)));
    }
    level = std::min(level, own);
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

std::vector<double> layer_errors(const NetworkTime& time, const MeasuredNetwork& network) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const double error = relative_error(time.layers[i].execution(), network.layer_ms[i]);
    errors.push_back(std::clamp(error, -kLargestError, kLargestError));
  }
  return errors;
}

}  // namespace

NetworkInterval fit_network_interval(const LayerTimePredictor& predictor, Span<const MeasuredNetwork> networks) {
  if (predictor.environment().timing != LayerTiming::kTotal) {
    throw Error(ErrorCode::kUnsupported,
                "intervals of networks are fitted on whole calls, this predictor knows three phases");
  }
  const double level = interval_level(predictor);
  PairSums pairs;
  for (const MeasuredNetwork& network : networks) {
    pairs.add(network.layers, layer_errors(predictor.predict_sequence(network.layers), network));
  }
  NetworkInterval interval{pairs.correlation(), 1, networks.size()};
  if (networks.empty()) conformal_ratio({}, level);
  const LayerTimePredictor unscaled = predictor.with_network_interval(interval);
  std::vector<double> ratios;
  for (const MeasuredNetwork& network : networks) {
    const TimeEstimate total = unscaled.predict_sequence(network.layers).total;
    ratios.push_back(std::fabs(relative_error(total, network.total_ms())));
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
