#include "perfmodel/layer_time/network_correction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "layer_time/network_correction_impl.h"
#include "layer_time/network_facts.h"
#include "layer_time/same_environment.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// A network's sum and its time from end to end.
struct TimedSum {
  NetworkTime sum;
  double factor = 1;
};

TimedSum timed_sum(const LayerTimePredictor& predictor, const TimedNetwork& network) {
  const auto reject = [&network](const std::string& says) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("network '{}': {}", network.name, says));
  };
  if (!(network.time_ms > 0)) reject(fmt::format("its time is {} ms, allowed are times above 0", network.time_ms));
  TimedSum timed;
  try {
    timed.sum = predictor.predict_sequence(network.layers);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("network '{}': {}", network.name, error.what()));
  }
  if (!(timed.sum.total.mean_ms > 0)) reject("its layers are predicted to take no time");
  timed.factor = network.time_ms / timed.sum.total.mean_ms;
  return timed;
}

void require_networks(Span<const TimedNetwork> networks) {
  if (networks.empty()) throw Error(ErrorCode::kInvalidArgument, "no timed networks to fit a correction on");
}

}  // namespace

NetworkCorrection::NetworkCorrection(Environment environment, Model factor)
    : impl_(std::make_shared<const Impl>(Impl{std::move(environment), std::move(factor), {}})) {
  const std::vector<std::string>& names = network_fact_names();
  std::vector<std::size_t> positions;
  for (const FeatureInfo& feature : impl_->factor.info().features) {
    const auto found = std::find(names.begin(), names.end(), feature.name);
    if (found == names.end()) {
      throw Error(ErrorCode::kMismatch,
                  fmt::format("'{}' is no fact of a network that corrections take", feature.name));
    }
    positions.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  impl_ = std::make_shared<const Impl>(Impl{impl_->environment, impl_->factor, std::move(positions)});
}

const Environment& NetworkCorrection::environment() const noexcept {
  return impl_->environment;
}

const Model& NetworkCorrection::model() const noexcept {
  return impl_->factor;
}

NetworkTime NetworkCorrection::predict(const LayerTimePredictor& predictor, Span<const LayerSpec> layers) const {
  require_same_environment(impl_->environment, predictor.environment(), "a correction and a predictor");
  NetworkTime time = predictor.predict_sequence(layers);
  const double sum_ms = time.total.mean_ms;
  if (!(sum_ms > 0)) throw Error(ErrorCode::kInvalidArgument, "the layers are predicted to take no time");
  const std::vector<double> facts = network_facts(layers, time);
  std::vector<double> row;
  for (const std::size_t position : impl_->positions) row.push_back(facts[position]);
  Prediction factor;
  Workspace workspace(impl_->factor.workspace_bytes(1));
  impl_->factor.predict({row.data(), 1, row.size()}, {&factor, 1}, workspace).throw_if_error();
  const double mean = std::max(factor.mean, 0.0);
  time.total = {sum_ms * mean, sum_ms * std::clamp(factor.lower, 0.0, mean), sum_ms * std::max(factor.upper, mean)};
  if (!std::isfinite(time.total.upper_ms)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the factor is up to {} of a sum of {} ms, which is no time", factor.upper, sum_ms));
  }
  time.in_domain = factor.in_domain;
  time.interval_level = impl_->factor.info().interval_level;
  return time;
}

NetworkCorrection fit_network_correction(const LayerTimePredictor& predictor, Span<const TimedNetwork> networks,
                                         const Learner& learner, const FitOptions& options) {
  require_networks(networks);
  Dataset data(network_fact_names(), "factor");
  for (const TimedNetwork& network : networks) {
    const TimedSum timed = timed_sum(predictor, network);
    data.add_row(network_facts(network.layers, timed.sum), timed.factor);
  }
  return NetworkCorrection(predictor.environment(), learner.fit(data, options));
}

double fit_one_factor(const LayerTimePredictor& predictor, Span<const TimedNetwork> networks) {
  require_networks(networks);
  std::vector<double> factors;
  for (const TimedNetwork& network : networks) factors.push_back(timed_sum(predictor, network).factor);
  std::sort(factors.begin(), factors.end());
  const auto weight_to = [](double sum, double factor) { return sum + 1 / factor; };
  const double half = std::accumulate(factors.begin(), factors.end(), 0.0, weight_to) / 2;
  double weight = 0;
  for (const double factor : factors) {
    weight += 1 / factor;
    if (weight >= half) return factor;
  }
  return factors.back();
}

}  // namespace perfmodel
