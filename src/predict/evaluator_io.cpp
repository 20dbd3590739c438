#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr ErrorCode kBad = ErrorCode::kCorrupt;
constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxParts = 1000;
constexpr std::size_t kMaxInputs = std::size_t{1} << 20;

/// Reads one evaluator and everything inside it, within the limits.
class EvaluatorReader {
 public:
  explicit EvaluatorReader(const ArchiveReader& archive) : archive_(archive) {}

  std::shared_ptr<const Evaluator> read(const json& part, const std::string& path, std::size_t depth) {
    if (depth > kMaxDepth) throw Error(kBad, fmt::format("{}: parts are nested deeper than {}", path, kMaxDepth));
    count_part(path);
    const std::string kind = string_at(part, "kind", path, kBad);
    if (kind == "constant") return read_constant(part, path);
    if (kind == "sequence_network") return read_sequence_network(part, path);
    if (kind == "transformed") return read_transformed(part, path, depth);
    if (kind == "mean") return read_mean(part, path, depth);
    if (kind == "trees") return read_trees(part, path);
    throw Error(kBad, fmt::format("{}: unknown kind '{}' (known: constant, mean, sequence_network, transformed, trees)",
                                  path, kind));
  }

 private:
  void count_part(const std::string& path) {
    if (++num_parts_ > kMaxParts) throw Error(kBad, fmt::format("{}: more than {} parts", path, kMaxParts));
  }

  static std::size_t read_num_inputs(const json& part, const std::string& path) {
    const std::size_t num_inputs = size_at(part, "num_inputs", path, kBad);
    if (num_inputs > kMaxInputs) {
      throw Error(kBad, fmt::format("{}: 'num_inputs' is {}, at most {} are allowed", path, num_inputs, kMaxInputs));
    }
    return num_inputs;
  }

  static std::shared_ptr<const Evaluator> read_constant(const json& part, const std::string& path) {
    require_keys(part, {"kind", "num_inputs", "value"}, path, kBad);
    return make_constant(read_num_inputs(part, path), number_at(part, "value", path, kBad));
  }

  NetworkLayer read_layer(const json& part, const std::string& name, const std::string& path,
                          PartTensorsReader& tensors) {
    const std::string where = path + "/" + name;
    require_keys(part, {"kind", "inputs", "outputs", "kernel", "relu", "bias"}, where, kBad);
    NetworkLayer layer;
    const std::string kind = string_at(part, "kind", where, kBad);
    if (kind == "conv") {
      layer.kind = NetworkLayer::Kind::kConv;
    } else if (kind == "residual") {
      layer.kind = NetworkLayer::Kind::kResidual;
    } else if (kind == "dense") {
      layer.kind = NetworkLayer::Kind::kDense;
    } else {
      throw Error(kBad, fmt::format("{}: unknown kind '{}' (known: conv, dense, residual)", where, kind));
    }
    layer.inputs = size_at(part, "inputs", where, kBad);
    layer.outputs = size_at(part, "outputs", where, kBad);
    layer.kernel = size_at(part, "kernel", where, kBad);
    layer.relu = bool_at(part, "relu", where, kBad);
    layer.weights = tensors.f32(name + "/weights", weights_shape(layer));
    if (bool_at(part, "bias", where, kBad)) {
      const std::size_t copies = layer.kind == NetworkLayer::Kind::kResidual ? 2 : 1;
      layer.bias = tensors.f32(name + "/bias", {copies * layer.outputs});
    }
    return layer;
  }

  std::shared_ptr<const Evaluator> read_sequence_network(const json& part, const std::string& path) {
    require_keys(part, {"kind", "num_inputs", "layers", "tensors_crc32c"}, path, kBad);
    PartTensorsReader tensors(archive_, path);
    std::vector<NetworkLayer> layers;
    for (const json& layer : array_at(part, "layers", path, kBad)) {
      count_part(path);
      layers.push_back(read_layer(layer, fmt::format("layer{}", layers.size()), path, tensors));
    }
    tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
    return make_sequence_network(read_num_inputs(part, path), std::move(layers));
  }

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

  std::shared_ptr<const Evaluator> read_trees(const json& part, const std::string& path) {
    require_keys(part, {"kind", "num_inputs", "base", "num_nodes", "num_trees", "tensors_crc32c"}, path, kBad);
    const std::size_t num_nodes = size_at(part, "num_nodes", path, kBad);
    TreeEnsemble trees;
    trees.num_inputs = read_num_inputs(part, path);
    trees.base = number_at(part, "base", path, kBad);
    PartTensorsReader tensors(archive_, path);
    trees.roots = tensors.i32("roots", {size_at(part, "num_trees", path, kBad)});
    trees.feature = tensors.i32("feature", {num_nodes});
    trees.threshold = tensors.f32("threshold", {num_nodes});
    trees.left = tensors.i32("left", {num_nodes});
    tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
    return make_tree_ensemble(std::move(trees));
  }

  static std::vector<double> read_numbers(const json& part, const char* key, const std::string& where) {
    std::vector<double> values;
    for (const json& value : array_at(part, key, where, kBad)) {
      if (!value.is_number())
        throw Error(kBad, fmt::format("{}: '{}' holds {}, not a number", where, key, value.type_name()));
      values.push_back(value.get<double>());
    }
    return values;
  }

  const ArchiveReader& archive_;
  std::size_t num_parts_ = 0;
};

/// Levels of evaluators in what write() returned; adds their number, and that of network layers, to `num_parts`.
std::size_t measure_depth(const json& part, std::size_t& num_parts) {
  ++num_parts;
  if (part.contains("layers")) num_parts += part["layers"].size();
  std::size_t depth = 0;
  if (part.contains("inner")) depth = measure_depth(part["inner"], num_parts);
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
  if (depth > kMaxDepth || num_parts > kMaxParts) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} parts nested {} deep do not go into a model file, at most {} and {} do", path,
                            num_parts, depth, kMaxParts, kMaxDepth));
  }
  return part;
}

std::shared_ptr<const Evaluator> read_evaluator(const json& json, const ArchiveReader& archive,
                                                const std::string& path) {
  return EvaluatorReader(archive).read(json, path, 1);
}

}  // namespace perfmodel
