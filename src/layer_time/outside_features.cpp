#include "perfmodel/layer_time/outside_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "layer_time/layer_encoder.h"
#include "layer_time/predictor_impl.h"

namespace perfmodel {
namespace {

// How far the value lies from the range: 0 at its end.
double distance(const OutsideFeature& outside) {
  const auto& [feature, value] = outside;
  const double end = value < feature.minimum ? feature.minimum : feature.maximum;
  if (value > 0 && end > 0) return std::abs(std::log(value / end));
  const double width = feature.maximum - feature.minimum;
  return width > 0 ? std::abs(value - end) / width : std::numeric_limits<double>::infinity();
}

bool is_listed(const std::vector<OutsideFeature>& all, const std::string& name) {
  return std::any_of(all.begin(), all.end(), [&](const OutsideFeature& each) { return each.feature.name == name; });
}

}  // namespace

std::vector<OutsideFeature> outside_features(const LayerTimePredictor& predictor, const LayerSpec& layer,
                                             const LayerContext& context) {
  layer.validate();
  if (!(context.reuse_bytes > 0) || !std::isfinite(context.reuse_bytes)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("reuse_bytes is {}, must be finite and > 0", context.reuse_bytes));
  }
  const FeatureSet set = predictor.features(layer.kind);
  const LayerTiming timing = predictor.environment().timing;
  const LayerContext seen = timing == LayerTiming::kTotal ? kCallContext : context;
  std::vector<OutsideFeature> outside;
  for (const Phase phase : told_phases(timing)) {
    const Model& model = predictor.model(layer.kind, phase);
    std::vector<double> row(model.num_features());
    LayerEncoder(model, set, layer.kind).encode(layer, seen, row);
    for (std::size_t j = 0; j < row.size(); ++j) {
      const FeatureInfo& feature = model.info().features[j];
      if (!feature.contains(row[j]) && !is_listed(outside, feature.name)) outside.push_back({feature, row[j]});
    }
  }
  std::stable_sort(outside.begin(), outside.end(),
                   [](const OutsideFeature& a, const OutsideFeature& b) { return distance(a) > distance(b); });
  return outside;
}

std::string describe(const OutsideFeature& outside) {
  const FeatureInfo& feature = outside.feature;
  return fmt::format("{} {:.3g}, learnt from {:.3g} to {:.3g}", feature.name, outside.value, feature.minimum,
                     feature.maximum);
}

}  // namespace perfmodel
