#include "perfmodel/layer_time/layer_time_predictor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "layer_time/predictor_impl.h"

namespace perfmodel {
namespace {

void check_models(const LayerTimePredictor::KindModels& models) {
  const char* kind = layer_kind_name(models.kind);
  if (models.phases.size() != kNumPhases) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("layer kind '{}' has models for {} phases; it takes {}", kind,
                                                         models.phases.size(), kNumPhases));
  }
  if (takes_features(models)) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("the models for layer kind '{}' take different features, or others than those of set '{}'",
                          kind, feature_set_name(models.features)));
}

}  // namespace

bool takes_features(const LayerTimePredictor::KindModels& models) {
  const Model& first_model = models.phases.front();
  if (!LayerEncoder::knows(first_model, models.features, models.kind)) return false;
  const std::vector<FeatureInfo>& first = first_model.info().features;
  return std::all_of(models.phases.begin() + 1, models.phases.end(), [&](const Model& model) {
    const std::vector<FeatureInfo>& features = model.info().features;
    return std::equal(features.begin(), features.end(), first.begin(), first.end(),
                      [](const FeatureInfo& a, const FeatureInfo& b) { return a.name == b.name; });
  });
}

const char* phase_name(Phase phase) noexcept {
  switch (phase) {
    case Phase::kPreprocess:
      return "pre";
    case Phase::kExecution:
      return "exe";
    case Phase::kPostprocess:
      return "post";
  }
  return "unknown";
}

const char* layer_timing_name(LayerTiming timing) noexcept {
  switch (timing) {
    case LayerTiming::kPhases:
      return "phases";
    case LayerTiming::kTotal:
      return "total";
  }
  return "unknown";
}

const char* phase_name(Phase phase, LayerTiming timing) noexcept {
  return timing == LayerTiming::kTotal && phase == Phase::kExecution ? "total" : phase_name(phase);
}

Span<const Phase> told_phases(LayerTiming timing) noexcept {
  static constexpr Phase kAll[] = {Phase::kPreprocess, Phase::kExecution, Phase::kPostprocess};
  static constexpr Phase kCall[] = {Phase::kExecution};
  if (timing == LayerTiming::kTotal) return {kCall, std::size(kCall)};
  return {kAll, std::size(kAll)};
}

const LayerTimePredictor::KindModels& LayerTimePredictor::Impl::at(LayerKind kind) const {
  if (const KindModels* found = find(kind)) return *found;
  std::vector<const char*> known;
  for (const KindModels& each : models) known.push_back(layer_kind_name(each.kind));
  throw Error(ErrorCode::kUnsupported, fmt::format("no model for layer kind '{}'; this predictor knows: {}",
                                                   layer_kind_name(kind), fmt::join(known, ", ")));
}

LayerTimePredictor::LayerTimePredictor(Environment environment, std::vector<KindModels> models, TrainingInfo training) {
  if (environment.num_threads < 1 || environment.num_threads > Environment::kMaxThreads) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("num_threads is {}, allowed are 1 to {}",
                                                         environment.num_threads, Environment::kMaxThreads));
  }
  const int timing = static_cast<int>(environment.timing);
  if (timing < 0 || timing >= kNumLayerTimings) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("timing is {}, allowed are 0 (phases) and 1 (total)", timing));
  }
  auto impl = std::make_shared<Impl>();
  impl->environment = std::move(environment);
  impl->training = training;
  impl->models = std::move(models);
  if (impl->models.empty())
    throw Error(ErrorCode::kInvalidArgument, "a predictor needs the models of one layer kind at least");
  for (const KindModels& each : impl->models) {
    const auto index = static_cast<std::size_t>(each.kind);
    if (index >= impl->by_kind.size()) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("layer kind {} is not known; there are 0 to {}", index, kNumLayerKinds - 1));
    }
    if (impl->by_kind[index] != nullptr) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("layer kind '{}' is there twice", layer_kind_name(each.kind)));
    }
    check_models(each);
    impl->by_kind[index] = &each;
    impl->encoders.emplace_back(each.phases.front(), each.features, each.kind);
  }
  impl_ = std::move(impl);
}

const Environment& LayerTimePredictor::environment() const noexcept {
  return impl_->environment;
}

const TrainingInfo& LayerTimePredictor::training() const noexcept {
  return impl_->training;
}

bool LayerTimePredictor::knows(LayerKind kind) const noexcept {
  return impl_->find(kind) != nullptr;
}

std::vector<LayerKind> LayerTimePredictor::kinds() const {
  std::vector<LayerKind> kinds;
  for (const KindModels& each : impl_->models) kinds.push_back(each.kind);
  return kinds;
}

FeatureSet LayerTimePredictor::features(LayerKind kind) const {
  return impl_->at(kind).features;
}

const Model& LayerTimePredictor::model(LayerKind kind, Phase phase) const {
  return impl_->at(kind).phases[static_cast<std::size_t>(phase)];
}

}  // namespace perfmodel
