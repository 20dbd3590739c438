#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_reader.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr ErrorCode kBad = ErrorCode::kCorrupt;
constexpr std::size_t kMaxDepth = 8;

/// Reads one evaluator and everything inside it, within the limits.
class EvaluatorReader {
 public:
  explicit EvaluatorReader(const ArchiveReader& archive) : archive_(archive) {}

  std::shared_ptr<const Evaluator> read(const json& part, const std::string& path, std::size_t depth) {
    if (depth > kMaxDepth) throw Error(kBad, fmt::format("{}: parts are nested deeper than {}", path, kMaxDepth));
    count_.add(path);
    const std::string kind = string_at(part, "kind", path, kBad);
    if (kind == "constant") return read_constant(part, path);
    if (kind == "sequence_network") return read_sequence_network(part, archive_, path, count_);
    if (kind == "trees") return read_trees(part, archive_, path);
    if (kind == "polynomial") return read_polynomial(part, archive_, path);
    if (kind == "gaussian_process") return read_gaussian_process(part, archive_, path);
    if (kind == "transformed") return read_transformed(part, path, depth);
    if (kind == "mean") return read_mean(part, path, depth);
    if (kind == "stacked") return read_stacked(part, path, depth);
    if (kind == "remapped") return read_remapped(part, path, depth);
    if (kind == "floored") return read_floored(part, path, depth);
    throw Error(kBad, fmt::format("{}: unknown kind '{}' (known: constant, floored, gaussian_process, mean, "
                                  "polynomial, remapped, sequence_network, stacked, transformed, trees)",
                                  path, kind));
  }

 private:
  static ColumnTransform read_column(const json& part, const std::string& where) {
    require_keys(part, {"shape", "lambda", "mean", "deviation", "used"}, where, kBad);
    ColumnTransform column;
    const std::string shape = string_at(part, "shape", where, kBad);
    if (shape == "identity") {
      column.shape = ColumnTransform::Shape::kIdentity;
    } else if (shape == "log") {
      column.shape = ColumnTransform::Shape::kLog;
    } else if (shape == "box_cox") {
      column.shape = ColumnTransform::Shape::kBoxCox;
    } else {
      throw Error(kBad, fmt::format("{}: unknown shape '{}' (known: box_cox, identity, log)", where, shape));
    }
    column.lambda = number_at(part, "lambda", where, kBad);
    column.mean = number_at(part, "mean", where, kBad);
    column.deviation = number_at(part, "deviation", where, kBad);
    column.used = bool_at(part, "used", where, kBad);
    return column;
  }

  static FeatureTransform make_feature_transform(std::vector<ColumnTransform> columns, const std::string& path) {
    try {
      return FeatureTransform(std::move(columns));
    } catch (const Error& error) {  // what a caller's bad argument would be is damage here
      throw Error(kBad, fmt::format("{}: {}", path, error.what()));
    }
  }

  static TargetTransform read_target(const json& part, const std::string& where) {
    TargetTransform target;
    const std::string kind = string_at(part, "kind", where, kBad);
    if (kind == "scale") {
      require_keys(part, {"kind", "scale"}, where, kBad);
      target.kind = TargetTransform::Kind::kScale;
      target.scale = number_at(part, "scale", where, kBad);
    } else if (kind == "log") {
      require_keys(part, {"kind", "mean", "deviation", "trend_bias", "trend", "costs"}, where, kBad);
      target.kind = TargetTransform::Kind::kLog;
      target.mean = number_at(part, "mean", where, kBad);
      target.deviation = number_at(part, "deviation", where, kBad);
      target.trend_bias = number_at(part, "trend_bias", where, kBad);
      target.trend = read_numbers(part, "trend", where);
      target.costs = read_numbers(part, "costs", where);
    } else {
      throw Error(kBad, fmt::format("{}: unknown kind '{}' (known: log, scale)", where, kind));
    }
    return target;
  }

  std::shared_ptr<const Evaluator> read_transformed(const json& part, const std::string& path, std::size_t depth) {
    require_keys(part, {"kind", "columns", "target", "inner"}, path, kBad);
    std::vector<ColumnTransform> columns;
    for (const json& column : array_at(part, "columns", path, kBad)) {
      columns.push_back(read_column(column, fmt::format("{}/column{}", path, columns.size())));
    }
    FeatureTransform features = make_feature_transform(std::move(columns), path);
    TargetTransform target = read_target(object_at(part, "target", path, kBad), path + "/target");
    auto inner = read(object_at(part, "inner", path, kBad), path + "/inner", depth + 1);
    return make_transformed(std::move(features), std::move(inner), std::move(target));
  }

