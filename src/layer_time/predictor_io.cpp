#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/archive.h"
#include "core/file.h"
#include "core/json.h"
#include "layer_time/environment_json.h"
#include "layer_time/predictor_impl.h"
#include "learner/model_io.h"

namespace perfmodel {
namespace {

using nlohmann::json;
using KindModels = LayerTimePredictor::KindModels;

constexpr const char* kWhere = "predictor file";
constexpr char kMetadataKey[] = "predictor";

// Tensors of the model for one kind and phase, e.g. "conv2d/exe".
std::string tensor_path(LayerKind kind, int phase) {
  return fmt::format("{}/{}", layer_kind_name(kind), phase_name(static_cast<Phase>(phase)));
}

json to_json(const TrainingInfo& training) {
  json noise_floor;  // null when unknown
  if (std::isfinite(training.noise_floor_pct)) noise_floor = training.noise_floor_pct;
  return {{"noise_floor_pct", noise_floor}, {"num_layers", training.num_layers}, {"num_failed", training.num_failed}};
}

TrainingInfo training_from_json(const json& value) {
  const ErrorCode code = ErrorCode::kCorrupt;
  require_keys(value, {"noise_floor_pct", "num_layers", "num_failed"}, kWhere, code);
  TrainingInfo training;
  if (!member_at(value, "noise_floor_pct", kWhere, code).is_null()) {
    training.noise_floor_pct = number_at(value, "noise_floor_pct", kWhere, code);
  }
  training.num_layers = size_at(value, "num_layers", kWhere, code);
  training.num_failed = size_at(value, "num_failed", kWhere, code);
  return training;
}

json to_json(const NetworkInterval& interval) {
  return {{"correlation", interval.correlation}, {"scale", interval.scale}, {"num_networks", interval.num_networks}};
}

NetworkInterval interval_from_json(const json& value) {
  const ErrorCode code = ErrorCode::kCorrupt;
  require_keys(value, {"correlation", "scale", "num_networks"}, kWhere, code);
  return {number_at(value, "correlation", kWhere, code), number_at(value, "scale", kWhere, code),
          size_at(value, "num_networks", kWhere, code)};
}

KindModels models_from_json(const json& value, const ArchiveReader& archive) {
  const ErrorCode code = ErrorCode::kCorrupt;
  require_keys(value, {"kind", "features", "phases"}, kWhere, code);
  KindModels models{parse_layer_kind(string_at(value, "kind", kWhere, code)),
                    parse_feature_set(string_at(value, "features", kWhere, code)),
                    {}};
  const json& phases = array_at(value, "phases", kWhere, code);
  if (phases.size() != kNumPhases) {
    throw Error(code, fmt::format("{}: layer kind '{}' has {} phases, not {}", kWhere, layer_kind_name(models.kind),
                                  phases.size(), kNumPhases));
  }
  for (int phase = 0; phase < kNumPhases; ++phase) {
    const std::string path = tensor_path(models.kind, phase);
    models.phases.push_back(read_model(phases[static_cast<std::size_t>(phase)], archive, path));
  }
  if (!takes_features(models)) {
    throw Error(ErrorCode::kVersion,
                fmt::format("{}: the models for layer kind '{}' take features that this build does not compute for set "
                            "'{}', or differ in them; fit it anew",
                            kWhere, layer_kind_name(models.kind), feature_set_name(models.features)));
  }
  return models;
}

LayerTimePredictor predictor_from(const ArchiveReader& archive) {
  const ErrorCode code = ErrorCode::kCorrupt;
  const json value = parse_json(archive.content(kMetadataKey), kWhere, code);
  require_keys(value, {"environment", "training", "kinds", "network_interval"}, kWhere, code);
  Environment environment = environment_from_json(object_at(value, "environment", kWhere, code), kWhere);
  const TrainingInfo training = training_from_json(object_at(value, "training", kWhere, code));
  try {
    std::vector<KindModels> models;
    for (const json& kind : array_at(value, "kinds", kWhere, code)) models.push_back(models_from_json(kind, archive));
    const LayerTimePredictor predictor(std::move(environment), std::move(models), training);
    if (!value.contains("network_interval")) return predictor;
    return predictor.with_network_interval(interval_from_json(object_at(value, "network_interval", kWhere, code)));
  } catch (const Error& error) {
    // A name or a shape that a caller may not give is, inside a file, damage to the file; other reasons keep their
    // code.
    const bool damage = error.code() == ErrorCode::kInvalidArgument || error.code() == ErrorCode::kUnsupported ||
                        error.code() == ErrorCode::kMismatch;
    throw Error(damage ? code : error.code(), damage ? fmt::format("{}: {}", kWhere, error.what()) : error.what());
  }
}

}  // namespace

void LayerTimePredictor::save(const std::string& path) const {
  ArchiveWriter archive;
  json kinds = json::array();
  for (const KindModels& models : impl_->models) {
    json phases = json::array();
    for (int phase = 0; phase < kNumPhases; ++phase) {
      const Model& model = models.phases[static_cast<std::size_t>(phase)];
      phases.push_back(write_model(archive, tensor_path(models.kind, phase), model));
    }
    kinds.push_back({{"kind", layer_kind_name(models.kind)},
                     {"features", feature_set_name(models.features)},
                     {"phases", std::move(phases)}});
  }
  json value = {{"environment", environment_to_json(impl_->environment)},
                {"training", to_json(impl_->training)},
                {"kinds", std::move(kinds)}};
  if (impl_->network_interval.num_networks > 0) value["network_interval"] = to_json(impl_->network_interval);
  archive.set_metadata(kMetadataKey, write_json(value, "the predictor"));
  write_file_atomically(path, archive.finish());
}

LayerTimePredictor LayerTimePredictor::load(const std::string& path) {
  return predictor_from(ArchiveReader::read(path));
}

LayerTimePredictor LayerTimePredictor::load(Span<const std::byte> file) {
  return predictor_from(ArchiveReader::parse(file));
}

}  // namespace perfmodel
