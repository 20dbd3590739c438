#include "end_to_end.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "perfmodel/core/error.h"
#include "train_report.h"

namespace perfmodel::tools {
namespace {

// Of what is predicted, network by network.
class Intervals {
 public:
  void add(const NetworkTime& time, double measured_ms) {
    const TimeEstimate& total = time.total;
    level_ = std::min(level_, time.interval_level);
    num_inside_ += measured_ms >= total.lower_ms && measured_ms <= total.upper_ms ? 1 : 0;
    num_in_domain_ += time.in_domain ? 1 : 0;
    if (total.mean_ms > 0) width_pct_ += 100 * (total.upper_ms - total.lower_ms) / total.mean_ms;
    ++count_;
  }

  void report(EndToEndErrors& errors) const {
    errors.interval_level = level_;
    errors.in_domain_pct = 100 * num_in_domain_ / count_;
    if (level_ <= 0) return;
    errors.interval_coverage_pct = 100 * num_inside_ / count_;
    errors.interval_width_pct = width_pct_ / count_;
  }

 private:
  double level_ = 1, num_inside_ = 0, num_in_domain_ = 0, width_pct_ = 0, count_ = 0;
};

}  // namespace

KnownNetworks known_networks(const LayerTimePredictor& predictor, const std::vector<TimedNetwork>& networks,
                             std::vector<Skipped>& skipped) {
  KnownNetworks known;
  std::vector<Skipped> without_model;
  for (const TimedNetwork& network : networks) {
    const auto unknown = std::find_if(network.layers.begin(), network.layers.end(),
                                      [&](const LayerSpec& layer) { return !predictor.knows(layer.kind); });
    if (unknown == network.layers.end()) {
      known.networks.push_back(network);
      continue;
    }
    count_skipped(without_model, "no model for layer kind '" + short_kind_name(unknown->kind) + "'");
    known.unknown.push_back(network.name);
  }
  if (known.networks.empty()) {
    throw Error(ErrorCode::kUnsupported,
                "none of the table's networks can be predicted: " + skipped_text(without_model));
  }
  skipped.insert(skipped.end(), without_model.begin(), without_model.end());
  return known;
}

void warn_of_unknown(const std::string& path, const KnownNetworks& known) {
  constexpr std::size_t kNamed = 10;
  if (known.unknown.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(kNamed, known.unknown.size()); ++i) {
    names += (i == 0 ? "" : ", ") + known.unknown[i];
  }
  if (known.unknown.size() > kNamed) names += " and " + std::to_string(known.unknown.size() - kNamed) + " more";
  std::fprintf(stderr, "%s: networks without a model for a layer: %s\n", path.c_str(), names.c_str());
}

std::vector<EndToEndNetwork> predict_end_to_end(const LayerTimePredictor& predictor,
                                                const NetworkCorrection* correction,
                                                const std::vector<TimedNetwork>& networks) {
  std::vector<EndToEndNetwork> predicted;
  for (const TimedNetwork& network : networks) {
    const NetworkTime sum = predictor.predict_sequence(network.layers);
    const bool is_corrected = correction != nullptr;
    predicted.push_back(
        {&network, sum, is_corrected ? correction->predict(predictor, network.layers) : sum, is_corrected});
  }
  return predicted;
}

EndToEndErrors end_to_end_errors(const std::vector<EndToEndNetwork>& networks, double one_factor) {
  EndToEndErrors errors;
  errors.one_factor = one_factor;
  if (networks.empty()) return errors;
  errors.is_corrected = networks.front().is_corrected;
  std::vector<double> measured_ms, sums_ms, scaled_ms, predicted_ms;
  Intervals intervals;
  for (const EndToEndNetwork& network : networks) {
    intervals.add(network.predicted, network.measured->time_ms);
    measured_ms.push_back(network.measured->time_ms);
    sums_ms.push_back(network.sum.total.mean_ms);
    scaled_ms.push_back(one_factor * sums_ms.back());
    predicted_ms.push_back(network.predicted.total.mean_ms);
  }
  errors.sum_mape_pct = mape_pct(measured_ms, sums_ms);
  if (std::isfinite(one_factor)) errors.one_factor_mape_pct = mape_pct(measured_ms, scaled_ms);
  errors.predicted = compare(measured_ms, predicted_ms);
  intervals.report(errors);
  return errors;
}

}  // namespace perfmodel::tools