  std::shared_ptr<const Evaluator> read_mean(const json& part, const std::string& path, std::size_t depth) {
    require_keys(part, {"kind", "geometric", "weights", "members"}, path, kBad);
    std::vector<std::shared_ptr<const Evaluator>> members;
    for (const json& member : array_at(part, "members", path, kBad)) {
      members.push_back(read(member, fmt::format("{}/member{}", path, members.size()), depth + 1));
    }
    return make_mean(std::move(members), read_numbers(part, "weights", path), bool_at(part, "geometric", path, kBad));
  }

  std::shared_ptr<const Evaluator> read_stacked(const json& part, const std::string& path, std::size_t depth) {
    require_keys(part, {"kind", "keep_row", "log_inner", "inner", "outer"}, path, kBad);
    auto inner = read(object_at(part, "inner", path, kBad), path + "/inner", depth + 1);
    auto outer = read(object_at(part, "outer", path, kBad), path + "/outer", depth + 1);
    return make_stacked(std::move(inner), std::move(outer), bool_at(part, "keep_row", path, kBad),
                        bool_at(part, "log_inner", path, kBad));
  }

  std::shared_ptr<const Evaluator> read_floored(const json& part, const std::string& path, std::size_t depth) {
    require_keys(part, {"kind", "floors", "inner"}, path, kBad);
    auto inner = read(object_at(part, "inner", path, kBad), path + "/inner", depth + 1);
    return make_floored(std::move(inner), read_numbers(part, "floors", path));
  }

  static std::vector<std::int32_t> read_inputs(const json& part, const std::string& path) {
    std::vector<std::int32_t> inputs;
    for (const json& value : array_at(part, "inputs", path, kBad)) {
      if (!value.is_number_integer() || value < 0 || value > std::numeric_limits<std::int32_t>::max()) {
        throw Error(kBad, fmt::format("{}: 'inputs' holds {}, not the index of an input", path, value.dump()));
      }
      inputs.push_back(value.get<std::int32_t>());
    }
    return inputs;
  }

  std::shared_ptr<const Evaluator> read_remapped(const json& part, const std::string& path, std::size_t depth) {
    require_keys(part, {"kind", "num_inputs", "inputs", "maps", "inner"}, path, kBad);
    std::vector<InputMap> maps;
    for (const json& map : array_at(part, "maps", path, kBad)) {
      const std::string where = fmt::format("{}/map{}", path, maps.size());
      require_keys(map, {"from", "to"}, where, kBad);
      maps.push_back({read_numbers(map, "from", where), read_numbers(map, "to", where)});
    }
    auto inner = read(object_at(part, "inner", path, kBad), path + "/inner", depth + 1);
    return make_remapped(read_num_inputs(part, path), read_inputs(part, path), std::move(maps), std::move(inner));
  }

  const ArchiveReader& archive_;
  PartCount count_;
};

/// Levels of evaluators in what write() returned; adds their number, and that of network layers, to `num_parts`.
std::size_t measure_depth(const json& part, std::size_t& num_parts) {
  ++num_parts;
  if (part.contains("layers")) num_parts += part["layers"].size();
  std::size_t depth = 0;
  for (const char* key : {"inner", "outer"}) {
    if (part.contains(key)) depth = std::max(depth, measure_depth(part[key], num_parts));
  }
  if (part.contains("members")) {
    for (const json& member : part["members"]) depth = std::max(depth, measure_depth(member, num_parts));
  }
  return depth + 1;
}

}  // namespace

json write_evaluator(const Evaluator& evaluator, ArchiveWriter& archive, const std::string& path) {
  json part = evaluator.write(archive, path);
  std::size_t num_parts = 0;
  const std::size_t depth = measure_depth(part, num_parts);
  if (depth > kMaxDepth || num_parts > PartCount::kMax) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} parts nested {} deep do not go into a model file, at most {} and {} do", path,
                            num_parts, depth, PartCount::kMax, kMaxDepth));
  }
  return part;
}

std::shared_ptr<const Evaluator> read_evaluator(const json& json, const ArchiveReader& archive,
                                                const std::string& path) {
  return EvaluatorReader(archive).read(json, path, 1);
}

}  // namespace perfmodel
