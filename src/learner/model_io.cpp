#include "learner/model_io.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/file.h"
#include "core/json.h"
#include "perfmodel/core/csv.h"
#include "predict/evaluator.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr ErrorCode kBad = ErrorCode::kCorrupt;
constexpr char kMetadataKey[] = "model";  ///< also the path of the tensors of a model that has a file of its own

/// JSON has no NaN: null stands for it.
json number_or_null(double value) {
  return std::isnan(value) ? json(nullptr) : json(value);
}

double number_or_nan_at(const json& object, const char* key, const std::string& where) {
  if (member_at(object, key, where, kBad).is_null()) return std::numeric_limits<double>::quiet_NaN();
  return number_at(object, key, where, kBad);
}

json write_report(const ErrorReport& report) {
  return {{"rows", report.rows},
          {"mape_pct", number_or_null(report.mape_pct)},
          {"rmse", number_or_null(report.rmse)},
          {"mae", number_or_null(report.mae)},
          {"r2", number_or_null(report.r2)},
          {"within_10_pct", number_or_null(report.within_10_pct)},
          {"p95_ape_pct", number_or_null(report.p95_ape_pct)},
          {"spearman", number_or_null(report.spearman)}};
}

ErrorReport read_report(const json& part, const std::string& where) {
  require_keys(part, {"rows", "mape_pct", "rmse", "mae", "r2", "within_10_pct", "p95_ape_pct", "spearman"}, where,
               kBad);
  ErrorReport report;
  report.rows = size_at(part, "rows", where, kBad);
  report.mape_pct = number_or_nan_at(part, "mape_pct", where);
  report.rmse = number_or_nan_at(part, "rmse", where);
  report.mae = number_or_nan_at(part, "mae", where);
  report.r2 = number_or_nan_at(part, "r2", where);
  report.within_10_pct = number_or_nan_at(part, "within_10_pct", where);
  report.p95_ape_pct = number_or_nan_at(part, "p95_ape_pct", where);
  report.spearman = number_or_nan_at(part, "spearman", where);
  return report;
}

json write_features(const std::vector<FeatureInfo>& features) {
  json list = json::array();
  for (const FeatureInfo& feature : features) {
    list.push_back({{"name", feature.name},
                    {"unit", feature.unit},
                    {"minimum", feature.minimum},
                    {"maximum", feature.maximum},
                    {"used", feature.used}});
  }
  return list;
}

std::vector<FeatureInfo> read_features(const json& list, const std::string& path) {
  std::vector<FeatureInfo> features;
  std::set<std::string> names;
  for (const json& part : list) {
    const std::string where = fmt::format("{}/feature{}", path, features.size());
    require_keys(part, {"name", "unit", "minimum", "maximum", "used"}, where, kBad);
    features.push_back({string_at(part, "name", where, kBad), string_at(part, "unit", where, kBad),
                        number_at(part, "minimum", where, kBad), number_at(part, "maximum", where, kBad),
                        bool_at(part, "used", where, kBad)});
    if (!names.insert(features.back().name).second) {
      throw Error(kBad, fmt::format("{}: the name '{}' appears twice", where, features.back().name));
    }
  }
  return features;
}

ModelInfo read_info(const json& part, const std::string& path) {
  require_keys(part, {"kind", "preset", "target", "unit", "features", "training", "held_out", "interval", "evaluator"},
               path, kBad);
  ModelInfo info;
  info.kind = string_at(part, "kind", path, kBad);
  info.preset = string_at(part, "preset", path, kBad);
  info.target = string_at(part, "target", path, kBad);
  string_at(part, "unit", path, kBad);
  info.features = read_features(array_at(part, "features", path, kBad), path);

  const json& training = object_at(part, "training", path, kBad);
  require_keys(training, {"rows", "hash"}, path + "/training", kBad);
  info.training_rows = size_at(training, "rows", path + "/training", kBad);
  info.training_hash = string_at(training, "hash", path + "/training", kBad);
  info.held_out = read_report(object_at(part, "held_out", path, kBad), path + "/held_out");

  const json& interval = object_at(part, "interval", path, kBad);
  require_keys(interval, {"level", "lower_factor", "upper_factor"}, path + "/interval", kBad);
  info.interval_level = number_at(interval, "level", path + "/interval", kBad);
  info.interval_lower_factor = number_at(interval, "lower_factor", path + "/interval", kBad);
  info.interval_upper_factor = number_at(interval, "upper_factor", path + "/interval", kBad);
  return info;
}

Model read_file_model(const ArchiveReader& archive, const std::string& name) {
  const json part = parse_json(archive.content(kMetadataKey), name + ": model", kBad);
  return read_model(part, archive, kMetadataKey);
}

}  // namespace

json write_model(ArchiveWriter& archive, const std::string& path, const Model& model) {
  const ModelInfo& info = model.info();
  return {{"kind", info.kind},
          {"preset", info.preset},
          {"target", info.target},
          {"unit", unit_of_column(info.target)},
          {"features", write_features(info.features)},
          {"training", {{"rows", info.training_rows}, {"hash", info.training_hash}}},
          {"held_out", write_report(info.held_out)},
          {"interval",
           {{"level", info.interval_level},
            {"lower_factor", info.interval_lower_factor},
            {"upper_factor", info.interval_upper_factor}}},
          {"evaluator", write_evaluator(model.evaluator(), archive, path)}};
}

Model read_model(const json& part, const ArchiveReader& archive, const std::string& path) {
  ModelInfo info = read_info(part, path);
  auto evaluator = read_evaluator(object_at(part, "evaluator", path, kBad), archive, path);
  try {
    return Model(std::move(info), std::move(evaluator));
  } catch (const Error& error) {  // what a caller's bad argument would be is damage here
    throw Error(kBad, fmt::format("{}: {}", path, error.what()));
  }
}

void Model::save(const std::string& path) const {
  ArchiveWriter archive;
  archive.set_metadata(kMetadataKey, write_json(write_model(archive, kMetadataKey, *this), "the model"));
  write_file_atomically(path, archive.finish());
}

Model Model::load(const std::string& path) {
  return read_file_model(ArchiveReader::read(path), path);
}

Model Model::load(Span<const std::byte> file) {
  const std::string name = "model file";
  return read_file_model(ArchiveReader::parse(file, name), name);
}

}  // namespace perfmodel
