#include "predict/part_reader.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/json.h"
#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"
#include "predict/tree_view.h"
#include "predict/triangle.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr ErrorCode kBad = ErrorCode::kCorrupt;
constexpr std::size_t kMaxInputs = std::size_t{1} << 20;

NetworkLayer read_layer(const json& part, const std::string& name, const std::string& path,
                        PartTensorsReader& tensors) {
  const std::string where = path + "/" + name;
  require_keys(part, {"kind", "inputs", "outputs", "kernel", "relu", "tanh", "bias"}, where, kBad);
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
  if (part.contains("tanh")) layer.tanh = bool_at(part, "tanh", where, kBad);
  layer.weights = copy_of(tensors.f32(name + "/weights", weights_shape(layer)));
  if (bool_at(part, "bias", where, kBad)) {
    const std::size_t copies = layer.kind == NetworkLayer::Kind::kResidual ? 2 : 1;
    layer.bias = copy_of(tensors.f32(name + "/bias", {copies * layer.outputs}));
  }
  return layer;
}

GaussianProcess::Kernel read_kernel(const json& part, const std::string& path) {
  const std::string kernel = string_at(part, "kernel", path, kBad);
  if (kernel == "matern52") return GaussianProcess::Kernel::kMatern52;
  if (kernel == "squared_exponential") return GaussianProcess::Kernel::kSquaredExponential;
  throw Error(kBad, fmt::format("{}: unknown kernel '{}' (known: matern52, squared_exponential)", path, kernel));
}

/// The square of a packed triangle of n rows, or nothing where it `is_there` not.
std::vector<double> read_triangle(PartTensorsReader& tensors, const char* name, bool is_there, std::size_t n) {
  const std::vector<double> packed = copy_of(tensors.f64(name, {is_there ? packed_size(n) : 0}));
  return is_there ? unpack_lower(packed, n) : packed;
}

}  // namespace

void PartCount::add(const std::string& path) {
  if (++count_ > kMax) throw Error(kBad, fmt::format("{}: more than {} parts", path, kMax));
}

std::size_t read_num_inputs(const json& part, const std::string& path) {
  const std::size_t num_inputs = size_at(part, "num_inputs", path, kBad);
  if (num_inputs > kMaxInputs) {
    throw Error(kBad, fmt::format("{}: 'num_inputs' is {}, at most {} are allowed", path, num_inputs, kMaxInputs));
  }
  return num_inputs;
}

std::vector<double> read_numbers(const json& part, const char* key, const std::string& path) {
  std::vector<double> values;
  for (const json& value : array_at(part, key, path, kBad)) {
    if (!value.is_number()) {
      throw Error(kBad, fmt::format("{}: '{}' holds {}, not a number", path, key, value.type_name()));
    }
    values.push_back(value.get<double>());
  }
  return values;
}

std::shared_ptr<const Evaluator> read_constant(const json& part, const std::string& path) {
  require_keys(part, {"kind", "num_inputs", "value"}, path, kBad);
  return make_constant(read_num_inputs(part, path), number_at(part, "value", path, kBad));
}

std::shared_ptr<const Evaluator> read_sequence_network(const json& part, const ArchiveReader& archive,
                                                       const std::string& path, PartCount& count) {
  require_keys(part, {"kind", "num_inputs", "layers", "tensors_crc32c"}, path, kBad);
  PartTensorsReader tensors(archive, path);
  std::vector<NetworkLayer> layers;
  for (const json& layer : array_at(part, "layers", path, kBad)) {
    count.add(path);
    layers.push_back(read_layer(layer, fmt::format("layer{}", layers.size()), path, tensors));
  }
  tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
  return make_sequence_network(read_num_inputs(part, path), std::move(layers));
}

std::shared_ptr<const Evaluator> read_trees(const json& part, const ArchiveReader& archive, const std::string& path) {
  require_keys(part,
               {"kind", "num_inputs", "base", "num_nodes", "num_trees", "missing_values", "importance", "float32_sums",
                "tensors_crc32c"},
               path, kBad);
  const std::size_t num_nodes = size_at(part, "num_nodes", path, kBad);
  TreeView trees;
  trees.num_inputs = read_num_inputs(part, path);
  trees.base = number_at(part, "base", path, kBad);
  std::vector<double> importance;
  if (part.contains("importance")) importance = read_numbers(part, "importance", path);
  trees.importance = importance;
  trees.float32_sums = part.contains("float32_sums") && bool_at(part, "float32_sums", path, kBad);
  PartTensorsReader tensors(archive, path);
  trees.roots = tensors.i32("roots", {size_at(part, "num_trees", path, kBad)});
  trees.feature = tensors.i32("feature", {num_nodes});
  trees.threshold = tensors.f32("threshold", {num_nodes});
  trees.left = tensors.i32("left", {num_nodes});
  const bool takes_missing_values = part.contains("missing_values") && bool_at(part, "missing_values", path, kBad);
  if (takes_missing_values) trees.missing_left = tensors.u8("missing_left", {num_nodes});
  tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
  return make_tree_ensemble(trees);
}

std::shared_ptr<const Evaluator> read_polynomial(const json& part, const ArchiveReader& archive,
                                                 const std::string& path) {
  require_keys(part, {"kind", "num_inputs", "base", "num_terms", "num_factors", "tensors_crc32c"}, path, kBad);
  const std::size_t num_terms = size_at(part, "num_terms", path, kBad);
  const std::size_t num_factors = size_at(part, "num_factors", path, kBad);
  Polynomial polynomial;
  polynomial.num_inputs = read_num_inputs(part, path);
  polynomial.base = number_at(part, "base", path, kBad);
  PartTensorsReader tensors(archive, path);
  polynomial.coefficients = copy_of(tensors.f64("coefficients", {num_terms}));
  polynomial.first_factor = copy_of(tensors.i32("first_factor", {num_terms + 1}));
  const Span<const std::int32_t> inputs = tensors.i32("inputs", {num_factors});
  const Span<const std::int32_t> powers = tensors.i32("powers", {num_factors});
  tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
  for (std::size_t f = 0; f < num_factors; ++f) polynomial.factors.push_back({inputs[f], powers[f]});
  return make_polynomial(std::move(polynomial));
}

std::shared_ptr<const Evaluator> read_gaussian_process(const json& part, const ArchiveReader& archive,
                                                       const std::string& path) {
  require_keys(part,
               {"kind", "kernel", "num_inputs", "num_points", "signal_variance", "noise_variance", "base",
                "linear_mean", "has_deviation", "mean_uncertain", "tensors_crc32c"},
               path, kBad);
  const std::size_t num_inputs = read_num_inputs(part, path), num_points = size_at(part, "num_points", path, kBad);
  GaussianProcess process;
  process.kernel = read_kernel(part, path);
  process.signal_variance = number_at(part, "signal_variance", path, kBad);
  process.noise_variance = number_at(part, "noise_variance", path, kBad);
  process.base = number_at(part, "base", path, kBad);
  PartTensorsReader tensors(archive, path);
  process.inverse_length_scales = copy_of(tensors.f64("inverse_length_scales", {num_inputs}));
  process.slopes = copy_of(tensors.f64("slopes", {bool_at(part, "linear_mean", path, kBad) ? num_inputs : 0}));
  process.points = copy_of(tensors.f64("points", {num_points, num_inputs}));
  process.weights = copy_of(tensors.f64("weights", {num_points}));
  process.cholesky = read_triangle(tensors, "cholesky", bool_at(part, "has_deviation", path, kBad), num_points);
  process.mean_cholesky =
      read_triangle(tensors, "mean_cholesky", bool_at(part, "mean_uncertain", path, kBad), num_inputs + 1);
  tensors.require_digest(string_at(part, "tensors_crc32c", path, kBad));
  return make_gaussian_process(std::move(process));
}

}  // namespace perfmodel
